import type { Plan, PlanOption } from "./types.ts";

type Ranks = { key: string; rank: number };
interface Given {
  options: readonly Pick<PlanOption, "key">[];
  simulation: { options: readonly Ranks[] };
}

/** As the model ranks them once it has answered, what it was not asked about last; the numbers
 * stay those of the plan. */
export function ranked<P extends Given>(plan: P): (P["options"][number] & { n: number })[] {
  const by = new Map(plan.simulation.options.map((one) => [one.key, one.rank]));
  const last = plan.options.length + 1;
  return plan.options
    .map((one, n) => ({ ...one, n: n + 1 }))
    .sort((a, b) => (by.get(a.key) ?? last) - (by.get(b.key) ?? last) || a.n - b.n);
}

/** Whether the outbreak model still works on the zonings. */
export const underway = ({ simulation }: { simulation: Pick<Plan["simulation"], "state"> }) =>
  simulation.state === "queued" || simulation.state === "running";
