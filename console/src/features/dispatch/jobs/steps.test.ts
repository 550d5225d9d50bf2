import { describe, expect, it } from "vitest";
import { closed, current, deeds } from "./steps.ts";

const step = (no: number, what: string | null) => ({
  no,
  receipt: what === null ? null : { what, at: "2022-11-08T20:00:00+08:00", by: "driver", note: "" },
});

describe("a job", () => {
  it("goes on with the first step nothing was told of", () => {
    expect(current([step(1, "boarded"), step(2, null), step(3, null)])?.no).toBe(2);
  });
  it("drives past a home where nobody opened and comes back to it last", () => {
    expect(current([step(1, "not_home"), step(2, null)])?.no).toBe(2);
    expect(current([step(1, "not_home"), step(2, "boarded")])?.no).toBe(1);
  });
  it("is over when every step is closed", () => {
    expect(current([step(1, "boarded"), step(2, "handed_over")])).toBeNull();
    expect(closed(step(1, "refused"))).toBe(false);
  });
  it("has one deed that ends a step, and those that tell what went wrong", () => {
    expect(deeds({ may: ["boarded", "not_home", "breakdown"] })).toEqual({
      main: "boarded",
      wrong: ["not_home", "breakdown"],
    });
    expect(deeds({ may: [] })).toEqual({ main: null, wrong: [] });
  });
});
