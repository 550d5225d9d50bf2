import { expect, it } from "vitest";
import type { Calibration } from "./comparison.ts";
import { fitChart, fitRow } from "./fitchart.ts";

const WORDS = { seen: "seen", predicted: "predicted" };
const FIT: Calibration = {
  calibrated: true,
  reason: null,
  days: ["2022-11-01", "2022-11-02"],
  seen: [4, 9],
  start_cases: 3,
  traced: true,
  areas: 0,
  predicted: { q025: [1, 2], q10: [2, 4], q50: [4, 7], q90: [6, 10], q975: [9, 14] },
  inside: 1,
  parameters: [],
  simulations: 900,
  effective: 80,
  seconds: 4,
};

it("tells what was seen beside what was predicted", () => {
  expect(fitRow(FIT, 1, WORDS)).toContain("seen <b>9</b>");
  expect(fitRow(FIT, 1, WORDS)).toContain("predicted 7 (2 – 14)");
});

it("stacks each band on its lower end", () => {
  const series = fitChart(FIT, WORDS).series as { data: number[] }[];
  expect(series.map((one) => one.data)).toEqual([
    [1, 2],
    [8, 12],
    [2, 4],
    [4, 6],
    [4, 7],
    [4, 9],
  ]);
});

it("shows only what was seen where nothing was fitted", () => {
  const bare = { ...FIT, predicted: null };
  expect(fitChart(bare, WORDS).series).toHaveLength(1);
  expect(fitRow(bare, 0, WORDS)).not.toContain("predicted");
});
