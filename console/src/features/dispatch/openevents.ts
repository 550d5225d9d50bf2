import type { OpenEvent } from "@/api/types.ts";

/** What is open, plan by plan in the order it came, each event once. */
export function byPlan<T extends Pick<OpenEvent, "plan" | "kind" | "thing">>(
  events: readonly T[],
): [plan: number, events: T[]][] {
  const plans = new Map<number, T[]>();
  for (const one of events) {
    const known = plans.get(one.plan) ?? [];
    const told = known.some((other) => other.kind === one.kind && other.thing === one.thing);
    plans.set(one.plan, told ? known : [...known, one]);
  }
  return [...plans];
}
