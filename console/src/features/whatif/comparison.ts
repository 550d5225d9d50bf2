import type { Comparison } from "@/api/types.ts";

/** What a comparison answers: figures over the paired runs. */
export type Answer = NonNullable<Comparison["answer"]>;
export type Series = Answer["series"][number];
export type Difference = Answer["differences"]["rows"][number];
/** Mean and quantiles of one figure; null where there is nothing to tell. */
export type Spread = Pick<
  Answer["totals"][number],
  "mean" | "q025" | "q10" | "q50" | "q90" | "q975"
>;
export type Closed = NonNullable<Answer["closed"]>[number];
export type Calibration = NonNullable<Answer["calibration"]>;
export type Handover = NonNullable<Answer["handover"]>;
export type HandedCounty = Handover["counties"][number];
