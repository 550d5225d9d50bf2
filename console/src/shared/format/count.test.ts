import { describe, expect, it } from "vitest";
import { countMost, countText } from "./count.ts";

describe("a count of people", () => {
  it("is told as it is where enough people stand in it", () => {
    expect(countText({ value: 1204, below: null })).toBe("1,204");
    expect(countText({ value: 0, below: null })).toBe("0");
  });
  it("is told only as fewer than the bound in a small cell", () => {
    expect(countText({ value: null, below: 5 })).toBe("<5");
    expect(countMost({ value: null, below: 5 })).toBe(4);
  });
  it("nobody told is neither nought nor a number", () => {
    expect(countText({ value: null, below: null })).toBe("–");
    expect(countMost({ value: null, below: null })).toBe(0);
  });
});
