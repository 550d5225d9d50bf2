/**
 * Shapes of routes that are agreed with the service and not yet in its schema. Each leaves this file
 * when `npm run api` has brought the generated one.
 */
import type { components } from "./schema.gen.ts";

type Text = components["schemas"]["Text"];
type UnitRef = components["schemas"]["UnitRef"];

export interface Subject {
  kind: string;
  id: number;
  label: Text;
}
type Trace = components["schemas"]["Judgement"]["trace"];
type Judgement = components["schemas"]["Judgement"];
export interface Explanation {
  decision: number;
  pack_version: string;
  judgements: {
    stored: Judgement;
    replayed: Judgement | null;
    same: boolean;
    trace: Trace;
    words: Text[];
  }[];
}
export interface FindingItem {
  id: number;
  kind: string;
  text: Text;
  unit: UnitRef;
  subject: Subject;
  rule_id: string;
  verified: boolean;
  since: string;
  days: number;
  resolved_at: string | null;
  facts: Record<string, unknown>;
}
export interface FindingDetail extends FindingItem {
  trace: Trace;
}
export interface CodeItem {
  id: number;
  person: string;
  unit: UnitRef;
  colour: string;
  rule_id: string;
  verified: boolean;
  since: string;
  until: string | null;
  set_by: string;
  reason: Text;
}
export interface CodeDetail extends CodeItem {
  trace: Trace;
  appeal: Text;
}

interface Paged<T> {
  items: T[];
  next?: string | null;
}
interface Ok<T> {
  200: { headers: Record<string, unknown>; content: { "application/json": T } };
}
interface Given<Q, P> {
  query?: Q;
  path: P;
  header?: Record<string, string>;
  cookie?: never;
}
interface None {
  query?: never;
  path?: never;
  header?: never;
  cookie?: never;
}
interface Get<T, Q = never, P = undefined> {
  parameters: None;
  get: {
    parameters: P extends undefined ? { query?: Q; header?: never; path?: never } : Given<Q, P>;
    requestBody?: never;
    responses: Ok<T>;
  };
}
interface Paging {
  after?: string;
  limit?: number;
}
type ById = { id: number };
export interface AwaitedPaths {
  "/api/v1/decisions/{id}/explain": Get<Explanation, never, ById>;
  "/api/v1/findings": Get<
    Paged<FindingItem>,
    Paging & { scope?: string; kind?: string; open?: boolean }
  >;
  "/api/v1/findings/{id}": Get<FindingDetail, never, ById>;
  "/api/v1/codes": Get<Paged<CodeItem>, Paging & { scope?: string; colour?: string }>;
  "/api/v1/codes/{id}": Get<CodeDetail, never, ById>;
}
