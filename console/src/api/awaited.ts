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
export type Expression =
  | string
  | number
  | boolean
  | null
  | Expression[]
  | { [name: string]: Expression };
export interface Trace {
  op: string;
  value: unknown;
  held: boolean;
  unknown: boolean;
  fact: string | null;
  figure: string | null;
  parts: Trace[];
}
export interface Judgement {
  pack_id: string;
  version: string;
  digest: string;
  rule_id: string;
  subject: string;
  facts: Record<string, unknown>;
  held: boolean;
  outcome: Record<string, unknown>;
  trace: Trace;
}
export interface PackBrief {
  id: string;
  disease: string;
  topic: string;
  edition: Text;
  effective_from: string;
  effective_to: string | null;
  jurisdiction: string;
  version: string | null;
  figures: number;
  verified_figures: number;
  in_force: boolean;
}
export interface Condition {
  id: string;
  text: Text;
  when: Expression;
}
export interface PackRule {
  rule_id: string;
  text: Text;
  mark: string;
  verified: boolean;
  source: string[];
  legal_basis: Text | null;
  of: string | null;
  when: Expression | null;
  then: Record<string, unknown> | null;
  release: { all?: Condition[]; any?: Condition[] } | null;
  escalate: string | null;
  priority: number | null;
}
export interface ResolvedFigure {
  key: string;
  value: unknown;
  unit: string;
}
export interface PackPage {
  id: string;
  disease: string;
  topic: string;
  edition: Text;
  version: string;
  effective_from: string;
  effective_to: string | null;
  jurisdiction: string;
  may_tighten: string[];
  figures: PackFigure[];
  rules: PackRule[];
  clocks: PackClock[];
  schedules: PackSchedule[];
  thresholds: PackThreshold[];
  escalations: PackEscalation[];
  amendments: PackAmendment[];
}
export interface PackFigure {
  key: string;
  title: Text;
  value: unknown;
  unit: string;
  rule_id: string;
  verified: boolean;
  mark: string;
  source: string;
  note: string;
  minimum: number | null;
  maximum: number | null;
  stricter: string | null;
  set_by: string;
}
export interface PackClock {
  id: string;
  name: Text;
  rule_id: string;
  of: string;
  when: Expression | null;
  anchor: string;
  stop: string | null;
  length: ResolvedFigure | null;
  due: string | null;
  unit: string;
  first_day: number;
  top_up: boolean;
  owner: string;
  escalate: string | null;
}
export interface PackStage {
  place: string;
  days: ResolvedFigure;
  test_days: ResolvedFigure | null;
  count_from: string;
  sample: string;
  pooled: boolean;
  double: boolean;
  by: string;
}
export interface PackSchedule {
  id: string;
  name: Text;
  rule_id: string;
  of: string;
  when: Expression | null;
  anchor: string;
  first_day: number;
  top_up: boolean;
  stages: PackStage[];
  release: { all?: Condition[]; any?: Condition[] } | null;
}
export interface PackThreshold {
  id: string;
  name: Text;
  rule_id: string;
  of: string;
  where: Expression | null;
  per: string;
  site_kinds: string[];
  distinct_by: string | null;
  within_days: ResolvedFigure | null;
  any: ThresholdTest[] | null;
  all: ThresholdTest[] | null;
  then: Record<string, unknown>;
}
export interface ThresholdTest {
  at_least?: ResolvedFigure;
  at_least_pct?: ResolvedFigure;
  of_total?: string;
  on_each_of_days?: ResolvedFigure;
  where?: Expression;
}
export interface PackEscalation {
  id: string;
  name: Text;
  rule_id: string;
  steps: { step: string; at_pct: ResolvedFigure; levels_up: number }[];
}
export interface PackAmendment {
  id: string;
  title: Text;
  effective_from: string;
  transition: Text | null;
  retroactive: boolean;
}
export interface PackChange {
  section: string;
  key: string;
  what: "added" | "removed" | "changed";
  before: unknown;
  after: unknown;
  rule_id: string;
}
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
interface Post<T, B, P> {
  parameters: None;
  post: {
    parameters: Given<never, P>;
    requestBody: { content: { "application/json": B } };
    responses: Ok<T>;
  };
}
interface Paging {
  after?: string;
  limit?: number;
}
type ById = { id: number };
type ByName = { id: string };
export interface AwaitedPaths {
  "/api/v1/packs": Get<PackBrief[], { as_of?: string }>;
  "/api/v1/packs/{id}": Get<PackPage, { as_of?: string }, ByName>;
  "/api/v1/packs/{id}/diff": Get<{ changes: PackChange[] }, { from: string; to: string }, ByName>;
  "/api/v1/packs/{id}/judge": Post<
    Judgement,
    { rule_id: string; facts: Record<string, unknown>; as_of?: string },
    ByName
  >;
  "/api/v1/decisions/{id}/explain": Get<Explanation, never, ById>;
  "/api/v1/findings": Get<
    Paged<FindingItem>,
    Paging & { scope?: string; kind?: string; open?: boolean }
  >;
  "/api/v1/findings/{id}": Get<FindingDetail, never, ById>;
  "/api/v1/codes": Get<Paged<CodeItem>, Paging & { scope?: string; colour?: string }>;
  "/api/v1/codes/{id}": Get<CodeDetail, never, ById>;
}
