import type { Counts, Wall } from "@/api/types.ts";
import { type Chosen, total } from "./buckets.ts";

/** The wall's own number for a list; null for a combination the wall does not show. */
export function counted(wall: Wall, chosen: Chosen): number | null {
  const { bucket, owner, clock } = chosen;
  const of = (counts: Counts | undefined): number | null =>
    counts ? (bucket ? counts[bucket] : total(counts)) : null;
  if (clock) return owner ? null : of(wall.kinds.find((one) => one.clock === clock));
  if (owner) return of(wall.owners.find((one) => one.unit.code === owner));
  return of(wall.totals);
}
