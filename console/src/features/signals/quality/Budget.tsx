import { useMemo } from "react";
import type { SignalQuality } from "@/api/types.ts";
import { Chart } from "@/shared/charts/Chart.tsx";
import { weekly } from "@/shared/charts/options.ts";
import { number } from "@/shared/format/number.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { Day } from "@/shared/ui/marks.tsx";

/** Signals raised week by week beside how many the office said it can verify. */
export function Budget({ budget }: { budget: SignalQuality["budget"] }) {
  const { t } = useI18n();
  const { by_week: weeks } = budget;
  // What was set may have changed on the way: each is told, and the line drawn for one only.
  const sets = [...new Set(weeks.map((one) => one.set_per_week))].filter((one) => one !== null);
  const set = sets.length === 1 ? budget.set_per_week : null;
  const words = useMemo(() => ({ missing: "", unit: t("unit.signals") }), [t]);
  const option = useMemo(
    () =>
      weekly(
        weeks.map((one) => ({ date: one.week, value: one.raised })),
        set,
        words,
      ),
    [weeks, set, words],
  );
  return (
    <section>
      <h2 className="z-sub">
        {t("quality.budget")}{" "}
        <small>
          {sets.length === 0
            ? `${t("quality.unknown")}${t("quality.budgetUnknown")}`
            : t("quality.budgetSet", { n: sets.map(number).join(" → ") })}
        </small>
      </h2>
      <Chart
        option={option}
        height={240}
        label={t("quality.budgetChart", { n: budget.raised, weeks: weeks.length })}
      />
      <p className="z-hint">{t("quality.budgetMeans")}</p>
      <Together weeks={budget.together} />
    </section>
  );
}

/** Streams judged together have a budget of their own: what was set, spent, and due to chance. */
function Together({ weeks }: { weeks: SignalQuality["budget"]["together"] }) {
  const { t } = useI18n();
  if (weeks === null)
    return (
      <p className="z-unknown">
        {t("quality.together")}: {t("quality.unknown")}
        {t("quality.testsUnknown")}
      </p>
    );
  if (weeks.length === 0)
    return (
      <p className="z-unknown">
        {t("quality.together")}: {t("quality.noneTogether")}
      </p>
    );
  return (
    <table className="z-plain">
      <thead>
        <tr>
          <th scope="col">{t("quality.togetherWeek")}</th>
          <th scope="col" className="z-num">
            {t("quality.set")}
          </th>
          <th scope="col" className="z-num">
            {t("quality.raised")}
          </th>
          <th scope="col" className="z-num">
            {t("quality.byChance")}
          </th>
        </tr>
      </thead>
      <tbody>
        {weeks.map((one) => (
          <tr key={one.week}>
            <th scope="row">
              <Day on={one.week} />
            </th>
            <td className="z-num">{number(one.set_per_week)}</td>
            <td className="z-num">{number(one.raised)}</td>
            <td className="z-num">{number(Math.round(one.by_chance * 10) / 10)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
