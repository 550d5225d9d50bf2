import { describe, expect, it } from "vitest";
import { type Corner, within } from "./within.ts";

const NOTCHED: Corner[] = [
  [0, 0],
  [4, 0],
  [4, 4],
  [2, 1],
  [0, 4],
];

describe("within", () => {
  it("tells the inside of a notched polygon from its notch and its outside", () => {
    expect(within([1, 1], NOTCHED)).toBe(true);
    expect(within([3, 1], NOTCHED)).toBe(true);
    expect(within([2, 2], NOTCHED)).toBe(false);
    expect(within([5, 1], NOTCHED)).toBe(false);
  });
  it("finds nothing inside a line or nothing", () => {
    expect(within([1, 1], [])).toBe(false);
    expect(
      within(
        [1, 1],
        [
          [0, 0],
          [2, 2],
        ],
      ),
    ).toBe(false);
  });
});
