import { Tooltip } from "antd";
import type { JobItem, PlanItem } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { Overdue } from "@/shared/ui/marks.tsx";
import { useWords } from "./useWords.ts";

const TONES: Readonly<Record<string, string>> = {
  queued: "wait",
  running: "go",
  ready: "go",
  proposed: "wait",
  issued: "go",
  begun: "go",
  failed: "stop",
  declined: "stop",
};

export function PlanState({ state }: { state: string }) {
  const { term } = useI18n();
  return <span className={`z-tag z-tag-${tone(state)}`}>{term("dispatchState", state)}</span>;
}

export function JobState({ job }: { job: JobItem }) {
  const { t, term } = useI18n();
  return (
    <span className="z-row z-nowrap">
      <span className={`z-tag z-tag-${job.state === "issued" ? "wait" : tone(job.state)}`}>
        {term("jobState", job.state)}
      </span>
      {job.late ? <Overdue label={t("dispatch.late")} /> : null}
    </span>
  );
}

const tone = (state: string): string => TONES[state] ?? "done";

/** How far the plan is from what is provably possible. */
export function Gap({ gap, answered }: { gap: number | null; answered: boolean }) {
  const { t } = useI18n();
  const { gap: told } = useWords();
  if (!answered) return <span className="z-none">–</span>;
  if (gap === null) return <span className="z-hint">{t("dispatch.noBound")}</span>;
  return (
    <Tooltip title={t("dispatch.gapHint")}>
      <span className="z-num">{told(gap)}</span>
    </Tooltip>
  );
}

/** Steps done of all, as a bar and in figures. */
export function Done({ of }: { of: PlanItem["jobs"] }) {
  const share = of.total ? (100 * of.done) / of.total : 0;
  return (
    <span className="z-share">
      <span className="z-bar" aria-hidden="true">
        <i className="z-bar-full" style={{ width: `${share}%` }} />
      </span>
      <span className="z-num">
        {of.done} / {of.total}
      </span>
    </span>
  );
}

/** Nobody in it is real; always to be seen. */
export function Synthetic({ on }: { on: boolean }) {
  const { t } = useI18n();
  return on ? (
    <Tooltip title={t("dispatch.syntheticHint")}>
      <b className="z-imputed">{t("dispatch.synthetic")}</b>
    </Tooltip>
  ) : null;
}
