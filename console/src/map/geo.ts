import type { Feature, FeatureCollection, GeoJsonProperties, Geometry, Position } from "geojson";

export type Shape = Feature<Geometry | null, GeoJsonProperties>;
export interface Boundary extends FeatureCollection {
  source: string;
}
export type Bounds = [number, number, number, number];

function isCollection(value: unknown): value is { features: Shape[] } {
  return (
    typeof value === "object" &&
    value !== null &&
    "features" in value &&
    Array.isArray(value.features)
  );
}

/** The features of what the server sent as GeoJSON; nothing when it is none. */
export function featuresOf(value: unknown): Shape[] {
  return isCollection(value) ? value.features : [];
}

/** One geometry of what the server sent; several shapes become one collection. */
export function asGeometry(value: unknown): Geometry | null {
  if (isCollection(value)) {
    const geometries = value.features.flatMap((one) => (one.geometry ? [one.geometry] : []));
    return geometries.length ? { type: "GeometryCollection", geometries } : null;
  }
  if (typeof value !== "object" || value === null || !("type" in value)) return null;
  if (value.type === "Feature" && "geometry" in value) return asGeometry(value.geometry);
  return "coordinates" in value || "geometries" in value ? (value as Geometry) : null;
}

function point(lon: number, lat: number): Geometry {
  return { type: "Point", coordinates: [lon, lat] };
}

/** Gives features that name a unit but carry no geometry the unit's own, from the boundaries. */
export function placed(features: Shape[], boundaries: Shape[], as: "area" | "point"): Feature[] {
  const byCode = new Map(boundaries.map((b) => [String(b.properties?.code), b]));
  return features.flatMap((feature): Feature[] => {
    if (feature.geometry) return [feature as Feature];
    const unit = byCode.get(String(feature.properties?.code));
    if (!unit?.geometry) return [];
    const properties = { name: unit.properties?.name, ...feature.properties };
    const { lon, lat } = unit.properties ?? {};
    const geometry = as === "area" ? unit.geometry : point(Number(lon), Number(lat));
    return [{ type: "Feature", geometry, properties }];
  });
}

export function pointOf(feature: Feature): Position | null {
  return feature.geometry.type === "Point" ? feature.geometry.coordinates : null;
}

function walk(geometry: Geometry, see: (p: Position) => void): void {
  const deep = (value: unknown): void => {
    if (!Array.isArray(value)) return;
    if (typeof value[0] === "number") see(value as Position);
    else for (const part of value) deep(part);
  };
  if (geometry.type === "GeometryCollection") for (const g of geometry.geometries) walk(g, see);
  else deep(geometry.coordinates);
}

export function boundsOf(shapes: readonly (Geometry | null)[]): Bounds | null {
  const box: Bounds = [Infinity, Infinity, -Infinity, -Infinity];
  for (const geometry of shapes) {
    if (!geometry) continue;
    walk(geometry, ([lon = 0, lat = 0]) => {
      box[0] = Math.min(box[0], lon);
      box[1] = Math.min(box[1], lat);
      box[2] = Math.max(box[2], lon);
      box[3] = Math.max(box[3], lat);
    });
  }
  return box[0] <= box[2] ? box : null;
}

/** Boundaries of the narrowest unit on `path` ("14../1401../...") that has a polygon, or of its parts. */
export function shapesOnPath(path: string, boundaries: readonly Shape[]): Shape[] {
  const codes = path.split("/").filter(Boolean).reverse();
  for (const code of codes) {
    const own = boundaries.filter((b) => b.properties?.code === code);
    if (own.length) return own;
    const parts = boundaries.filter((b) => b.properties?.parent === code);
    if (parts.length) return parts;
  }
  return [...boundaries];
}

/** The polygon of the narrowest unit on `path` that has one; the province has none to draw. */
export function ownShape(path: string, boundaries: readonly Shape[]): Shape[] {
  const codes = path.split("/").filter(Boolean).reverse();
  const own = codes.map((code) => boundaries.find((b) => b.properties?.code === code));
  return own.filter((shape) => shape !== undefined).slice(0, 1);
}

/**
 * One feature for each unit that features name, with their number and the worst of their grades,
 * `grades` from the worst; `scope` is the unit, for the list of them.
 */
export function perUnit(features: readonly Feature[], grades: readonly string[]): Feature[] {
  const found = new Map<string, Feature>();
  const rank = (grade: unknown): number => {
    const at = grades.indexOf(String(grade));
    return at < 0 ? grades.length : at;
  };
  for (const { geometry, properties } of features) {
    const code = String(properties?.code);
    const before = found.get(code)?.properties;
    const worse = !before || rank(properties?.grade) < rank(before.grade);
    const grade = worse ? properties?.grade : before.grade;
    const count = Number(before?.count ?? 0) + 1;
    const told = { code, name: properties?.name, scope: code, grade, count };
    found.set(code, { type: "Feature", geometry, properties: told });
  }
  return [...found.values()];
}

export interface Cell {
  position: Position;
  count: number;
  first: Feature;
}

/** Points that would lie within `cellPx` of each other at `zoom` become one, with their number. */
export function together(features: readonly Feature[], zoom: number, cellPx = 40): Cell[] {
  const degrees = (cellPx * 360) / (512 * 2 ** zoom);
  const cells = new Map<
    string,
    { lon: number; lat: number; places: number; count: number; first: Feature }
  >();
  for (const feature of features) {
    const at = pointOf(feature);
    if (!at) continue;
    const [lon = 0, lat = 0] = at;
    const key = `${Math.floor(lon / degrees)}:${Math.floor(lat / degrees)}`;
    const weight = Number(feature.properties?.count ?? 1);
    const cell = cells.get(key) ?? { lon: 0, lat: 0, places: 0, count: 0, first: feature };
    cell.lon += lon;
    cell.lat += lat;
    cell.places += 1;
    cell.count += weight;
    cells.set(key, cell);
  }
  return [...cells.values()].map((c) => ({
    position: [c.lon / c.places, c.lat / c.places],
    count: c.count,
    first: c.first,
  }));
}
