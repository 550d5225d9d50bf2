import { day } from "@/shared/format/time.ts";

export const DAYS_BACK = 14;

/** A series on the fourteen days up to `asOf`; a day nobody reported is null, not left out. */
export function onDays(
  series: readonly { date: string; value: number }[],
  asOf: string,
): (number | null)[] {
  const known = new Map(series.map((point) => [point.date, point.value]));
  const end = Date.parse(`${day(asOf)}T12:00Z`);
  return Array.from({ length: DAYS_BACK }, (_, i) => {
    const date = new Date(end - (DAYS_BACK - 1 - i) * 86_400_000).toISOString().slice(0, 10);
    return known.get(date) ?? null;
  });
}

/** How many days before the latest moment `asOf` lies, for the place of the handle. */
export function daysBack(latest: string, asOf: string | null): number {
  if (!asOf) return 0;
  const noon = (at: string): number => Date.parse(`${day(at)}T12:00Z`);
  const days = Math.round((noon(latest) - noon(asOf)) / 86_400_000);
  return Math.min(DAYS_BACK, Math.max(0, days));
}
