import type { Feature } from "geojson";
import { type Bounds, boundsOf, type LayerKey } from "@/map/index.ts";

type Outline = Parameters<typeof boundsOf>[0];
const COUNTY_DEPTH = 3; // province / city / county: below it there are no polygons
export const belowCounty = (path: string): boolean =>
  path.split("/").filter(Boolean).length > COUNTY_DEPTH;

/** What the map shows of a unit: its polygon; below the county, what is known inside it. */
export function firstLook(
  path: string,
  outline: Outline,
  features: ReadonlyMap<LayerKey, readonly Feature[]>,
): Bounds | null {
  if (!belowCounty(path)) return boundsOf(outline);
  const inside = [
    ...(features.get("risk_areas") ?? []),
    // A feature with a number stands for a county outside one's rights.
    ...(features.get("cases") ?? []).filter((f) => f.properties?.count === undefined),
  ];
  return boundsOf(inside.map((f) => f.geometry)) ?? boundsOf(outline);
}
