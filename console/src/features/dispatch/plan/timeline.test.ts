import { describe, expect, it } from "vitest";
import type { PlanBar } from "@/api/types.ts";
import { extent, lanesOf, next, ticks } from "./timeline.ts";

const bar = (lane: string, from: string, to: string, kind = "drive"): PlanBar => ({
  lane,
  kind,
  begins: `2022-11-08T${from}:00+08:00`,
  ends: `2022-11-08T${to}:00+08:00`,
  label: "",
  id: lane,
});
const lanes = lanesOf([
  bar("V2", "20:10", "20:40"),
  bar("V1", "20:05", "20:15"),
  bar("V2", "20:40", "20:40", "board"),
  bar("V2", "21:00", "22:30"),
  bar("V1", "21:40", "21:50"),
]);
const clock = (ms: number) => new Date(ms + 8 * 3_600_000).toISOString().slice(11, 16);

describe("a timeline", () => {
  it("has a lane for each vehicle as first named, and no bars of no length", () => {
    expect(lanes.map((one) => [one.key, one.bars.length])).toEqual([
      ["V2", 2],
      ["V1", 2],
    ]);
  });
  it("reaches over full hours", () => {
    expect(extent(lanes).map(clock)).toEqual(["20:00", "23:00"]);
  });
  it("is marked at full steps of Beijing time that can be read", () => {
    const [from, to] = extent(lanes);
    expect(ticks(from, to, 300).map(({ at }) => clock(at))).toEqual([
      "20:00",
      "21:00",
      "22:00",
      "23:00",
    ]);
    expect(ticks(from, to, 900)).toHaveLength(13);
  });
  it("marks where a day begins", () => {
    const [from] = extent(lanes);
    const days = ticks(from, from + 8 * 3_600_000, 700).filter((one) => one.day);
    expect(days.map(({ at }) => clock(at))).toEqual(["00:00"]);
  });
  it("is walked with the arrow keys, across lanes to what goes on at that time", () => {
    expect(next(lanes, { lane: 0, bar: 0 }, "ArrowRight")).toEqual({ lane: 0, bar: 1 });
    expect(next(lanes, { lane: 0, bar: 1 }, "ArrowRight")).toEqual({ lane: 0, bar: 1 });
    expect(next(lanes, { lane: 0, bar: 1 }, "ArrowDown")).toEqual({ lane: 1, bar: 1 });
    expect(next(lanes, { lane: 1, bar: 0 }, "ArrowDown")).toEqual({ lane: 1, bar: 0 });
    expect(next(lanes, { lane: 1, bar: 0 }, "x")).toBeNull();
  });
});
