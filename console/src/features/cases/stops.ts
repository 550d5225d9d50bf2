import type { TimelineItem } from "@/api/types.ts";

export interface NumberedStop {
  lon: number;
  lat: number;
  label: string;
}

/** Numbers of the timeline's places, in order of time; an item without coordinates has none. */
export function stopNumbers(timeline: readonly TimelineItem[]): ReadonlyMap<TimelineItem, number> {
  const placed = timeline.filter(
    (item) => typeof item.place?.lon === "number" && typeof item.place.lat === "number",
  );
  return new Map(placed.map((item, i): [TimelineItem, number] => [item, i + 1]));
}

/** The places of a timeline; one visited more than once carries all its numbers. */
export function stopsOf(timeline: readonly TimelineItem[]): NumberedStop[] {
  const stops = new Map<string, NumberedStop>();
  for (const [item, n] of stopNumbers(timeline)) {
    const { lon, lat } = item.place ?? {};
    const at = `${lon},${lat}`;
    const before = stops.get(at);
    const label = before ? `${before.label},${n}` : String(n);
    stops.set(at, { lon: lon ?? 0, lat: lat ?? 0, label });
  }
  return [...stops.values()];
}
