import { describe, expect, it } from "vitest";
import { tops } from "./charts.ts";

describe("the scales of small charts", () => {
  it("are one for all that are near each other", () => {
    expect(tops([7, 5, 3])).toEqual([
      { most: 8, own: false },
      { most: 8, own: false },
      { most: 8, own: false },
    ]);
  });

  it("leave out one that would flatten the rest, and say so", () => {
    expect(tops([9, 6, 8, 7, 12, 1830])).toEqual([
      ...Array.from({ length: 5 }, () => ({ most: 20, own: false })),
      { most: 2000, own: true },
    ]);
  });

  it("are never nothing", () => {
    expect(tops([0, 0]).map((one) => one.most)).toEqual([1, 1]);
  });
});
