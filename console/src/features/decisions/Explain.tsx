import { CheckCircleFilled, QuestionCircleOutlined, WarningFilled } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Button, Drawer } from "antd";
import { useState } from "react";
import { api, must } from "@/api/client.ts";
import type { Explanation } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { FactList } from "@/shared/rules/FactList.tsx";
import { Judged } from "@/shared/rules/Judged.tsx";
import { Sign } from "@/shared/rules/RuleTree.tsx";
import { Answered, Empty } from "@/shared/ui/states.tsx";
import { useNarrow } from "@/shared/ui/useMedia.ts";
import { ViewLink } from "@/shared/view/ViewLink.tsx";

/** What a decision was judged on, and whether judging it again comes to the same. */
export function Explain({ decision }: { decision: number }) {
  const { t } = useI18n();
  const narrow = useNarrow();
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button icon={<QuestionCircleOutlined />} onClick={() => setOpen(true)}>
        {t("explain.button")}
      </Button>
      <Drawer
        open={open}
        onClose={() => setOpen(false)}
        size={narrow ? "100%" : 680}
        title={t("explain.title")}
        destroyOnHidden
      >
        <Loaded decision={decision} />
      </Drawer>
    </>
  );
}

function Loaded({ decision }: { decision: number }) {
  const explained = useQuery({
    queryKey: ["explain", decision],
    queryFn: () =>
      must(api.GET("/api/v1/decisions/{id}/explain", { params: { path: { id: decision } } })),
  });
  return <Answered query={explained}>{(data) => <Judgements explanation={data} />}</Answered>;
}

function Judgements({ explanation }: { explanation: Explanation }) {
  const { t } = useI18n();
  const { judgements } = explanation;
  if (judgements.length === 0)
    return <Empty title={t("explain.none")} hint={t("explain.noneHint")} />;
  const all = judgements.every((one) => one.same);
  return (
    <>
      <p className={all ? "z-same" : "z-same z-same-not"} role={all ? undefined : "alert"}>
        {all ? <CheckCircleFilled /> : <WarningFilled />}{" "}
        {t(all ? "explain.allSame" : "explain.notSame")}
      </p>
      {judgements.map((one, i) => (
        <JudgementPart
          // biome-ignore lint/suspicious/noArrayIndexKey: what was judged never changes its order
          key={i}
          part={one}
        />
      ))}
    </>
  );
}

/** The stored judgement as it is kept; what an older one does not say is empty. */
function kept(stored: Record<string, unknown>) {
  const said = (name: string): string => (typeof stored[name] === "string" ? stored[name] : "");
  const { facts } = stored;
  return {
    pack: said("pack_id"),
    rule: said("rule_id"),
    version: said("version"),
    subject: said("subject"),
    held: stored.held === true,
    facts: typeof facts === "object" && facts !== null ? { ...facts } : {},
  };
}

function JudgementPart({ part }: { part: Explanation["judgements"][number] }) {
  const { t, term, text } = useI18n();
  const stored = kept(part.stored);
  const rule = `/admin/packs/${encodeURIComponent(stored.pack)}/rules/${encodeURIComponent(stored.rule)}`;
  return (
    <section className="z-judgement">
      <h3>
        <Sign outcome={stored.held ? "held" : "failed"} />{" "}
        <ViewLink path={rule}>{stored.rule}</ViewLink> · {stored.version}{" "}
        <small>
          {stored.subject ? `${term("subject", stored.subject)} · ` : ""}
          {t(part.same ? "explain.same" : "explain.differs")}
        </small>
      </h3>
      {part.refused ? <p className="z-overdue">{text(part.refused)}</p> : null}
      <Judged
        words={part.words ?? []}
        trace={part.trace}
        version={stored.version}
        subject={stored.subject}
      />
      <FactList facts={stored.facts} subject={stored.subject} />
    </section>
  );
}
