import type { Feature, Point } from "geojson";
import type { Facts, Spot } from "./shapes.ts";

/** Places drawn as one: their values together, and how many they are. */
export type Gathered = Feature<Point, Facts & { count: number }>;

const CELL_PX = 26;
const WORLD_PX = 512;
/** Between two steps of the zoom nothing is gathered anew. */
const STEP = 0.5;

export const stepOf = (zoom: number): number => Math.floor(zoom / STEP) * STEP;

/** Spots of one role that share a cell of the screen, as one mark in their middle; the one that is
 * chosen stays apart. */
export function together(
  spots: readonly Spot[],
  zoom: number,
  chosen: string | undefined,
): Gathered[] {
  const scale = (WORLD_PX * 2 ** zoom) / CELL_PX;
  const cells = new Map<string, Spot[]>();
  for (const spot of spots) {
    const { id, role } = spot.properties;
    const [x, y] = mercator(spot).map((part) => Math.floor(part * scale));
    const cell = id === chosen ? `chosen ${id}` : `${role} ${x} ${y}`;
    cells.set(cell, [...(cells.get(cell) ?? []), spot]);
  }
  return [...cells.values()].map(gathered);
}

function gathered(spots: Spot[]): Gathered {
  const mean = (axis: 0 | 1) =>
    spots.reduce((sum, one) => sum + (one.geometry.coordinates[axis] ?? 0), 0) / spots.length;
  const [first] = spots as [Spot, ...Spot[]];
  const value = spots.reduce((sum, one) => sum + one.properties.value, 0);
  return {
    type: "Feature",
    geometry: { type: "Point", coordinates: [mean(0), mean(1)] },
    properties: { ...first.properties, value, count: spots.length },
  };
}

/** Web Mercator, the world from 0 to 1. */
function mercator({ geometry }: Spot): [x: number, y: number] {
  const [lon = 0, lat = 0] = geometry.coordinates;
  const sin = Math.sin((lat * Math.PI) / 180);
  return [lon / 360 + 0.5, 0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI)];
}
