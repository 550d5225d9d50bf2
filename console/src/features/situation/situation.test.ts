import { describe, expect, it } from "vitest";
import { SPECS } from "@/map/index.ts";
import { addressOf, readCamera, readLayers, writeCamera, writeLayers } from "./address.ts";
import { DAYS_BACK, daysBack, onDays } from "./daysBack.ts";

describe("the map in the address", () => {
  it("comes back as it was written", () => {
    expect(readCamera(writeCamera({ lon: 112.55, lat: 37.87, zoom: 8.2 }))).toEqual({
      lon: 112.55,
      lat: 37.87,
      zoom: 8.2,
    });
    expect(readCamera("nowhere")).toBeNull();
  });
  it("names layers only when they are not the usual ones", () => {
    const usual = readLayers(null);
    expect(writeLayers(usual)).toBeNull();
    const fewer = new Set([...usual].slice(1));
    expect(readLayers(writeLayers(fewer))).toEqual(fewer);
    expect(readLayers(writeLayers(new Set())).size).toBe(0);
  });
});

describe("the days of a figure", () => {
  it("are fourteen, with a gap where nobody reported", () => {
    const series = [
      { date: "2022-11-06", value: 3 },
      { date: "2022-11-08", value: 0 },
    ];
    const days = onDays(series, "2022-11-08T12:00:00Z");
    expect(days).toHaveLength(14);
    expect(days.slice(-3)).toEqual([3, null, 0]);
  });
});

describe("the time slider", () => {
  const latest = "2022-11-08T12:00:00Z";
  it("stands at now without a moment, and at the day of one", () => {
    expect(daysBack(latest, null)).toBe(0);
    expect(daysBack(latest, "2022-11-05T12:00:00Z")).toBe(3);
  });
  it("does not run off its ends", () => {
    expect(daysBack(latest, "2021-01-01T00:00:00Z")).toBe(DAYS_BACK);
    expect(daysBack(latest, "2023-01-01T00:00:00Z")).toBe(0);
  });
});

describe("a click on the map", () => {
  const mark = (key: string, count: number, properties: Record<string, unknown>) => {
    const spec = SPECS.find((one) => one.key === key);
    if (!spec) throw new Error(key);
    const geometry = { type: "Point" as const, coordinates: [112, 37] };
    return addressOf({ spec, count, feature: { type: "Feature", geometry, properties } });
  };
  it("opens the signals of a county, however many", () => {
    expect(mark("signals", 4, { scope: "140105000000" })).toEqual([
      "/signals",
      { scope: "140105000000" },
    ]);
  });
  it("opens one case, and not one of several drawn together", () => {
    expect(mark("cases", 1, { case_id: 7 })).toEqual(["/cases/7"]);
    expect(mark("cases", 3, { case_id: 7 })).toBeNull();
  });
});
