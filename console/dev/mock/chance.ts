/** A small seeded generator (mulberry32), so that the mock shows the same thing every time. */
export function chance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export const rng = chance(20221019);
export const int = (low: number, high: number): number =>
  low + Math.floor(rng() * (high - low + 1));
export function pick<T>(list: readonly T[]): T {
  const value = list[Math.floor(rng() * list.length)];
  if (value === undefined) throw new Error("pick from an empty list");
  return value;
}
