import type { Answer, Spread } from "./comparison.ts";

/** Options are known by a letter everywhere, so that nobody has to tell colours apart. */
export const letter = (position: number): string => String.fromCharCode(65 + position);

/** Measures in the order in which a meeting asks for them; rooms and beds are of all tiers. */
export const ORDER = [
  "infections",
  "detected",
  "severe",
  "person_days",
  "person_days_locked",
  "person_days_static",
  "person_days_home",
  "person_days_central",
  "waiting",
  "rooms",
  "beds",
  "tests",
  "lab_hours",
  "tubes",
  "transfers",
  "cost",
  "detected_community",
  "contacts",
  "p_rooms_out",
  "p_beds_out",
  "p_transfers_out",
  "p_no_community_case",
  "p_released",
  "detected_in_quarantine",
  "in_quarantine_share",
] as const;

const rank = (measure: string): number => {
  const at = (ORDER as readonly string[]).indexOf(measure.split(".")[0] ?? "");
  return at < 0 ? ORDER.length : at;
};

export const isChance = (measure: string): boolean => measure.startsWith("p_");
export const isShare = (measure: string): boolean =>
  isChance(measure) || measure === "in_quarantine_share";
export const isTier = (measure: string): boolean => /^(rooms|beds)\./.test(measure);

/** Levels at the end of a day: their figure for the whole period is the highest. */
export const isLevel = (measure: string): boolean =>
  isTier(measure) || measure === "waiting" || measure === "lab_hours";

/** Which days something happens on is told beside what binds, not as a figure among others. */
const DATES = ["release_day", "rooms_out_day", "beds_out_day", "transfers_out_day"];

const tells = (one: Spread): boolean => Boolean(one.mean) || Boolean(one.q025) || Boolean(one.q975);

const ordered = (measures: Iterable<string>): string[] =>
  [...new Set(measures)].sort((one, other) => rank(one) - rank(other) || one.localeCompare(other));

/** Measures with a course that tells something: not nought with every option on every day. */
export function drawn({ series }: Answer): string[] {
  const alive = series.filter((one) => [...one.mean, ...one.q975].some((value) => value));
  return ordered(alive.map((one) => one.measure));
}

/** Measures that are a figure over the whole period, likewise. */
export function counted({ totals }: Answer): string[] {
  return ordered(
    totals.filter((one) => tells(one) && !DATES.includes(one.measure)).map((one) => one.measure),
  );
}

export function totalOf({ totals }: Answer, option: string, measure: string): Spread | null {
  return totals.find((one) => one.option === option && one.measure === measure) ?? null;
}

/** Names of the options in the order in which they were asked. */
export function optionsOf({ totals }: Answer): string[] {
  return [...new Set(totals.map((one) => one.option))];
}

export type Level = "80" | "95";

export function interval(spread: Spread, level: Level): [number, number] | null {
  const [low, high] = level === "80" ? [spread.q10, spread.q90] : [spread.q025, spread.q975];
  return typeof low === "number" && typeof high === "number" ? [low, high] : null;
}

/** No false exactness: three figures that count above a hundred, one decimal below ten. */
export function rounded(value: number): number {
  const size = Math.abs(value);
  if (size >= 1000) {
    const step = 10 ** (Math.floor(Math.log10(size)) - 2);
    return Math.round(value / step) * step;
  }
  return size >= 10 ? Math.round(value) : Math.round(value * 10) / 10;
}

/** A day counted from the first; null where it lies beyond the period in most runs. */
export function dayOf(answer: Answer, option: string, measure: string): Spread | null {
  const found = totalOf(answer, option, measure);
  return found && typeof found.q50 === "number" && found.q50 < answer.days.length ? found : null;
}

/** How often it comes to it by the last day: the mean of a flag. */
export function chanceOf(answer: Answer, option: string, measure: string): number | null {
  return totalOf(answer, option, measure)?.mean ?? null;
}

/** Restrictions of all kinds with their interval, or null where an older answer has the mean only. */
export function personDays(answer: Answer, option: string): [number, number] | null {
  const total = totalOf(answer, option, "person_days");
  return total && interval(total, "80");
}

/** From the fewest person-days on: the options no other one beats in both. */
export function front({ pareto }: Answer): Answer["pareto"] {
  return pareto
    .filter((one) => one.on_front)
    .toSorted((one, other) => one.person_days - other.person_days);
}
