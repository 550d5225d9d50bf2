import { useParams } from "react-router";

/** What an address names: a record's number, none, or something no record can have. */
export function recordId(text: string | undefined): number | "bad" | null {
  if (text === undefined) return null;
  return /^[1-9]\d{0,14}$/.test(text) ? Number(text) : "bad";
}

export function useRecordId(): number | "bad" | null {
  return recordId(useParams().id);
}
