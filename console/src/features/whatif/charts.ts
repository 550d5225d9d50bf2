import type { EChartsCoreOption } from "echarts/core";
import { AXIS_TEXT, FAINT, INK, plainFrame } from "@/shared/charts/options.ts";
import { number } from "@/shared/format/number.ts";
import { monthDay } from "@/shared/format/time.ts";
import { isChance, letter, rounded, totalOf } from "./answer.ts";
import type { Answer, Series } from "./comparison.ts";

/** Colours of the options, by their place; the page reads them from the tokens. */
export type Colours = readonly string[];
const DASHES = ["solid", [7, 3], [2, 2], [9, 3, 2, 3]] as const;

export const told = (measure: string, value: number): string =>
  isChance(measure) ? `${Math.round(value * 100)}%` : number(rounded(value));

interface Look {
  colours: Colours;
  /** Options that are shown, by place, and of which the bands are. */
  shown: ReadonlySet<number>;
  banded: ReadonlySet<number>;
  words: { to: string };
}

interface Hover {
  dataIndex: number;
}

/** One measure day by day: a line for each option, its 80 % and 95 % intervals as bands. */
export function course(answer: Answer, options: string[], measure: string, look: Look) {
  const lines = options.flatMap((name, at) => {
    const series = answer.series.find((one) => one.option === name && one.measure === measure);
    return series && look.shown.has(at) ? [{ at, name, series }] : [];
  });
  const base = plainFrame(answer.days, true) as { grid: object; yAxis: object };
  return {
    ...base,
    grid: { left: 52, right: 22, top: 8, bottom: 20 },
    yAxis: {
      ...base.yAxis,
      min: 0,
      ...(isChance(measure) ? { max: 1 } : {}),
      axisLabel: { ...AXIS_TEXT, formatter: (value: number) => told(measure, value) },
    },
    tooltip: {
      trigger: "axis",
      confine: true,
      textStyle: { fontSize: 12, color: INK },
      formatter: (shown: Hover[]) => {
        const day = shown[0]?.dataIndex ?? 0;
        const rows = lines.map(({ at, series }) => row(measure, at, series, day, look.words));
        return [monthDay(answer.days[day] ?? ""), ...rows].join("<br>");
      },
    },
    series: lines.flatMap(({ at, series }) => [
      ...(look.banded.has(at) && !isChance(measure) ? bands(at, series, look.colours) : []),
      line(at, series, look.colours),
    ]),
  } satisfies EChartsCoreOption;
}

function row(measure: string, at: number, series: Series, day: number, words: Look["words"]) {
  const [mean, low, high] = [series.mean[day], series.q10[day], series.q90[day]];
  if (typeof mean !== "number") return `${letter(at)} –`;
  const range =
    typeof low === "number" && typeof high === "number" && !isChance(measure)
      ? ` (${told(measure, low)} ${words.to} ${told(measure, high)})`
      : "";
  return `${letter(at)} <b>${told(measure, mean)}</b>${range}`;
}

function line(at: number, series: Series, colours: Colours) {
  const color = colours[at % colours.length] ?? INK;
  return {
    type: "line",
    symbol: "none",
    data: series.mean,
    z: 3,
    lineStyle: { color, width: 1.6, type: DASHES[at % DASHES.length] },
    itemStyle: { color },
    endLabel: { show: true, formatter: letter(at), color, fontSize: 11, fontWeight: 700 },
    labelLayout: { moveOverlap: "shiftY" },
  };
}

function bands(at: number, series: Series, colours: Colours) {
  const pairs = [
    [series.q025, series.q975, 0.1],
    [series.q10, series.q90, 0.18],
  ] as const;
  return pairs.flatMap(([low, high, opacity], n) => {
    const edge = {
      type: "line",
      symbol: "none",
      silent: true,
      stack: `${at}-${n}`,
      lineStyle: { opacity: 0 },
    };
    const width = high.map((value, day) => {
      const from = low[day];
      return typeof value === "number" && typeof from === "number" ? value - from : null;
    });
    return [
      { ...edge, data: low },
      {
        ...edge,
        data: width,
        areaStyle: { color: colours[at % colours.length] ?? INK, opacity },
      },
    ];
  });
}

interface ParetoWords {
  infections: string;
  personDays: string;
}

