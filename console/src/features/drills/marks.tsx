import { Tooltip } from "antd";
import type { DrillItem } from "@/api/types.ts";
import { number, percent } from "@/shared/format/number.ts";
import { useI18n } from "@/shared/i18n/context.tsx";

/** Nobody in a drill is real; always to be seen. */
export function Synthetic() {
  const { t } = useI18n();
  return (
    <Tooltip title={t("drill.syntheticHint")}>
      <b className="z-imputed z-whatif-label">{t("drill.synthetic")}</b>
    </Tooltip>
  );
}

/** The striped band of everything that is not the real thing. */
export function DrillBand() {
  const { t } = useI18n();
  return <div className="z-drill-band">{t("drill.band")}</div>;
}

/** Who decided, by letter; the player is A everywhere. */
export function PolicyMark({ at }: { at: number }) {
  return (
    <b className={`z-option-mark z-option-${at % 8}`}>{String.fromCharCode(65 + (at % 26))}</b>
  );
}

/** What was played, in one line. */
export function useSize(): (drill: DrillItem) => string {
  const { t } = useI18n();
  return ({ scenario, seed }) =>
    t("drill.size", {
      people: number(scenario.people),
      r0: scenario.r0,
      coverage: percent(scenario.coverage),
      sensitivity: percent(scenario.sensitivity),
      days: scenario.days,
      seed,
    });
}
