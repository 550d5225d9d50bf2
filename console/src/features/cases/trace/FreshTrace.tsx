import { SaveOutlined, ThunderboltOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useState } from "react";
import type { CaseTrace } from "@/api/types.ts";
import { number, signed } from "@/shared/format/number.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { Rule, When } from "@/shared/ui/marks.tsx";
import { Answered } from "@/shared/ui/states.tsx";
import { useKeys } from "@/shared/ui/useKeys.ts";
import { useTold } from "@/shared/ui/useTold.ts";
import { useMay } from "@/shared/view/session.tsx";
import { useView } from "@/shared/view/useView.ts";
import { useFreshTrace, useWriteTrace } from "./queries.ts";
import { Sensitivity } from "./Sensitivity.tsx";

/** Asks afresh who the contacts are, and sets the answer beside the written list. */
export function FreshTrace({ caseId }: { caseId: number }) {
  const { t } = useI18n();
  const [asked, setAsked] = useState(false);
  const trace = useFreshTrace(caseId, asked);
  const again = () => {
    if (asked) void trace.refetch();
    else setAsked(true);
  };
  useKeys(true, (key) => {
    if (key === "f") again();
    return key === "f";
  });
  return (
    <section className="z-fresh-trace" aria-label={t("caseTrace.title")}>
      <Button
        size="small"
        icon={<ThunderboltOutlined />}
        loading={asked && trace.isFetching}
        onClick={again}
      >
        {t("caseTrace.ask")} <kbd>F</kbd>
      </Button>
      {asked ? (
        <Answered query={trace} rows={1}>
          {(data) => <Found caseId={caseId} trace={data} />}
        </Answered>
      ) : (
        <small>{t("caseTrace.explain")}</small>
      )}
    </section>
  );
}

function Found({ caseId, trace }: { caseId: number; trace: CaseTrace }) {
  const { t, term } = useI18n();
  const { window, capped, difference } = trace;
  return (
    <>
      <span>
        <b className="z-num">
          {t("caseTrace.found", { close: number(trace.close), second: number(trace.second) })}
        </b>{" "}
        {trace.notices ? <span>{t("caseTrace.notices", { n: trace.notices })}</span> : null}
      </span>
      <span className="z-hint z-num" title={term("traceEngineHint", trace.engine)}>
        {t("caseTrace.took", { ms: number(Math.round(trace.ms * 10) / 10) })} ·{" "}
        {term("traceEngine", trace.engine)} · <When at={window.from} short /> –{" "}
        <When at={window.to} short /> <Rule id={window.rule_id} verified={window.verified} />
      </span>
      {trace.sensitivity ? <Sensitivity of={trace.sensitivity} /> : null}
      {capped ? (
        <span className="z-waiting">
          {t("caseTrace.capped", { found: number(capped.found), kept: number(capped.kept) })}
        </span>
      ) : null}
      {trace.kept_from ? (
        <span className="z-waiting">{t("caseTrace.keptFrom", { day: trace.kept_from })}</span>
      ) : null}
      <Difference caseId={caseId} difference={difference} />
    </>
  );
}

function Difference({ caseId, difference }: { caseId: number } & Pick<CaseTrace, "difference">) {
  const { t } = useI18n();
  const { asOf } = useView();
  const may = useMay("contact.decide") && !asOf;
  const told = useTold();
  const write = useWriteTrace(caseId);
  if (difference.added === 0 && difference.removed === 0)
    return <span className="z-ok">{t("caseTrace.same")}</span>;
  const send = () =>
    write.mutate(undefined, {
      onSuccess: ({ added, removed }) =>
        told.done(t("caseTrace.written", { added: added.length, removed: removed.length })),
      onError: told.failed,
    });
  return (
    <span className="z-row">
      <b className="z-waiting z-num">
        {t("caseTrace.differs", {
          added: signed(difference.added),
          removed: signed(-difference.removed),
        })}
      </b>
      {may ? (
        <Button
          size="small"
          type="primary"
          icon={<SaveOutlined />}
          loading={write.isPending}
          onClick={send}
        >
          {t("caseTrace.write")}
        </Button>
      ) : null}
    </span>
  );
}
