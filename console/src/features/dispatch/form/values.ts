import type { FormField } from "@/api/types.ts";

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
