import { describe, expect, it } from "vitest";
import { areas } from "./BandSparkline.tsx";
import { segments } from "./Sparkline.tsx";

describe("a sparkline", () => {
  it("breaks where a day has no report: an outage is not zero", () => {
    expect(segments([1, 2, null, 3, 4], 40, 10)).toHaveLength(2);
  });
  it("stands on zero, so that heights may be compared", () => {
    expect(segments([0, 10], 10, 10)).toEqual(["M0.0 10.0L10.0 0.0"]);
  });
});

describe("what was expected", () => {
  it("is drawn around the series, and ends where nobody could say", () => {
    expect(areas([[0, 10], [5, 10], null, [0, 5], [0, 5]], 40, 10, 10)).toEqual([
      "M0.0 0.0L10.0 0.0L10.0 5.0L0.0 10.0Z",
      "M30.0 5.0L40.0 5.0L40.0 10.0L30.0 10.0Z",
    ]);
  });
});
