import { describe, expect, it } from "vitest";
import { rangeBar } from "./range.ts";

describe("the range of a list", () => {
  it("divides the bar into certain, listed and possible", () => {
    expect(rangeBar({ sure: 20, listed: 30, possible: 40 })).toEqual({
      sure: 0.5,
      listed: 0.25,
      possible: 0.25,
    });
  });
  it("fills the bar where clocks make no difference", () => {
    expect(rangeBar({ sure: 7, listed: 7, possible: 7 })).toEqual({
      sure: 1,
      listed: 0,
      possible: 0,
    });
  });
  it("is none where nobody could be a contact", () => {
    expect(rangeBar({ sure: 0, listed: 0, possible: 0 })).toBeNull();
  });
});
