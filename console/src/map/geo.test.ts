import type { Feature, Polygon } from "geojson";
import { describe, expect, it } from "vitest";
import {
  asGeometry,
  boundsOf,
  ownShape,
  perUnit,
  placed,
  type Shape,
  shapesOnPath,
  together,
} from "./geo.ts";

const square = (lon: number, lat: number): Polygon => ({
  type: "Polygon",
  coordinates: [
    [
      [lon, lat],
      [lon + 1, lat],
      [lon + 1, lat + 1],
      [lon, lat + 1],
      [lon, lat],
    ],
  ],
});
const county = (code: string, parent: string, lon: number): Shape => ({
  type: "Feature",
  properties: { code, parent, name: code, lon: lon + 0.5, lat: 37.5 },
  geometry: square(lon, 37),
});
const boundaries = [county("A1", "A", 112), county("A2", "A", 113), county("B1", "B", 114)];
const point = (lon: number, lat: number, count?: number): Feature => ({
  type: "Feature",
  properties: count === undefined ? {} : { count },
  geometry: { type: "Point", coordinates: [lon, lat] },
});

describe("a feature that only names its unit", () => {
  const bare: Shape = {
    type: "Feature",
    properties: { code: "A2", colour: "high" },
    geometry: null,
  };

  it("gets the unit's area, and keeps its own facts", () => {
    const [found] = placed([bare], boundaries, "area");
    expect(found?.geometry).toEqual(square(113, 37));
    expect(found?.properties).toMatchObject({ colour: "high", name: "A2" });
  });

  it("or the point the boundary names for it", () => {
    expect(placed([bare], boundaries, "point")[0]?.geometry).toEqual({
      type: "Point",
      coordinates: [113.5, 37.5],
    });
  });

  it("is left out when nobody knows the unit", () => {
    expect(placed([{ ...bare, properties: { code: "Z" } }], boundaries, "area")).toEqual([]);
  });
});

describe("the map of a unit", () => {
  it("shows its own polygon", () => {
    expect(shapesOnPath("P/A/A2/", boundaries)).toEqual([boundaries[1]]);
  });
  it("or its parts, when it has none", () => {
    expect(shapesOnPath("P/A/", boundaries)).toEqual([boundaries[0], boundaries[1]]);
  });
  it("or the county above a village", () => {
    expect(shapesOnPath("P/A/A1/T/V/", boundaries)).toEqual([boundaries[0]]);
  });
  it("is outlined where the unit has a polygon, or the county above it; a province is not", () => {
    expect(ownShape("P/A/A1/T/", boundaries)).toEqual([boundaries[0]]);
    expect(ownShape("P/", boundaries)).toEqual([]);
  });
  it("spans exactly what it shows", () => {
    expect(boundsOf(boundaries.slice(0, 2).map((b) => b.geometry))).toEqual([112, 37, 114, 38]);
    expect(boundsOf([])).toBeNull();
  });
});

describe("points drawn together", () => {
  const near = [point(112.001, 37.001), point(112.002, 37.002), point(112.003, 37.001, 5)];

  it("count every one of them, whatever the zoom", () => {
    for (const zoom of [4, 8, 12, 16]) {
      const total = together([...near, point(114, 39)], zoom).reduce(
        (sum, cell) => sum + cell.count,
        0,
      );
      expect(total).toBe(8);
    }
  });
  it("fall apart when one comes close", () => {
    expect(together(near, 6)).toHaveLength(1);
    expect(together(near, 17)).toHaveLength(3);
  });
});

describe("what the server sends as geometry", () => {
  it("is taken bare or inside a feature, and refused otherwise", () => {
    expect(asGeometry(square(1, 1))).toEqual(square(1, 1));
    expect(asGeometry({ type: "Feature", properties: {}, geometry: square(1, 1) })).toEqual(
      square(1, 1),
    );
    expect(asGeometry(null)).toBeNull();
    expect(asGeometry("nowhere")).toBeNull();
  });
});

describe("features of a unit", () => {
  it("become one with their number and the worst grade", () => {
    const at = (code: string, grade: string) => ({
      type: "Feature" as const,
      geometry: { type: "Point" as const, coordinates: [1, 2] },
      properties: { code, name: code, grade },
    });
    const told = perUnit(
      [at("a", "yellow"), at("a", "red"), at("a", "blue"), at("b", "blue")],
      ["red", "yellow", "blue"],
    ).map(({ properties: p }) => [p?.scope, p?.count, p?.grade]);
    expect(told).toEqual([
      ["a", 3, "red"],
      ["b", 1, "blue"],
    ]);
  });
});
