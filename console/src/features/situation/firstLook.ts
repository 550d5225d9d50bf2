import type { Feature } from "geojson";
import { type Bounds, boundsOf, type LayerKey } from "@/map/index.ts";

type Outline = Parameters<typeof boundsOf>[0];
const COUNTY_DEPTH = 3; // province / city / county: below it there are no polygons
const INSIDE: readonly LayerKey[] = ["risk_areas", "cases", "contacts"];

export const belowCounty = (path: string): boolean =>
  path.split("/").filter(Boolean).length > COUNTY_DEPTH;

/** What the map shows of a unit: its polygon; below the county, what is known inside it. */
export function firstLook(
  path: string,
  outline: Outline,
  features: ReadonlyMap<LayerKey, readonly Feature[]>,
): Bounds | null {
  if (!belowCounty(path)) return boundsOf(outline);
  const inside = INSIDE.flatMap((key) => features.get(key) ?? []).filter(
    // Numbers of places outside one's rights are not inside.
    (f) =>
      f.properties?.code === undefined ||
      path.includes(String(f.properties.code)) ||
      "zone_id" in f.properties,
  );
  return boundsOf(inside.map((f) => f.geometry)) ?? boundsOf(outline);
}
