import { describe, expect, it } from "vitest";
import type { Spot } from "./shapes.ts";
import { stepOf, together } from "./together.ts";

const home = (id: string, lon: number, lat = 37.8): Spot => ({
  type: "Feature",
  geometry: { type: "Point", coordinates: [lon, lat] },
  properties: { role: "home", id, label: "", value: 2 },
});

describe("homes on the map", () => {
  const homes = [home("1", 112.55), home("2", 112.55), home("3", 113.9)];
  it("are drawn together where they would cover each other, none is lost", () => {
    const far = together(homes, 6, undefined);
    expect(far.map((one) => [one.properties.count, one.properties.value])).toEqual([
      [2, 4],
      [1, 2],
    ]);
    const all = together(homes, 3, undefined);
    expect(all.reduce((sum, one) => sum + one.properties.count, 0)).toBe(3);
  });
  it("come apart as one zooms in, as far as their places differ", () => {
    const near = together([home("1", 112.55), home("2", 112.56)], 13, undefined);
    expect(near).toHaveLength(2);
  });
  it("leave the chosen one apart", () => {
    const chosen = together(homes, 6, "2");
    expect(chosen.find((one) => one.properties.id === "2")?.properties.count).toBe(1);
  });
  it("are gathered anew at half steps of the zoom only", () => {
    expect([6.1, 6.4, 6.6].map(stepOf)).toEqual([6, 6, 6.5]);
  });
});
