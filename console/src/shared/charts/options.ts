import type { EChartsCoreOption } from "echarts/core";
import { number } from "@/shared/format/number.ts";
import { monthDay } from "@/shared/format/time.ts";

export interface ChartPoint {
  date: string;
  value: number | null;
  low?: number | null;
  high?: number | null;
}

export const INK = "#3d5166";
const LINE = "#2c6f8a";
export const FAINT = "#e3e8ed";
const FONT = 11;

export const AXIS_TEXT = { color: "#5b6b7a", fontSize: FONT };

/** Days below, values on the left; what every chart by day begins with. */
export function plainFrame(dates: string[], fromZero: boolean): EChartsCoreOption {
  return {
    animation: false,
    textStyle: { fontFamily: "inherit" },
    grid: { left: 52, right: 10, top: 8, bottom: 20 },
    xAxis: {
      type: "category",
      data: dates,
      axisTick: { show: false },
      axisLine: { lineStyle: { color: "#b9c4ce" } },
      axisLabel: { ...AXIS_TEXT, formatter: monthDay, hideOverlap: true },
    },
    yAxis: {
      type: "value",
      scale: !fromZero,
      splitNumber: 3,
      axisLabel: { ...AXIS_TEXT, formatter: number },
      splitLine: { lineStyle: { color: FAINT } },
    },
  };
}

interface Hover {
  dataIndex: number;
}

function tooltip(points: readonly ChartPoint[], words: { missing: string; unit: string }) {
  return {
    trigger: "axis",
    confine: true,
    textStyle: { fontSize: 12, color: INK },
    formatter: (shown: Hover[]) => {
      const point = points[shown[0]?.dataIndex ?? -1];
      if (!point) return "";
      if (point.value === null) return `${point.date}<br>${words.missing}`;
      const band =
        typeof point.low === "number" && typeof point.high === "number"
          ? ` (${number(point.low)} – ${number(point.high)})`
          : "";
      return `${point.date}<br><b>${number(point.value)}</b>${band} ${words.unit}`;
    },
  };
}

/** Counts per day: bars from zero; a day without a report has no bar. */
export function bars(
  points: readonly ChartPoint[],
  words: { missing: string; unit: string },
): EChartsCoreOption {
  return {
    ...plainFrame(
      points.map((p) => p.date),
      true,
    ),
    tooltip: tooltip(points, words),
    series: [
      {
        type: "bar",
        data: points.map((p) => p.value),
        itemStyle: { color: "#7f9bb3" },
        barCategoryGap: "20%",
      },
    ],
  };
}

/** An estimate with its interval as a band; `reference` draws a dashed line (Rt = 1). */
export function band(
  points: readonly ChartPoint[],
  words: { missing: string; unit: string },
  reference?: number,
): EChartsCoreOption {
  const low = points.map((p) => p.low ?? null);
  const width = points.map((p) =>
    typeof p.high === "number" && typeof p.low === "number" ? p.high - p.low : null,
  );
  const plain = {
    type: "line",
    symbol: "none",
    lineStyle: { opacity: 0 },
    stack: "band",
    silent: true,
  };
  return {
    ...plainFrame(
      points.map((p) => p.date),
      true,
    ),
    tooltip: tooltip(points, words),
    series: [
      { ...plain, data: low },
      { ...plain, data: width, areaStyle: { color: LINE, opacity: 0.18 } },
      {
        type: "line",
        data: points.map((p) => p.value),
        symbol: "circle",
        symbolSize: 3,
        itemStyle: { color: LINE },
        lineStyle: { color: LINE, width: 1.5 },
        ...(reference === undefined
          ? {}
          : {
              markLine: {
                silent: true,
                symbol: "none",
                label: { show: false },
                lineStyle: { type: "dashed", color: "#8794a1" },
                data: [{ yAxis: reference }],
              },
            }),
      },
    ],
  };
}

