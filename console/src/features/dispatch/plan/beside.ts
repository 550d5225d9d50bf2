import type { DispatchFigure, PlanItem } from "@/api/types.ts";

export interface Pair {
  key: string;
  unit: string;
  before: number | null;
  now: number | null;
}

/** Figures of two plans side by side, in the order of the later one. */
export function beside(before: readonly DispatchFigure[], now: readonly DispatchFigure[]): Pair[] {
  const keys = [...new Set([...now, ...before].map((one) => one.key))];
  const find = (all: readonly DispatchFigure[], key: string) => all.find((one) => one.key === key);
  return keys.map((key) => ({
    key,
    unit: find(now, key)?.unit ?? find(before, key)?.unit ?? "",
    before: find(before, key)?.value ?? null,
    now: find(now, key)?.value ?? null,
  }));
}

/** What of everything that could be served is, in whole per cent that never lie: 100 means all. */
export function servedShare({ figures }: Pick<PlanItem, "figures">): number | null {
  const value = (key: string) => figures.find((one) => one.key === key)?.value;
  const [served, left] = [value("served"), value("unserved")];
  if (served === undefined || left === undefined || served + left === 0) return null;
  const share = (100 * served) / (served + left);
  return left > 0 ? Math.min(99, Math.floor(share)) : 100;
}
