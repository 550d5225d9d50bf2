import type { EChartsCoreOption } from "echarts/core";
import { INK, plainFrame } from "@/shared/charts/options.ts";
import { number } from "@/shared/format/number.ts";
import { monthDay } from "@/shared/format/time.ts";
import type { Calibration } from "./comparison.ts";

const BAND = "#2c6f8a";

interface Words {
  seen: string;
  predicted: string;
}

/** Cases found by day: what was seen as dots, what the fit predicts as a line with its bands. */
export function fitChart(fit: Calibration, words: Words) {
  const told = fit.predicted;
  const bands = told
    ? ([
        [told.q025, told.q975, 0.12],
        [told.q10, told.q90, 0.2],
      ] as const)
    : [];
  return {
    ...plainFrame(fit.days, true),
    tooltip: {
      trigger: "axis",
      confine: true,
      textStyle: { fontSize: 12, color: INK },
      formatter: (shown: { dataIndex: number }[]) => fitRow(fit, shown[0]?.dataIndex ?? 0, words),
    },
    series: [
      ...bands.flatMap(([low, high, opacity], n) => {
        const edge = {
          type: "line",
          symbol: "none",
          silent: true,
          stack: `band-${n}`,
          lineStyle: { opacity: 0 },
        };
        const width = high.map((value, day) => value - (low[day] ?? 0));
        return [
          { ...edge, data: low },
          { ...edge, data: width, areaStyle: { color: BAND, opacity } },
        ];
      }),
      ...(told
        ? [
            {
              type: "line",
              name: words.predicted,
              symbol: "none",
              data: told.q50,
              lineStyle: { color: BAND, width: 1.6 },
            },
          ]
        : []),
      {
        type: "scatter",
        name: words.seen,
        data: fit.seen,
        symbolSize: 7,
        itemStyle: { color: INK },
      },
    ],
  } satisfies EChartsCoreOption;
}

export function fitRow(fit: Calibration, day: number, words: Words): string {
  const rows = [
    monthDay(fit.days[day] ?? ""),
    `${words.seen} <b>${number(fit.seen[day] ?? 0)}</b>`,
  ];
  const { q50, q025, q975 } = fit.predicted ?? {};
  if (q50 && q025 && q975) {
    const [low, high] = [number(q025[day] ?? 0), number(q975[day] ?? 0)];
    rows.push(`${words.predicted} ${number(q50[day] ?? 0)} (${low} – ${high})`);
  }
  return rows.join("<br>");
}
