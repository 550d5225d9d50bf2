import { describe, expect, it } from "vitest";
import type { Count } from "@/api/types.ts";
import { countMost, countText, toldOf } from "./count.ts";

const many = { value: 1205, below: null, about: true };
const nobody = { value: 0, below: null, about: false };
const few = { value: null, below: 10, about: false };
const hidden = { value: null, below: null, about: false };
const text = (count: Count) => countText(count, "hidden", (n) => `about ${n}`);

describe("a count of people", () => {
  it("is told as about so many where enough people stand in it", () => {
    expect(text(many)).toBe("about 1,205");
    expect(toldOf(many)).toBe("known");
  });
  it("is told as it is where nobody stands in it", () => {
    expect(text(nobody)).toBe("0");
    expect(toldOf(nobody)).toBe("known");
  });
  it("is told only as fewer than the bound where few may stand in it", () => {
    expect(text(few)).toBe("<10");
    expect(countMost(few)).toBe(9);
    expect(toldOf(few)).toBe("few");
  });
  it("is neither nought nor a number where it is hidden to protect another", () => {
    expect(text(hidden)).toBe("hidden");
    expect(countMost(hidden)).toBeNull();
    expect(toldOf(hidden)).toBe("hidden");
  });
});
