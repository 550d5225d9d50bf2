import { describe, expect, it } from "vitest";
import { segments } from "./Sparkline.tsx";

describe("a sparkline", () => {
  it("breaks where a day has no report: an outage is not zero", () => {
    expect(segments([1, 2, null, 3, 4], 40, 10)).toHaveLength(2);
  });
  it("stands on zero, so that heights may be compared", () => {
    expect(segments([0, 10], 10, 10)).toEqual(["M0.0 10.0L10.0 0.0"]);
  });
});
