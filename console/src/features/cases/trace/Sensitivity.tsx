import { Tooltip } from "antd";
import type { CaseTrace } from "@/api/types.ts";
import { number } from "@/shared/format/number.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { rangeBar } from "./range.ts";

/** How far the list depends on device clocks: certain, listed, possible. */
export function Sensitivity({ of }: { of: NonNullable<CaseTrace["sensitivity"]> }) {
  const { t } = useI18n();
  const bar = rangeBar(of);
  const words = t("caseTrace.sensitivity", {
    m: number(of.tolerance_min),
    sure: number(of.sure),
    listed: number(of.listed),
    possible: number(of.possible),
  });
  if (!bar) return null;
  return (
    <Tooltip title={t("caseTrace.sensitivityHint", { m: number(of.tolerance_min) })}>
      <span className="z-range-words">
        <span className="z-rangebar" aria-hidden="true">
          <i className="z-rangebar-sure" style={{ width: `${bar.sure * 100}%` }} />
          <i className="z-rangebar-listed" style={{ width: `${bar.listed * 100}%` }} />
          <i className="z-rangebar-possible" style={{ width: `${bar.possible * 100}%` }} />
        </span>
        <small className="z-num">{words}</small>
      </span>
    </Tooltip>
  );
}
