/** Why a signal was none, as a closed list; the record keeps the code, and what was added to it. */
export const DISMISSALS = [
  "data_error",
  "denominator",
  "known_cause",
  "other_disease",
  "chance",
  "duplicate",
  "other",
] as const;
export type Dismissal = (typeof DISMISSALS)[number];

/** Of the list it says nothing by itself: a sentence is needed. */
export const needsNote = (code: Dismissal): boolean => code === "other";

export function written(code: Dismissal, note: string): string {
  return note.trim() ? `${code}: ${note.trim()}` : code;
}

/** A reason as it was written; one from elsewhere is a sentence without a code. */
export function read(reason: string): { code: Dismissal | null; note: string } {
  const [head = "", ...rest] = reason.split(":");
  const code = DISMISSALS.find((one) => one === head.trim());
  return code ? { code, note: rest.join(":").trim() } : { code: null, note: reason };
}
