/** The code list that the codes of a column belong to, by the column's key. */
const GROUPS: Readonly<Record<string, string>> = {
  constraint: "dispatchConstraint",
  what: "dispatchWhat",
  cohort: "dispatchCohort",
  item: "item",
  good: "item",
  tier: "tier",
  severity: "dispatchSeverity",
  pool: "dispatchPool",
  move: "dispatchMove",
  why: "dispatchConstraint",
  skill: "dispatchSkill",
};

export const groupOf = (column: string): string => GROUPS[column] ?? "dispatchCode";

const NUMBERS: readonly string[] = ["number", "km", "persons"];

/** Whether the column holds figures; a degree is a grade. */
export const isNumber = ({ kind, key }: { kind: string; key: string }): boolean =>
  NUMBERS.includes(kind) && key !== "degree";
