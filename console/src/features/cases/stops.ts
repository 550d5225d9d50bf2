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

export function stopsOf(timeline: readonly TimelineItem[]): NumberedStop[] {
  return [...stopNumbers(timeline)].map(([item, n]) => ({
    lon: item.place?.lon ?? 0,
    lat: item.place?.lat ?? 0,
    label: String(n),
  }));
}
