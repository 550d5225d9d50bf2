import type { Feature, LineString, Point } from "geojson";

/** What one place or way of a plan is, as the service tells it. */
export interface Facts {
  role: string;
  id: string;
  label: string;
  value: number;
}
export type Spot = Feature<Point, Facts>;
export type Way = Feature<LineString, Facts>;

const FROM: readonly string[] = ["home", "cell"];

/** The service's GeoJSON; anything else is left out. */
export function shapesOf(features: readonly unknown[]): Feature<Point | LineString, Facts>[] {
  return features.filter(
    (one): one is Feature<Point | LineString, Facts> =>
      typeof one === "object" && one !== null && "geometry" in one && "properties" in one,
  );
}

export const isFrom = (role: string): boolean => FROM.includes(role);

export function spotsOf(features: readonly unknown[]): Spot[] {
  return shapesOf(features).filter((one): one is Spot => one.geometry.type === "Point");
}

export function waysOf(features: readonly unknown[]): Way[] {
  return shapesOf(features).filter((one): one is Way => one.geometry.type === "LineString");
}
