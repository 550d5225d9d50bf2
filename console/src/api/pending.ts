// What the tracing routes answer, until schemas/openapi.json has them.
import { api } from "./client.ts";
import type { ContactItem, Text, UnitRef } from "./types.ts";

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
export interface ChainEnd {
  kind: string;
  label: string;
  id: number | null;
}
export interface ChainLink {
  from: ChainEnd;
  to: ChainEnd;
  place: Text | null;
  at: string;
  minutes: number | null;
  imputed: boolean;
  rule_id: string;
}
export interface ScoreParts {
  confirmed_min: number;
  imputed_min: number;
  household: boolean;
  link: number;
  via: number | null;
}
export type ContactDetail = TracedContact & {
  exposures_next: string | null;
  decisions: { at: string; by: string; action: string; state: string; reason: string }[];
  chains: { earliest: ChainLink[]; strongest: ChainLink[] };
  score_parts: ScoreParts;
  clearing: Text[];
};
export interface ChainNode {
  id: string;
  kind: string;
  label: Text;
  degree: number | null;
  state: string | null;
  count: number | null;
  below: number | null;
}
export interface ChainEdge {
  from: string;
  to: string;
  minutes: number | null;
  place: Text | null;
  first: string;
  last: string;
  rule_id: string;
  strongest: boolean;
  imputed: boolean;
}
export interface ChainGraph {
  nodes: ChainNode[];
  edges: ChainEdge[];
  left_out: number;
}
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
export interface Letter {
  id: number;
  no: string;
  kind: string;
  supplement_to: string | null;
  case: { id: number; case_no: string };
  from: UnitRef;
  to: UnitRef;
  persons: number;
  made_at: string;
  due_at: string | null;
  state: string;
  overdue: boolean;
  received_at: string | null;
  answered_at: string | null;
  by: string;
  note: string;
  rule_id: string;
  verified: boolean;
}
export interface LetterRow {
  contact_id: number;
  change: string;
  dropped: Text | null;
  masked_name: string;
  degree: number;
  kind: string;
  unit: UnitRef;
  first_exposure: string;
  last_exposure: string;
  places: string[];
  rule_id: string;
  measure: Text | null;
  release_on: string | null;
}
export interface LetterDetail extends Letter {
  rows: LetterRow[];
  rows_next: string | null;
  receipts: {
    at: string;
    by: string;
    unit: UnitRef;
    action: string;
    found: number | null;
    controlled: number | null;
    not_found: number | null;
    note: string;
  }[];
  may: { receive: boolean; report: boolean; answer: boolean; open: boolean };
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
  by_county: { unit: UnitRef; persons: Count }[];
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
  by_county: { unit: UnitRef; persons: Count }[];
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
