import { describe, expect, it } from "vitest";
import { countMost, countText, toldOf } from "./count.ts";

const many = { value: 1204, below: null };
const few = { value: null, below: 5 };
const hidden = { value: null, below: null };

describe("a count of people", () => {
  it("is told as it is where enough people stand in it, and where nobody does", () => {
    expect(countText(many, "hidden")).toBe("1,204");
    expect(countText({ value: 0, below: null }, "hidden")).toBe("0");
    expect(toldOf({ value: 0, below: null })).toBe("known");
  });
  it("is told only as fewer than the bound in a small cell", () => {
    expect(countText(few, "hidden")).toBe("<5");
    expect(countMost(few)).toBe(4);
    expect(toldOf(few)).toBe("few");
  });
  it("is neither nought nor a number where it is hidden to protect another", () => {
    expect(countText(hidden, "hidden")).toBe("hidden");
    expect(countMost(hidden)).toBeNull();
    expect(toldOf(hidden)).toBe("hidden");
  });
});
