import type { SignalItem } from "@/api/types.ts";
import { actionsFor, mayBeSnoozed, type SignalAction } from "./actions.ts";

/** Worst first, as the rules name them. */
export const GRADES = ["red", "orange", "yellow", "blue"] as const;

const ORDER: readonly string[] = GRADES;

export function rank(grade: string): number {
  const at = ORDER.indexOf(grade);
  return at < 0 ? GRADES.length : at;
}

/** Worse by grade, then by z; a rule has no z. */
export const byWorst = (a: SignalItem, b: SignalItem): number =>
  rank(a.grade) - rank(b.grade) || (b.z ?? 0) - (a.z ?? 0) || a.id - b.id;

export interface Failure {
  id: number;
  error: Error;
}

/** How far something done with these signals reaches. */
export function reach(signals: readonly SignalItem[]): { signals: number; counties: number } {
  return { signals: signals.length, counties: new Set(signals.map((s) => s.unit.code)).size };
}

/** Those whose state allows it, and how many are left as they are. */
export function fitting(
  action: SignalAction,
  signals: readonly SignalItem[],
): { fit: SignalItem[]; left: number } {
  const fit = signals.filter((one) => actionsFor(one.state).includes(action));
  return { fit, left: signals.length - fit.length };
}

/** One signal, the worst, for each county and stream that may be silenced. */
export function silenced(signals: readonly SignalItem[]): SignalItem[] {
  const kept = new Map<string, SignalItem>();
  for (const one of [...signals].filter((s) => mayBeSnoozed(s.state)).sort(byWorst)) {
    const key = `${one.unit.code}:${one.stream}`;
    if (!kept.has(key)) kept.set(key, one);
  }
  return [...kept.values()];
}

export function chunks<T>(items: readonly T[], most: number): T[][] {
  const found: T[][] = [];
  for (let i = 0; i < items.length; i += most) found.push(items.slice(i, i + most));
  return found;
}
