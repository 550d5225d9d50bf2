import type { PoolItem, ReadyItem } from "@/api/types.ts";

/** The states of each kind, as the service knows them (a test holds the two together). */
export const STATES: Readonly<Record<string, readonly string[]>> = {
  site: ["open", "reserve", "preparing", "closed"],
  room: ["free", "taken", "cleaning", "disinfecting", "closed"],
  hospital: ["open", "reserve", "preparing", "closed"],
  laboratory: ["open", "reserve", "preparing", "closed"],
  machine: ["ready", "running", "repair", "off"],
  sampler: ["ready", "on_duty", "resting", "away"],
  point: ["reserve", "preparing", "open", "closed"],
  vehicle: ["ready", "out", "disinfecting", "broken"],
  driver: ["ready", "on_duty", "resting", "away"],
  courier: ["ready", "out", "broken"],
  delivery: ["ready", "out", "broken"],
  store: ["open", "reserve", "preparing", "closed"],
  lot: ["usable", "quarantined", "expired", "withdrawn"],
  enterprise: ["producing", "paused", "closed"],
  price_point: ["open", "reserve", "preparing", "closed"],
  checkpoint: ["reserve", "preparing", "open", "closed"],
  team: ["ready", "on_duty", "resting", "away"],
};
export const KINDS: readonly string[] = Object.keys(STATES);
/** What of a thing of each kind can be taken; a store or a price point holds nothing itself. */
export const POOLS: Readonly<Record<string, readonly string[]>> = {
  site: ["places"],
  room: ["places"],
  hospital: ["beds", "icu"],
  laboratory: ["tubes_per_day"],
  machine: ["tubes_per_day"],
  sampler: ["persons"],
  point: ["desks"],
  vehicle: ["seats", "vehicle"],
  driver: ["persons"],
  courier: ["vehicle"],
  delivery: ["vehicle"],
  store: [],
  lot: ["units"],
  enterprise: ["units_per_day"],
  price_point: [],
  checkpoint: ["lanes"],
  team: ["persons"],
};
/** The kind of thing that such a thing stands in. */
export const STANDS_IN: Readonly<Record<string, string>> = {
  room: "site",
  machine: "laboratory",
  lot: "store",
};
/** States in which something of it can be taken at once. */
export const USABLE: readonly string[] = [
  "open",
  "free",
  "ready",
  "running",
  "on_duty",
  "out",
  "usable",
  "producing",
];
/** Kinds that a unit turns to emergency use. */
export const TURNING: readonly string[] = ["site", "hospital", "laboratory", "point"];

/** The pool that tells most about a thing: where least is free for its size. */
export function tightest(pools: readonly PoolItem[]): PoolItem | null {
  const share = ({ free, total }: PoolItem) => (total > 0 ? free / total : 1);
  return pools.reduce<PoolItem | null>(
    (least, one) => (least === null || share(one) < share(least) ? one : least),
    null,
  );
}

export interface Total {
  kind: string;
  pool: string;
  units: number;
  things: number;
  open: number;
  held: number;
  opening: number;
  emergency: number;
}

/** Readiness of all units together, a line for each pool of a kind, in the order of `KINDS`. */
export function totals(rows: readonly ReadyItem[]): Total[] {
  const found = new Map<string, Total>();
  for (const row of rows) {
    const key = `${row.kind}/${row.pool}`;
    const one = found.get(key) ?? {
      kind: row.kind,
      pool: row.pool,
      units: 0,
      things: 0,
      open: 0,
      held: 0,
      opening: 0,
      emergency: 0,
    };
    found.set(key, {
      ...one,
      units: one.units + 1,
      things: one.things + row.things,
      open: one.open + row.open,
      held: one.held + row.held,
      opening: one.opening + row.opening,
      emergency: one.emergency + row.emergency,
    });
  }
  return [...found.values()].sort(
    (a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) || a.pool.localeCompare(b.pool),
  );
}