/**
 * A sentinel series: counts as bars, the day in question marked, what was expected as a band with
 * its upper bound as a line.
 */
export function sentinel(
  points: readonly ChartPoint[],
  words: { missing: string; unit: string },
): EChartsCoreOption {
  const last = points.length - 1;
  const upper = points.map((p) => p.high ?? null);
  const edge = { type: "line", symbol: "none", silent: true, lineStyle: { opacity: 0 } };
  return {
    ...plainFrame(
      points.map((p) => p.date),
      true,
    ),
    tooltip: tooltip(points, words),
    series: [
      { ...edge, stack: "expected", data: points.map((p) => p.low ?? null) },
      {
        ...edge,
        stack: "expected",
        data: points.map((p) =>
          typeof p.high === "number" && typeof p.low === "number" ? p.high - p.low : null,
        ),
        areaStyle: { color: LINE, opacity: 0.16 },
      },
      { ...edge, data: upper, lineStyle: { type: "dashed", color: LINE, width: 1 } },
      {
        type: "bar",
        barCategoryGap: "20%",
        data: points.map((p, i) => ({
          value: p.value,
          itemStyle: { color: i === last ? "#b3372f" : "#a9b8c6" },
        })),
      },
    ],
  };
}

/** Signals raised week by week, and how many there may be as a dashed line. */
export function weekly(
  points: readonly ChartPoint[],
  most: number | null,
  words: { missing: string; unit: string },
): EChartsCoreOption {
  const option = bars(points, words) as { series: object[] };
  const { yAxis } = plainFrame([], true) as { yAxis: object };
  const max = ({ max: highest }: { max: number }): number => Math.max(highest, most ?? 0, 1);
  return {
    ...option,
    yAxis: { ...yAxis, max },
    series: option.series.map((one) => ({ ...one, barMaxWidth: 36, markLine: level(most) })),
  };
}

function level(at: number | null) {
  return {
    silent: true,
    symbol: "none",
    label: { show: false },
    lineStyle: { type: "dashed", color: INK },
    data: at === null ? [] : [{ yAxis: at }],
  };
}

export interface Calibrated {
  said: number;
  real: number;
  /** How many it was found from. */
  n: number;
}

/** What was said against what came true; on the diagonal both are the same. */
export function calibration(
  points: readonly Calibrated[],
  words: { said: string; real: string; tell: (point: Calibrated) => string },
): EChartsCoreOption {
  const most = Math.max(1, ...points.map((p) => p.n));
  const share = (value: number): string => `${Math.round(value * 100)}%`;
  const axis = (name: string, gap: number) => ({
    type: "value",
    min: 0,
    max: 1,
    interval: 0.2,
    name,
    nameLocation: "middle",
    nameGap: gap,
    nameTextStyle: AXIS_TEXT,
    axisLabel: { ...AXIS_TEXT, formatter: share },
    splitLine: { lineStyle: { color: FAINT } },
  });
  return {
    animation: false,
    textStyle: { fontFamily: "inherit" },
    grid: { left: 60, right: 16, top: 10, bottom: 44 },
    xAxis: axis(words.said, 26),
    yAxis: axis(words.real, 42),
    tooltip: {
      trigger: "item",
      confine: true,
      textStyle: { fontSize: 12, color: INK },
      formatter: ({ dataIndex }: Hover) => {
        const point = points[dataIndex];
        return point ? words.tell(point) : "";
      },
    },
    series: [
      {
        type: "line",
        silent: true,
        symbol: "none",
        lineStyle: { type: "dashed", color: "#8794a1" },
        data: [
          [0, 0],
          [1, 1],
        ],
      },
      {
        type: "scatter",
        data: points.map((p) => ({
          value: [p.said, p.real],
          symbolSize: 7 + 15 * Math.sqrt(p.n / most),
        })),
        itemStyle: { color: LINE, opacity: 0.75, borderColor: INK },
      },
    ],
  };
}
