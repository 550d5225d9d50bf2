import type { FormField, PlanDetail } from "@/api/types.ts";

/** What the form sends: what was left empty is left to the planner. */
export function filled(
  fields: readonly FormField[],
  values: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const given = fields.flatMap(({ key }): [string, unknown][] => {
    const value = values[key];
    return value === undefined || value === null || value === "" ? [] : [[key, value]];
  });
  return Object.fromEntries(given);
}

/** What the form begins with. */
export function defaults(fields: readonly FormField[]): Record<string, unknown> {
  return Object.fromEntries(
    fields.flatMap((one): [string, unknown][] =>
      one.default === null || one.default === undefined ? [] : [[one.key, one.default]],
    ),
  );
}

/** The same question from now on: moments are left to the planner, all else stays. */
export function fromNow(
  fields: readonly FormField[],
  asked: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  return filled(
    fields.filter((one) => one.kind !== "moment"),
    asked,
  );
}

/** When a plan that nobody approved yet should have begun, and how long ago that was. */
export function lateBy(
  plan: Pick<PlanDetail, "state" | "bars">,
  now: number,
): { begins: string; ms: number } | null {
  if (plan.state !== "ready" && plan.state !== "proposed") return null;
  const first = plan.bars.reduce<string | null>(
    (least, { begins }) => (least === null || begins < least ? begins : least),
    null,
  );
  const ms = first === null ? 0 : now - Date.parse(first);
  return first !== null && ms >= 60_000 ? { begins: first, ms } : null;
}
