import { CheckCircleFilled, QuestionCircleOutlined, WarningFilled } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Button, Drawer } from "antd";
import { useState } from "react";
import { api, must } from "@/api/client.ts";
import type { Explanation } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { FactList } from "@/shared/rules/FactList.tsx";
import { Sign, TraceTree } from "@/shared/rules/RuleTree.tsx";
import { Answered, Empty } from "@/shared/ui/states.tsx";
import { useNarrow } from "@/shared/ui/useNarrow.ts";
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
          key={`${one.stored.rule_id}-${i}`}
          part={one}
        />
      ))}
    </>
  );
}

function JudgementPart({ part }: { part: Explanation["judgements"][number] }) {
  const { t, term, text } = useI18n();
  const { stored } = part;
  const rule = `/admin/packs/${encodeURIComponent(stored.pack_id)}/rules/${encodeURIComponent(stored.rule_id)}`;
  return (
    <section className="z-judgement">
      <h3>
        <Sign outcome={stored.held ? "held" : "failed"} />{" "}
        <ViewLink path={rule}>{stored.rule_id}</ViewLink> · {stored.version}{" "}
        <small>
          {term("subject", stored.subject)} · {t(part.same ? "explain.same" : "explain.differs")}
        </small>
      </h3>
      <ul className="z-words">
        {part.words.map((words) => (
          <li key={text(words)}>{text(words)}</li>
        ))}
      </ul>
      <TraceTree trace={part.trace} subject={stored.subject} />
      <FactList facts={stored.facts} subject={stored.subject} />
      {part.replayed === null ? <p className="z-overdue">{t("explain.notReplayed")}</p> : null}
    </section>
  );
}
