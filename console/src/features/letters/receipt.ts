export const ACTIONS = ["received", "progress", "answered"] as const;
export type ReceiptAction = (typeof ACTIONS)[number];

export interface ReceiptFields {
  found?: number | null;
  controlled?: number | null;
  not_found?: number | null;
  note?: string;
}
export interface ReceiptSent {
  action: ReceiptAction;
  found?: number;
  controlled?: number;
  not_found?: number;
  note: string;
}
export interface FileAsked {
  format: "csv" | "xlsx";
  purpose: string;
}

/** Signing for a letter tells no figures; progress and the answer do. */
export const tellsFigures = (action: ReceiptAction): boolean => action !== "received";

/** What is sent: figures left empty are left out, never sent as nought. */
export function receiptOf(action: ReceiptAction, fields: ReceiptFields): ReceiptSent {
  const figures = (["found", "controlled", "not_found"] as const).flatMap((name) => {
    const value = fields[name];
    return tellsFigures(action) && typeof value === "number" ? [[name, value] as const] : [];
  });
  return { action, ...Object.fromEntries(figures), note: fields.note?.trim() ?? "" };
}

/** What is wrong with the figures of a receipt; null where they can be true. */
export function wrongFigures(
  { found, controlled, not_found }: ReceiptFields,
  persons: number,
): "tooMany" | "moreControlled" | null {
  if ((found ?? 0) + (not_found ?? 0) > persons) return "tooMany";
  if (typeof found === "number" && (controlled ?? 0) > found) return "moreControlled";
  return null;
}
