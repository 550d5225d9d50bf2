// What the tracing routes answer, until schemas/openapi.json has them.
import { api } from "./client.ts";
import type { components } from "./schema.gen.ts";
import type { ContactItem, Text, UnitRef } from "./types.ts";

type Detail = components["schemas"]["ContactDetail"];

/** People counted; under the small-cell figure only that there are fewer than `below`. */
export interface Count {
  value: number | null;
  below: number | null;
}
export interface Page<T> {
  items: T[];
  next: string | null;
}
export type TracedContact = ContactItem & {
  kind: string;
  places: number;
  two_places: boolean;
};
export type ContactDetail = Detail & TracedContact;
export interface CaseTrace {
  as_of: string;
  ms: number;
  engine: string;
  window: { from: string; to: string; rule_id: string; verified: boolean | null };
  close: number;
  second: number;
  notices: number;
  capped: { found: number; kept: number } | null;
  sensitivity: { tolerance_min: number; sure: number; listed: number; possible: number };
  difference: { added: number; removed: number };
}
export interface ContactChange {
  id: number;
  at: string;
  what: string;
  reason: Text;
  reason_code: string;
  contact: { id: number; masked_name: string; degree: number; unit: UnitRef } | null;
  run_id: number | null;
}
export interface Traced {
  added: ContactChange[];
  removed: ContactChange[];
  ms: number;
}
export interface PlaceOf {
  name: string;
  kind: string;
  unit: UnitRef | null;
  lon: number | null;
  lat: number | null;
}
export interface Venue {
  place: PlaceOf;
  persons: Count;
  by_hour: { hour: string; persons: Count }[];
  by_spot: { name: string; persons: Count }[];
  by_county: { unit: UnitRef | null; persons: Count }[];
  cases: number;
}
export interface Stay {
  place: PlaceOf | null;
  from: string;
  to: string;
  imputed: boolean;
  doubted: boolean;
  source: string;
}
export interface Whereabouts {
  stays: Stay[];
  gaps: { from: string; to: string }[];
}
export interface CommonPlace {
  place: PlaceOf;
  cases: { id: number; case_no: string }[];
  expected: number;
  persons: Count;
  p: number;
  p_adjusted: number;
  visits: { case_id: number; from: string; to: string }[];
}
export interface Common {
  asked: number;
  tested: number;
  places: CommonPlace[];
}
export interface Companions {
  persons: Count;
  by_county: { unit: UnitRef | null; persons: Count }[];
  cells: number;
  rule_id: string;
  verified: boolean | null;
  minutes: number;
  days: number;
}
export interface Inquiry {
  id: number;
  at: string;
  by: string;
  question: string;
  purpose: string;
  note: string;
  subject: Text;
}

interface Options {
  query?: Readonly<Record<string, string | number | boolean | undefined>>;
  body?: object;
  key?: string;
  blob?: boolean;
}
type Request = (method: string, path: string, init: object) => Promise<{ data?: unknown }>;

/** One request of a route the generated client does not know yet. */
export async function ask<T>(method: "get" | "post", path: string, options: Options = {}) {
  const { query, body, key, blob } = options;
  const request = api.request as unknown as Request;
  const { data } = await request(method, `/api/v1${path}`, {
    params: { ...(query ? { query } : {}) },
    ...(body ? { body } : {}),
    ...(key ? { headers: { "Idempotency-Key": key } } : {}),
    ...(blob ? { parseAs: "blob" } : {}),
  });
  return data as T;
}
