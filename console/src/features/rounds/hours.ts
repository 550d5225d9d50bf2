import type { RoundPointItem } from "@/api/types.ts";

/** Open points first, the shortest queue first among them; nobody told a queue: last of the open. */
export function byQueue(points: readonly RoundPointItem[]): RoundPointItem[] {
  const rank = (one: RoundPointItem) => (one.open ? (one.queue ?? Number.MAX_SAFE_INTEGER) : null);
  return [...points].sort((a, b) => {
    const [first, second] = [rank(a), rank(b)];
    if (first === null || second === null)
      return Number(first === null) - Number(second === null) || a.code.localeCompare(b.code);
    return first - second || a.code.localeCompare(b.code);
  });
}
