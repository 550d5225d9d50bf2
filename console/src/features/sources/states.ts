import type { SourceItem, UnitRef } from "@/api/types.ts";

/** Worst first; what a source can be, as the service says it. */
export const STATES = ["outage", "partial", "late", "ok", "never"] as const;
export type SourceState = (typeof STATES)[number];

/** Feeds of daily counts, in the order of the columns. */
export const STREAMS = ["fever_clinic", "pharmacy_sales", "school_absences"] as const;

export const known = (state: string): SourceState | undefined =>
  STATES.find((one) => one === state);

export interface CountyRow {
  unit: UnitRef;
  /** By stream. */
  cells: Readonly<Record<string, SourceItem>>;
}

/** One row a county, in the order in which the counties come. */
export function rowsOf(items: readonly SourceItem[]): CountyRow[] {
  const rows = new Map<string, { unit: UnitRef; cells: Record<string, SourceItem> }>();
  for (const item of items) {
    const row = rows.get(item.unit.code) ?? { unit: item.unit, cells: {} };
    row.cells[item.stream] = item;
    rows.set(item.unit.code, row);
  }
  return [...rows.values()];
}

/** The rows with a source in `state` among the streams shown; all rows without one. */
export function having(
  rows: readonly CountyRow[],
  streams: readonly string[],
  state: string | undefined,
): CountyRow[] {
  if (!state) return [...rows];
  return rows.filter((row) => streams.some((stream) => row.cells[stream]?.state === state));
}

/** How many sources there are of each state. */
export function tally(
  rows: readonly CountyRow[],
  streams: readonly string[],
): Record<SourceState, number> {
  const counts = { outage: 0, partial: 0, late: 0, ok: 0, never: 0 };
  for (const row of rows)
    for (const stream of streams) {
      const state = known(row.cells[stream]?.state ?? "");
      if (state) counts[state] += 1;
    }
  return counts;
}

/** Hours after 0:00 as a clock time and how many days later: 33.5 is 09:30 one day later. */
export function clockOf(hours: number): { time: string; days: number } {
  const minutes = Math.round(hours * 60);
  const of = (n: number): string => String(n).padStart(2, "0");
  return {
    time: `${of(Math.floor((minutes % 1440) / 60))}:${of(minutes % 60)}`,
    days: Math.floor(minutes / 1440),
  };
}
