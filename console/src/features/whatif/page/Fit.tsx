import { useMemo } from "react";
import { Chart } from "@/shared/charts/Chart.tsx";
import { number } from "@/shared/format/number.ts";
import { monthDay } from "@/shared/format/time.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import type { Calibration } from "../comparison.ts";
import { fitChart } from "../fitchart.ts";

/** What the model was fitted to, how well, and why an answer is only illustrative all the same. */
export function Fit({ fit }: { fit: Calibration }) {
  const { t, term } = useI18n();
  return (
    <section>
      <h2 className="z-sub">{t("whatif.calibration")}</h2>
      {fit.reason ? <p>{term("whatifNote", `not_calibrated_${fit.reason}`)}</p> : null}
      {fit.days.length ? <FittedTo fit={fit} /> : null}
      {fit.predicted ? (
        <div className="z-whatif-glance">
          <Seen fit={fit} />
          <Parameters fit={fit} />
        </div>
      ) : null}
    </section>
  );
}

function FittedTo({ fit }: { fit: Calibration }) {
  const { t } = useI18n();
  const measures = [
    t(fit.traced ? "whatif.calibrationTraced" : "whatif.calibrationNotTraced"),
    ...(fit.areas ? [t("whatif.calibrationAreas", { n: fit.areas })] : []),
  ];
  return (
    <p>
      {t("whatif.calibrationTo", {
        start: number(fit.start_cases),
        n: fit.days.length,
        cases: number(fit.seen.reduce((sum, one) => sum + one, 0)),
        from: monthDay(fit.days[0] ?? ""),
        to: monthDay(fit.days.at(-1) ?? ""),
        measures: measures.join(t("whatif.calibrationAnd")),
      })}
    </p>
  );
}

function Seen({ fit }: { fit: Calibration }) {
  const { t } = useI18n();
  const option = useMemo(
    () =>
      fitChart(fit, {
        seen: t("whatif.calibrationSeen"),
        predicted: t("whatif.calibrationPredicted"),
      }),
    [fit, t],
  );
  return (
    <figure className="z-whatif-multiple">
      <figcaption>{t("whatif.calibrationChart")}</figcaption>
      <Chart option={option} height={170} label={t("whatif.calibrationChart")} />
    </figure>
  );
}

function Parameters({ fit }: { fit: Calibration }) {
  const { t, term } = useI18n();
  const two = (value: number): string => value.toFixed(2);
  return (
    <div>
      <table className="z-plain">
        <thead>
          <tr>
            <th>{t("whatif.parameter")}</th>
            <th className="z-num">{t("whatif.fittedTo")}</th>
            <th className="z-num">{t("whatif.fittedWide")}</th>
            <th className="z-num">{t("whatif.lookedIn")}</th>
          </tr>
        </thead>
        <tbody>
          {fit.parameters.map((one) => (
            <tr key={one.name}>
              <td>{term("whatifParameter", one.name)}</td>
              <td className="z-num">
                <b>{two(one.q50)}</b> ({two(one.q10)} – {two(one.q90)})
              </td>
              <td className="z-num">
                {two(one.q025)} – {two(one.q975)}
              </td>
              <td className="z-num">
                {two(one.low)} – {two(one.high)}
                {one.pressed ? ` · ${t("whatif.pressed")}` : ""}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p>
        {t("whatif.calibrationFit", {
          n: number(fit.simulations),
          effective: number(Math.round(fit.effective)),
          seconds: number(Math.round(fit.seconds)),
          inside: `${Math.round((fit.inside ?? 0) * 100)}%`,
        })}
      </p>
    </div>
  );
}
