import type { PublicPoint } from "@/api/types.ts";

const RANK: Readonly<Record<string, number>> = { open: 0, later: 1, shut: 2 };

/** Open points first, the shortest wait first among them; where nobody told it, last of the open. */
export function byWait(points: readonly PublicPoint[]): PublicPoint[] {
  const rank = (one: PublicPoint) => RANK[one.state] ?? 3;
  const wait = (one: PublicPoint) => one.wait_min ?? Number.MAX_SAFE_INTEGER;
  return [...points].sort(
    (a, b) => rank(a) - rank(b) || wait(a) - wait(b) || a.name.localeCompare(b.name),
  );
}
