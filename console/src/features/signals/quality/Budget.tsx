import { useMemo } from "react";
import type { SignalQuality } from "@/api/types.ts";
import { Chart } from "@/shared/charts/Chart.tsx";
import { weekly } from "@/shared/charts/options.ts";
import { number } from "@/shared/format/number.ts";
import { useI18n } from "@/shared/i18n/context.tsx";

/** Signals raised week by week beside how many the office said it can verify. */
export function Budget({ budget }: { budget: SignalQuality["budget"] }) {
  const { t } = useI18n();
  const { set_per_week: set, by_week: weeks } = budget;
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
          {set === null
            ? `${t("quality.unknown")}${t("quality.budgetUnknown")}`
            : t("quality.budgetSet", { n: number(set) })}
        </small>
      </h2>
      <Chart
        option={option}
        height={240}
        label={t("quality.budgetChart", { n: budget.raised, weeks: weeks.length })}
      />
      <p className="z-hint">{t("quality.budgetMeans")}</p>
    </section>
  );
}
