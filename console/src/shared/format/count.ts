import type { Count } from "@/api/types.ts";
import { number } from "./number.ts";

/**
 * A count as it may be told: "few" under the small-cell figure; "hidden" where the number itself
 * is large enough, but would tell a small one beside it by subtraction.
 */
export type Told = "known" | "few" | "hidden";

export function toldOf({ value, below }: Count): Told {
  if (value !== null) return "known";
  return below === null ? "hidden" : "few";
}

export function countText(count: Count, hidden: string): string {
  if (count.value !== null) return number(count.value);
  return count.below === null ? hidden : `<${number(count.below)}`;
}

/** How far a count may reach: a small cell holds less than its bound; of a hidden one nobody knows. */
export function countMost(count: Count): number | null {
  if (count.value !== null) return count.value;
  return count.below === null ? null : count.below - 1;
}
