import { Fragment, useMemo } from "react";
import type { DrillDetail, DrillResult, DrillScore } from "@/api/types.ts";
import { Chart } from "@/shared/charts/Chart.tsx";
import { number } from "@/shared/format/number.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { panel, tops } from "../charts.ts";
import { PolicyMark } from "../marks.tsx";

const COLUMNS = [
  "infections",
  "later",
  "person_days",
  "area_pd",
  "home_pd",
  "central_pd",
  "place_pd",
  "tests",
  "rounds",
  "peak_rooms",
  "zero_day",
  "missed",
  "isolation_h",
] as const;
const MEASURES = ["infected", "restricted"] as const;
const PANEL_PX = 130;

/** The truth, opened: the player beside every policy, in the same county with the same luck. */
export function Truth({ drill, result }: { drill: DrillDetail; result: DrillResult }) {
  const { t } = useI18n();
  return (
    <section>
      <h2 className="z-sub">
        {t("drill.truth")} <small>{t("drill.truthSame", { seed: drill.seed })}</small>
      </h2>
      <Verdict rows={result.rows} />
      <Scores rows={result.rows} />
      <h2 className="z-sub">
        {t("drill.byDay")} <small>{t("drill.dashed")}</small>
      </h2>
      <Panels result={result} />
    </section>
  );
}

/** The player against `ours`, in one sentence. */
function Verdict({ rows }: { rows: readonly DrillScore[] }) {
  const { t } = useI18n();
  const [mine, ours] = rows;
  if (!mine || !ours) return null;
  return (
    <p className="z-drill-verdict">
      {t("drill.verdict", {
        infections: number(mine.infections),
        ours: number(ours.infections),
        days: number(Math.round(mine.person_days)),
        oursDays: number(Math.round(ours.person_days)),
      })}
    </p>
  );
}

function Scores({ rows }: { rows: readonly DrillScore[] }) {
  const { t, term } = useI18n();
  return (
    <div className="z-whatif-scroll">
      <table className="z-plain z-drill-scores">
        <thead>
          <tr>
            <th>{t("drill.whoDecides")}</th>
            {COLUMNS.map((one) => (
              <th key={one} className="z-num">
                {term("drillScore", one)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, at) => (
            <tr key={row.policy} className={at === 0 ? "z-drill-mine" : ""}>
              <th scope="row">
                <PolicyMark at={at} /> {term("drillPolicy", row.policy)}
              </th>
              {COLUMNS.map((one) => {
                const value = row[one];
                return (
                  <td key={one} className="z-num">
                    {typeof value === "number" ? number(Math.round(value)) : t("drill.never")}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Policies side by side, infections above person-days, the same days below all. */
function Panels({ result }: { result: DrillResult }) {
  const { t, term } = useI18n();
  const scales = useMemo(
    () => MEASURES.map((measure) => tops(result.rows.map((row) => Math.max(0, ...row[measure])))),
    [result],
  );
  return (
    <div
      className="z-drill-panels"
      style={{ gridTemplateColumns: `repeat(${result.rows.length}, minmax(180px, 1fr))` }}
    >
      {MEASURES.map((measure, m) => (
        <Fragment key={measure}>
          {result.rows.map((row, at) => (
            <figure key={row.policy}>
              <figcaption>
                <PolicyMark at={at} /> <span>{term("drillPolicy", row.policy)}</span>
                <small>
                  {term("drillMeasure", measure)}
                  {scales[m]?.[at]?.own ? ` · ${t("drill.ownScale")}` : ""}
                </small>
              </figcaption>
              <Panel result={result} at={at} measure={measure} most={scales[m]?.[at]?.most ?? 1} />
            </figure>
          ))}
        </Fragment>
      ))}
    </div>
  );
}

interface PanelProps {
  result: DrillResult;
  at: number;
  measure: (typeof MEASURES)[number];
  most: number;
}

function Panel({ result, at, measure, most }: PanelProps) {
  const { t, term } = useI18n();
  const row = result.rows[at];
  const option = useMemo(() => {
    const style = getComputedStyle(document.documentElement);
    return panel(result.dates, {
      values: row?.[measure] ?? [],
      ...(at === 0 && measure === "infected" ? { line: result.known } : {}),
      most,
      color: style.getPropertyValue(`--option-${at % 8}`).trim(),
      words: { value: term("drillMeasure", measure), line: t("drill.knownThen") },
    });
  }, [result, row, at, measure, most, t, term]);
  const label = `${term("drillPolicy", row?.policy ?? "")}: ${term("drillMeasure", measure)}`;
  return <Chart option={option} height={PANEL_PX} label={label} />;
}
