import { describe, expect, it } from "vitest";
import type { TimelineItem } from "@/api/types.ts";
import { stopNumbers, stopsOf } from "./stops.ts";

const visit = (lon: number | null): TimelineItem => ({
  at: "2022-11-08T00:00:00Z",
  to: null,
  kind: "visit",
  label: { zh: "", en: "" },
  place: { name: "p", kind: "shop", lon, lat: lon === null ? null : 37 },
});

describe("the places of a case", () => {
  it("are numbered in order of time, and those nobody located are not", () => {
    const timeline = [visit(112), visit(null), visit(113)];
    expect([...stopNumbers(timeline).values()]).toEqual([1, 2]);
  });
  it("stand on the map once, with the number of every visit", () => {
    expect(stopsOf([visit(112), visit(113), visit(112)])).toEqual([
      { lon: 112, lat: 37, label: "1,3" },
      { lon: 113, lat: 37, label: "2" },
    ]);
  });
  it("tell how often where the numbers would not fit", () => {
    const often = Array.from({ length: 5 }, () => visit(112));
    expect(stopsOf(often)).toEqual([{ lon: 112, lat: 37, label: "×5" }]);
  });
});
