/** Something that happened somewhere, as far as the place is located. */
interface Happened {
  place?: { lon: number | null; lat: number | null } | null;
}
export interface NumberedStop {
  lon: number;
  lat: number;
  label: string;
}

/** Numbers of the timeline's places, in order of time; an item without coordinates has none. */
export function stopNumbers<T extends Happened>(timeline: readonly T[]): ReadonlyMap<T, number> {
  const placed = timeline.filter(
    (item) => typeof item.place?.lon === "number" && typeof item.place.lat === "number",
  );
  return new Map(placed.map((item, i): [T, number] => [item, i + 1]));
}

/** More numbers than this do not fit on a dot; it then tells how often. */
const MOST_NUMBERS = 3;

/** The places of a timeline; one visited more than once carries its numbers, or how often. */
export function stopsOf(timeline: readonly Happened[]): NumberedStop[] {
  const stops = new Map<string, { lon: number; lat: number; numbers: number[] }>();
  for (const [item, n] of stopNumbers(timeline)) {
    const { lon, lat } = item.place ?? {};
    const at = `${lon},${lat}`;
    const numbers = [...(stops.get(at)?.numbers ?? []), n];
    stops.set(at, { lon: lon ?? 0, lat: lat ?? 0, numbers });
  }
  return [...stops.values()].map(({ lon, lat, numbers }) => ({
    lon,
    lat,
    label: numbers.length > MOST_NUMBERS ? `×${numbers.length}` : numbers.join(","),
  }));
}
