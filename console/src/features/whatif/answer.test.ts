import { describe, expect, it } from "vitest";
import en from "@/shared/i18n/en.json";
import { counted, dayOf, drawn, front, interval, ORDER, personDays, rounded } from "./answer.ts";
import { course, pareto, scaleOf, together } from "./charts.ts";
import type { Answer } from "./comparison.ts";
import { FIELDS, type Field } from "./fields.ts";

const spread = (mean: number) => ({
  mean,
  q025: mean * 0.5,
  q10: mean * 0.8,
  q50: mean,
  q90: mean * 1.2,
  q975: mean * 1.5,
});
const days = (mean: number) =>
  Object.fromEntries(Object.entries(spread(mean)).map(([name, value]) => [name, [value, value]]));

const answer = {
  engine: "outbreak",
  label: "illustrative",
  synthetic_population: true,
  people: 1000,
  cases: 3,
  seed: 1,
  seconds: 1,
  notes: [],
  days: ["2022-11-09", "2022-11-10"],
  measures: ["waiting", "infections", "rooms.hotel"],
  series: [
    { option: "a", measure: "waiting", ...days(0) },
    { option: "a", measure: "rooms.hotel", ...days(4) },
    { option: "a", measure: "infections", ...days(9) },
    { option: "b", measure: "infections", ...days(2) },
  ],
  totals: [
    { option: "a", measure: "rooms.hotel", ...spread(4) },
    { option: "a", measure: "infections", ...spread(18) },
    { option: "a", measure: "release_day", ...spread(1) },
    { option: "b", measure: "infections", ...spread(4) },
    { option: "b", measure: "person_days", ...spread(9000) },
    { option: "b", measure: "release_day", ...spread(2) },
  ],
  differences: { against: "a", rows: [] },
  pareto: [
    { option: "a", infections: 18, person_days: 0, on_front: true },
    { option: "b", infections: 4, person_days: 9000, on_front: true },
    { option: "c", infections: 19, person_days: 90, on_front: false },
  ],
} as unknown as Answer;
const look = {
  colours: ["#111", "#222"],
  shown: new Set([0, 1]),
  banded: new Set([0]),
  words: { to: "-" },
};

describe("what an answer shows", () => {
  it("leaves out what is nought throughout, and begins with what matters", () => {
    expect(drawn(answer)).toEqual(["infections", "rooms.hotel"]);
    expect(counted(answer)).toEqual(["infections", "person_days", "rooms.hotel"]);
  });

  it("tells a day only where it comes within the period", () => {
    expect(dayOf(answer, "a", "release_day")?.q50).toBe(1);
    expect(dayOf(answer, "b", "release_day")).toBeNull();
  });

  it("has both intervals", () => {
    expect(interval(spread(10), "80")).toEqual([8, 12]);
    expect(interval(spread(10), "95")).toEqual([5, 15]);
  });

  it("tells the interval of all restrictions together, and none where it was not kept", () => {
    expect(personDays(answer, "b")).toEqual([7200, 10800]);
    expect(personDays(answer, "a")).toBeNull();
  });

  it("claims no false exactness", () => {
    expect([0.123, 9.96, 12.4, 183412, -2638.7].map(rounded)).toEqual([0.1, 10, 12, 183000, -2640]);
  });

  it("joins the front from the fewest person-days on", () => {
    expect(front(answer).map((one) => one.option)).toEqual(["a", "b"]);
  });
});

describe("the charts", () => {
  it("draw a line for each option and the two bands of those asked for", () => {
    const { series } = course(answer, ["a", "b"], "infections", look);
    const lines = series.filter((one) => !("stack" in one));
    expect(lines).toHaveLength(2);
    expect(series).toHaveLength(2 + 4);
    const hidden = course(answer, ["a", "b"], "infections", { ...look, shown: new Set([1]) });
    expect(hidden.series).toHaveLength(1);
  });

  it("stack the width of a band on its lower end", () => {
    const { series } = course(answer, ["a"], "infections", look);
    const [low, width] = series.map((one) => one.data);
    expect(low).toEqual([4.5, 4.5]);
    expect(width).toEqual([9, 9]);
  });

  it("go by powers of ten where one option costs a hundred times another, nought at its foot", () => {
    expect(scaleOf([0, 90, 9000]).log).toBe(true);
    expect(scaleOf([0, 90, 9000]).at(0)).toBe(0);
    expect(scaleOf([90, 900]).log).toBe(false);
    const { xAxis } = pareto(answer, ["a", "b", "c"], front(answer), ["#111"], {
      infections: "i",
      personDays: "p",
    }) as { xAxis: { min: number } };
    expect(xAxis.min).toBe(0);
  });
});

describe("marks of options", () => {
  it("that would cover each other are one mark with both letters", () => {
    const near = { option: "c", infections: 18.1, person_days: 0, on_front: false };
    const moved = { ...answer, pareto: [...answer.pareto.slice(0, 2), near] };
    expect(together(moved, ["a", "b", "c"], scaleOf([0, 9000]))).toEqual([[0, 2], [1]]);
    expect(together(answer, ["a", "b", "c"], scaleOf([0, 90, 9000]))).toEqual([[0], [1], [2]]);
  });
});

describe("the words", () => {
  const known = en as Record<string, string>;

  it("name every field, every choice and every measure", () => {
    const asked = Object.entries(FIELDS).flatMap(([part, fields]) =>
      (fields as readonly Field[]).flatMap((field) => [
        `whatifField.${part}.${field.key}`,
        ...(field.unit ? [`whatifUnit.${field.unit}`] : []),
        ...(field.choices ?? []).map((code) => `${field.words}.${code}`),
      ]),
    );
    const measures = ORDER.flatMap((one) => [`whatifMeasure.${one}`, `whatifMeasureUnit.${one}`]);
    expect([...asked, ...measures].filter((key) => !(key in known))).toEqual([]);
  });
});
