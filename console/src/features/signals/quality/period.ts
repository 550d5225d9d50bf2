import { day } from "@/shared/format/time.ts";

/** Weeks that can be looked at together. */
export const WEEKS = ["4", "12", "26"] as const;
export type Weeks = (typeof WEEKS)[number];

/** Whole weeks up to the day of a moment. */
export function daysOf(weeks: Weeks, moment: number): { from: string; to: string } {
  const first = moment - (Number(weeks) * 7 - 1) * 86_400_000;
  return { from: day(new Date(first).toISOString()), to: day(new Date(moment).toISOString()) };
}
