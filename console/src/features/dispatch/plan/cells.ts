/** The code list that the codes of a column belong to, by the column's key. */
const GROUPS: Readonly<Record<string, string>> = {
  constraint: "dispatchConstraint",
  what: "dispatchWhat",
  cohort: "dispatchCohort",
  item: "item",
  good: "item",
  tier: "tier",
  severity: "severity",
  pool: "dispatchPool",
  move: "dispatchMove",
  why: "dispatchWhy",
  skill: "dispatchSkill",
};

export const groupOf = (column: string): string => GROUPS[column] ?? "dispatchCode";

const NUMBERS: readonly string[] = ["number", "km", "persons"];

export const isNumber = (kind: string): boolean => NUMBERS.includes(kind);
