import type { EChartsCoreOption } from "echarts/core";
import { AXIS_TEXT, INK, plainFrame } from "@/shared/charts/options.ts";
import { number } from "@/shared/format/number.ts";

const COMMUNITY = "#8c183c";
const HELD = "#a9b8c6";

interface Hover {
  dataIndex: number;
}

const tooltip = (told: (at: number) => string) => ({
  trigger: "axis",
  confine: true,
  textStyle: { fontSize: 12, color: INK },
  formatter: (shown: Hover[]) => told(shown[0]?.dataIndex ?? 0),
});

interface Words {
  community: string;
  isolated: string;
}

/** Cases by the evening on which they became known; those found in isolation apart. */
export function knownByDay(
  dates: string[],
  cases: readonly { community: number; isolated: number }[],
  words: Words,
): EChartsCoreOption {
  const bar = (name: "community" | "isolated", color: string) => ({
    type: "bar",
    stack: "cases",
    barCategoryGap: "20%",
    barMaxWidth: 36,
    itemStyle: { color },
    data: cases.map((one) => one[name]),
  });
  const frame = plainFrame(dates, true) as { yAxis: object };
  return {
    ...frame,
    yAxis: { ...frame.yAxis, minInterval: 1 },
    tooltip: tooltip((at) => {
      const one = cases[at] ?? { community: 0, isolated: 0 };
      return [
        dates[at] ?? "",
        `${words.community} <b>${one.community}</b>`,
        `${words.isolated} <b>${one.isolated}</b>`,
      ].join("<br>");
    }),
    series: [bar("community", COMMUNITY), bar("isolated", HELD)],
  };
}

export interface Panel {
  values: readonly number[];
  /** A second series as a line: what the player knew. */
  line?: readonly number[];
  most: number;
  color: string;
  words: { value: string; line: string };
}

/** One measure of one policy by day; `most` is the top of the scale it shares with others. */
export function panel(dates: string[], { values, line, most, color, words }: Panel) {
  const frame = plainFrame(dates, true) as { yAxis: object };
  return {
    ...frame,
    grid: { left: 46, right: 6, top: 8, bottom: 20 },
    yAxis: {
      ...frame.yAxis,
      max: most,
      interval: most > 1 ? most / 2 : 1,
      axisLabel: { ...AXIS_TEXT, formatter: number },
    },
    tooltip: tooltip((at) => {
      const told = [`${words.value} <b>${number(values[at] ?? 0)}</b>`];
      if (line) told.push(`${words.line} <b>${number(line[at] ?? 0)}</b>`);
      return [dates[at] ?? "", ...told].join("<br>");
    }),
    series: [
      {
        type: "bar",
        data: [...values],
        itemStyle: { color, opacity: 0.75 },
        barCategoryGap: "10%",
      },
      ...(line
        ? [
            {
              type: "line",
              step: "middle",
              symbol: "none",
              data: [...line],
              lineStyle: { color: INK, width: 1.5, type: "dashed" },
            },
          ]
        : []),
    ],
  } satisfies EChartsCoreOption;
}

/** A panel that would flatten all others has a scale of its own. */
const FAR = 4;

/** The top of each panel's scale: one for all that are near each other, in round figures. */
export function tops(peaks: readonly number[]): { most: number; own: boolean }[] {
  const sorted = [...peaks].sort((one, other) => one - other);
  const middle = sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
  const shared = Math.max(0, ...peaks.filter((peak) => peak <= FAR * middle));
  return peaks.map((peak) =>
    peak > shared ? { most: round(peak), own: true } : { most: round(shared), own: false },
  );
}

/** A round figure that can be halved, for the line in the middle. */
function round(peak: number): number {
  if (peak <= 1) return 1;
  const power = Math.max(1, 10 ** Math.floor(Math.log10(peak)));
  const step = [2, 4, 6, 8].find((one) => one * power >= peak) ?? 10;
  return step * power;
}
