import type { JobStep } from "@/api/types.ts";

/** A step as far as what was told of it goes. */
interface Told {
  receipt: { what: string } | null;
}

/** What ends a step; everything else asks for another plan. */
const CLOSES: readonly string[] = ["arrived", "boarded", "handed_over", "accepted", "done"];

export const closed = ({ receipt }: Told): boolean =>
  receipt !== null && CLOSES.includes(receipt.what);

/** The step to do next: the first nothing was told of, then the first that is not closed. */
export function current<T extends Told>(steps: readonly T[]): T | null {
  return steps.find((one) => one.receipt === null) ?? steps.find((one) => !closed(one)) ?? null;
}

/** What may be told of a step: what ends it, and what went wrong. */
export function deeds({ may }: Pick<JobStep, "may">): { main: string | null; wrong: string[] } {
  const main = may.find((what) => CLOSES.includes(what)) ?? null;
  return { main, wrong: may.filter((what) => !CLOSES.includes(what)) };
}
