import { describe, expect, it } from "vitest";
import { beside, servedShare } from "./beside.ts";

const figure = (key: string, value: number, unit = "persons") => ({ key, value, unit });

describe("figures side by side", () => {
  it("stand by their key, and a figure only one of them has is told as missing", () => {
    const pairs = beside([figure("served", 10), figure("km", 3, "km")], [figure("served", 12)]);
    expect(pairs).toEqual([
      { key: "served", unit: "persons", before: 10, now: 12 },
      { key: "km", unit: "km", before: 3, now: null },
    ]);
  });
});

describe("the share that is served", () => {
  it("is 100 only when nothing is left out", () => {
    const of = (served: number, left: number) =>
      servedShare({ figures: [figure("served", served), figure("unserved", left)] });
    expect([of(10, 0), of(9999, 1), of(0, 5)]).toEqual([100, 99, 0]);
    expect(servedShare({ figures: [] })).toBeNull();
  });
});
