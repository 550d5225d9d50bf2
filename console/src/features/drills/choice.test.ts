import { describe, expect, it } from "vitest";
import type { DrillEvening } from "@/api/types.ts";
import { allAreas, knownCases, NOTHING, reach, same, toggled } from "./choice.ts";

const area = (code: string, people: number) => ({
  code,
  village: code,
  building: 1,
  people,
  cases: 1,
  last_day: 3,
});
const EVENING = {
  cases: [
    { day: 0, community: 1, isolated: 0 },
    { day: 1, community: 2, isolated: 3 },
  ],
  contacts: [
    { degree: 1, people: 10, held: 2, central: 7, home: 3 },
    { degree: 2, people: 5, held: 0, central: 0, home: 5 },
  ],
  areas: [area("a", 30), area("b", 50)],
} as unknown as DrillEvening;

describe("a choice", () => {
  it("tells how many people it holds back", () => {
    const both = { ...NOTHING, degrees: [1, 2], areas: ["b"] };
    expect(reach(both, EVENING)).toEqual({ isolated: 15, areas: 1, closed: 50 });
    expect(reach({ ...both, most: 4 }, EVENING).isolated).toBe(4);
    expect(reach(NOTHING, EVENING)).toEqual({ isolated: 0, areas: 0, closed: 0 });
  });

  it("ticks one area, all, and none", () => {
    expect(toggled(["a"], "b")).toEqual(["a", "b"]);
    expect(toggled(["a", "b"], "a")).toEqual(["b"]);
    const all = allAreas(NOTHING, EVENING);
    expect(all.areas).toEqual(["a", "b"]);
    expect(allAreas(all, EVENING).areas).toEqual([]);
  });

  it("is the same in whatever order it was ticked", () => {
    const one = { ...NOTHING, areas: ["a", "b"], degrees: [1, 2] };
    expect(same(one, { ...one, areas: ["b", "a"], degrees: [2, 1] })).toBe(true);
    expect(same(one, { ...one, lock: true })).toBe(false);
    expect(same(NOTHING, { ...NOTHING, most: 3 })).toBe(true);
  });

  it("is made on the evening's cases, wherever they were found", () => {
    expect(knownCases(EVENING)).toBe(6);
  });
});
