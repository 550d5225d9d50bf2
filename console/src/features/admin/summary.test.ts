import { expect, test } from "vitest";
import { parts } from "./summary.ts";

const method = {
  method: "C2",
  stream: "fever_clinic",
  why: "short_history",
  series: 117,
  units: ["140106000000"],
  has: [20, 30],
  needs: 939,
};

test("a step's figures, groups, methods and sentences are told apart", () => {
  const note = { zh: "只录入到 2026-12-31", en: "Entered up to 2026-12-31" };
  const found = parts({
    tested: 351,
    binding: "sampling",
    budget: { set_per_week: 20, raised: 3, by_chance: 0.4 },
    methods: [method],
    calendar: note,
    card: { engine: "warning" },
    all_units: {},
    nothing: null,
  });
  expect(found.plain).toEqual([
    ["tested", 351],
    ["binding", "sampling"],
  ]);
  expect(found.groups).toEqual([
    [
      "budget",
      [
        ["set_per_week", 20],
        ["raised", 3],
        ["by_chance", 0.4],
      ],
    ],
  ]);
  expect(found.methods).toEqual([method]);
  expect(found.notes).toEqual([["calendar", note]]);
});