/** Infections against person-days restricted; those on the front are filled and joined. */
export function pareto(
  answer: Answer,
  options: string[],
  front: Answer["pareto"],
  colours: Colours,
  words: ParetoWords,
): EChartsCoreOption {
  const scale = scaleOf(answer.pareto.map((one) => one.person_days));
  return {
    animation: false,
    textStyle: { fontFamily: "inherit" },
    grid: { left: 64, right: 44, top: 18, bottom: 44 },
    xAxis: scale.log ? powers(words.personDays, scale.low) : amount(words.personDays, 26),
    yAxis: amount(words.infections, 46),
    series: [
      {
        type: "line",
        silent: true,
        symbol: "none",
        step: "end",
        lineStyle: { color: "#8794a1", type: "dashed", width: 1 },
        data: front.map((one) => [scale.at(one.person_days), one.infections]),
      },
      ...together(answer, options, scale).flatMap((places) => {
        const [at = 0] = places;
        const dot = dotOf(answer, options, at);
        const color = colours[at % colours.length] ?? INK;
        return dot ? mark(answer, dot, places, scale.at(dot.person_days), color) : [];
      }),
    ],
  };
}

/** Locking a county costs a hundred times what a street does: then by powers of ten. */
const WIDE = 30;

export interface Scale {
  log: boolean;
  low: number;
  at: (value: number) => number;
}

export function scaleOf(values: readonly number[]): Scale {
  const some = values.filter((value) => value > 0);
  const log = some.length > 1 && Math.max(...some) / Math.min(...some) > WIDE;
  if (!log) return { log, low: 0, at: (value) => value };
  const at = (value: number): number => Math.log10(Math.max(1, value));
  return { log, low: Math.floor(Math.min(...values.map(at))), at };
}

function powers(name: string, low: number) {
  return {
    ...amount(name, 26),
    min: low,
    max: ({ max }: { max: number }) => Math.ceil(max),
    interval: 1,
    axisLabel: {
      ...AXIS_TEXT,
      formatter: (power: number) => (power === 0 ? "0" : number(10 ** power)),
    },
  };
}

function amount(name: string, gap: number) {
  return {
    type: "value",
    min: 0,
    name,
    nameLocation: "middle",
    nameGap: gap,
    nameTextStyle: AXIS_TEXT,
    splitNumber: 4,
    axisLabel: { ...AXIS_TEXT, formatter: number, hideOverlap: true },
    splitLine: { lineStyle: { color: FAINT } },
  };
}

const dotOf = (answer: Answer, options: string[], at: number) =>
  answer.pareto.find((one) => one.option === options[at]);

/** Nearer than these shares of the axes two marks cover each other. */
const NEAR = { across: 0.04, up: 0.08 };

/** Places of options by mark: those that would cover each other share one. */
export function together(answer: Answer, options: string[], scale: Scale): number[][] {
  const at = options.map((_, place) => dotOf(answer, options, place));
  const across = at.map((dot) => (dot ? scale.at(dot.person_days) : 0));
  const up = at.map((dot) => dot?.infections ?? 0);
  const close = (values: number[], near: number, one: number, other: number): boolean => {
    const apart = Math.abs((values[one] ?? 0) - (values[other] ?? 0));
    return apart <= near * (Math.max(...values) - Math.min(...values, scale.low));
  };
  const groups: number[][] = [];
  for (const place of options.keys()) {
    const group = groups.find(
      ([first = 0]) => close(across, NEAR.across, first, place) && close(up, NEAR.up, first, place),
    );
    if (group) group.push(place);
    else groups.push([place]);
  }
  return groups;
}

/** An option: its letter in a disc (several in one where they meet), hollow where another is better in both; a whisker for 80 %. */
function mark(
  answer: Answer,
  dot: Answer["pareto"][number],
  places: number[],
  x: number,
  color: string,
) {
  const total = totalOf(answer, dot.option, "infections");
  const ends = total ? [total.q10, total.q90].filter((one) => typeof one === "number") : [];
  return [
    {
      type: "line",
      silent: true,
      symbol: "none",
      lineStyle: { color, width: 2, opacity: 0.35 },
      data: ends.map((value) => [x, value]),
    },
    {
      type: "scatter",
      silent: true,
      symbol: "roundRect",
      symbolSize: [8 + 12 * places.length, 20],
      data: [[x, dot.infections]],
      itemStyle: {
        borderRadius: 10,
        color: dot.on_front ? color : "#fff",
        borderColor: color,
        borderWidth: 1.5,
      },
      label: {
        show: true,
        position: "inside",
        formatter: places.map(letter).join(" "),
        color: dot.on_front ? "#fff" : color,
        fontSize: 11,
        fontWeight: 700,
      },
      z: 4,
    },
  ];
}
