const NUMBERS: readonly string[] = ["number", "km", "persons"];

/** Whether the column holds figures; a degree is a grade. */
export const isNumber = ({ kind, key }: { kind: string; key: string }): boolean =>
  NUMBERS.includes(kind) && key !== "degree";
