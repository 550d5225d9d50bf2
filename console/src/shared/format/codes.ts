/** The code list that the codes of a column of a plan belong to, by the column's key. */
const GROUPS: Readonly<Record<string, string>> = {
  constraint: "dispatchConstraint",
  what: "dispatchWhat",
  cohort: "dispatchCohort",
  degree: "degree",
  flags: "dispatchFlag",
  item: "item",
  delivery_type: "deliveryType",
  again_by: "againBy",
  good: "item",
  tier: "tier",
  severity: "dispatchSeverity",
  pool: "dispatchPool",
  move: "dispatchMove",
  why: "dispatchConstraint",
  skill: "dispatchSkill",
};

export const groupOf = (column: string): string | undefined => GROUPS[column];
