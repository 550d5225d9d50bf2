import { useMemo } from "react";
import type { Trend } from "@/api/types.ts";
import { Chart } from "@/shared/charts/Chart.tsx";
import { band, bars } from "@/shared/charts/options.ts";
import { useFormat } from "@/shared/format/useFormat.ts";
import { useI18n } from "@/shared/i18n/context.tsx";

/** The trends; an estimate is drawn with its interval, a count as bars from zero. */
export function Trends({ trends }: { trends: Trend[] }) {
  return (
    <div className="z-trends">
      {trends.map((trend) => (
        <TrendChart key={trend.key} trend={trend} />
      ))}
    </div>
  );
}

const RT_REFERENCE = 1; // Rt of 1 divides growth from decline

function TrendChart({ trend }: { trend: Trend }) {
  const { t, term } = useI18n();
  const { unit } = useFormat();
  const name = term("trend", trend.key);
  const words = useMemo(
    () => ({ missing: t("chart.missing"), unit: unit(trend.unit) }),
    [t, unit, trend.unit],
  );
  const banded = trend.points.some((p) => typeof p.low === "number");
  const option = useMemo(
    () =>
      banded
        ? band(trend.points, words, trend.key === "rt" ? RT_REFERENCE : undefined)
        : bars(trend.points, words),
    [banded, trend, words],
  );
  if (!trend.points.some((p) => p.value !== null)) {
    return (
      <figure>
        <figcaption>{name}</figcaption>
        <p className="z-hint">{t("chart.tooFew")}</p>
      </figure>
    );
  }
  return (
    <figure>
      <figcaption>
        {name}
        <small>
          {unit(trend.unit)}
          {banded ? ` · ${t("chart.interval")}` : ""}
        </small>
      </figcaption>
      <Chart option={option} height={118} label={name} />
    </figure>
  );
}
