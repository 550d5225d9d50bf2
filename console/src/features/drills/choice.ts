import type { DrillChoice, DrillEvening } from "@/api/types.ts";

/** Nothing is ordered. */
export const NOTHING: DrillChoice = {
  degrees: [],
  most: null,
  areas: [],
  round: false,
  lock: false,
  protect: false,
};

/** With `value` added or, where it is there already, taken out. */
export function toggled<T>(list: readonly T[], value: T): T[] {
  return list.includes(value) ? list.filter((one) => one !== value) : [...list, value];
}

/** All areas, or none when all are chosen already. */
export function allAreas(choice: DrillChoice, evening: DrillEvening): DrillChoice {
  const every = evening.areas.map((one) => one.code);
  return { ...choice, areas: choice.areas.length === every.length ? [] : every };
}

/** People a choice holds back tomorrow: isolated, and in closed areas; they may be the same. */
export function reach(choice: DrillChoice, evening: DrillEvening) {
  const contacts = evening.contacts
    .filter((one) => choice.degrees.includes(one.degree))
    .reduce((sum, one) => sum + one.people, 0);
  const chosen = evening.areas.filter((one) => choice.areas.includes(one.code));
  return {
    isolated: Math.min(contacts, choice.most ?? contacts),
    areas: chosen.length,
    closed: chosen.reduce((sum, one) => sum + one.people, 0),
  };
}

/** Whether two choices order the same. */
export function same(one: DrillChoice, other: DrillChoice): boolean {
  const key = (choice: DrillChoice): string =>
    JSON.stringify([
      [...choice.degrees].sort(),
      choice.degrees.length ? (choice.most ?? null) : null,
      [...choice.areas].sort(),
      choice.round,
      choice.lock,
      choice.protect,
    ]);
  return key(one) === key(other);
}

export const knownCases = ({ cases }: DrillEvening): number =>
  cases.reduce((sum, one) => sum + one.community + one.isolated, 0);
