import type { Count } from "@/api/pending.ts";
import { number } from "./number.ts";

/** A count as it may be shown: under the small-cell figure only that there are fewer. */
export function countText(count: Count): string {
  if (count.value !== null) return number(count.value);
  return count.below === null ? "–" : `<${number(count.below)}`;
}

/** How far a count may reach: a small cell may hold anything below its bound. */
export function countMost(count: Count): number {
  return count.value ?? Math.max(0, (count.below ?? 1) - 1);
}
