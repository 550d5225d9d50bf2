import type { ThingIn } from "@/api/types.ts";
import { POOLS, STANDS_IN, USABLE } from "./kinds.ts";

/** What the form for a new thing holds; every field but the first four may be empty. */
export interface Wish {
  kind: string;
  code: string;
  name: string;
  unit: string;
  state: string;
  part_of?: string;
  capacity?: Record<string, number | null>;
  emergency?: Record<string, number | null>;
  opens_in_h?: number | null;
  lon?: number | null;
  lat?: number | null;
  facts?: Record<string, string | undefined>;
}

function amounts(given: Wish["capacity"], pools: readonly string[]): Record<string, number> {
  return Object.fromEntries(
    pools.flatMap((pool) => {
      const n = given?.[pool];
      return typeof n === "number" ? [[pool, n] as const] : [];
    }),
  );
}

/** What is sent: only fields the kind has, whatever was typed before another kind was chosen. */
export function draft(wish: Wish, facts: readonly string[]): ThingIn {
  const pools = POOLS[wish.kind] ?? [];
  const emergency = amounts(wish.emergency, pools);
  const told = facts.flatMap((name) => {
    const value = wish.facts?.[name]?.trim();
    return value ? [[name, value] as const] : [];
  });
  return {
    kind: wish.kind,
    code: wish.code.trim(),
    name: wish.name.trim(),
    unit: wish.unit,
    state: wish.state,
    part_of: wish.kind in STANDS_IN ? (wish.part_of ?? "") : "",
    capacity: amounts(wish.capacity, pools),
    emergency: Object.keys(emergency).length ? emergency : null,
    opens_in_h: USABLE.includes(wish.state) ? null : (wish.opens_in_h ?? null),
    lon: wish.lon ?? null,
    lat: wish.lat ?? null,
    facts: Object.fromEntries(told),
  };
}
