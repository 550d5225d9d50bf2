import type { Count } from "@/api/types.ts";
import { number } from "./number.ts";

/**
 * A count as it may be told: "known" rounded, or nobody; "few" under a bound; "hidden" where it
 * would tell a small one beside it.
 */
export type Told = "known" | "few" | "hidden";

export function toldOf({ value, below }: Count): Told {
  if (value !== null) return "known";
  return below === null ? "hidden" : "few";
}

/** hidden: the word for it; about: how a rounded number is written. */
export function countText(count: Count, hidden: string, about = (told: string) => told): string {
  if (count.value !== null) {
    const told = number(count.value);
    return count.about ? about(told) : told;
  }
  return count.below === null ? hidden : `<${number(count.below)}`;
}

/** How far a count may reach: a small cell holds less than its bound; of a hidden one nobody knows. */
export function countMost(count: Count): number | null {
  if (count.value !== null) return count.value;
  return count.below === null ? null : count.below - 1;
}
