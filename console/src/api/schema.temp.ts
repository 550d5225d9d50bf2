// Temporary: hand-written until schemas/openapi.json exists; then schema.gen.ts takes its place.
export interface Text {
  zh: string;
  en: string;
}
export interface UnitRef {
  code: string;
  name: string;
  level: string;
  path: string;
}
export type Scalar = string | number | boolean | null;
export type Facts = Record<string, unknown>;
export interface DrillDown {
  route: string;
  filters: Record<string, Scalar>;
}
export interface ErrorBody {
  code: string;
  message: Text;
  facts: Facts;
}
export interface Incident {
  id: number;
  name: Text;
  disease: string;
  level: string | null;
  mode: string;
  synthetic: boolean;
  pack: string;
}
export interface Session {
  user: { username: string; display_name: string };
  posts: { id: number; unit: UnitRef; role: string }[];
  permissions: string[];
  scope: UnitRef;
  incident: Incident | null;
  clock: { now: string; latest_as_of: string | null; offset_s: number };
}
export interface UnitDetail extends UnitRef {
  parent: string | null;
  zone: boolean;
  host: UnitRef | null;
  population: number | null;
  population_source: string;
  identifiers: {
    authority: string;
    value: string;
    valid_from: string | null;
    valid_to: string | null;
  }[];
  ancestors: UnitRef[];
}
export interface UnitChild extends UnitRef {
  population: number | null;
}
export interface Figure {
  key: string;
  value: number | null;
  change: number | null;
  unit: string;
  list: DrillDown;
  series: { date: string; value: number | null }[];
  missing: Text | null;
}
export interface TrendPoint {
  date: string;
  value: number | null;
  low?: number | null;
  high?: number | null;
}
export interface Trend {
  key: string;
  unit: string;
  points: TrendPoint[];
}
export interface FeedState {
  feed: string;
  sender: string;
  last_received_at: string | null;
  last_data_date: string | null;
  rows: number;
  rejected: number;
  late: boolean;
}
export interface RunStep {
  name: string;
  state: string;
  seconds: number | null;
  summary: Facts;
  error: Text | null;
}
export interface RunBrief {
  id: number;
  as_of: string;
  state: string;
  started_at: string;
  finished_at: string | null;
  seconds: number | null;
  steps: RunStep[];
}
export interface Situation {
  as_of: string;
  scope: UnitRef;
  synthetic: boolean;
  figures: Figure[];
  trends: Trend[];
  feeds: FeedState[];
  run: RunBrief | null;
}
export interface MapLayer {
  key: string;
  count: number;
  age_of_data: string | null;
  suppressed: boolean;
  features: Facts;
}
export interface MapLayers {
  as_of: string;
  source: string;
  layers: MapLayer[];
}
export interface Boundary {
  type: string;
  features: Facts[];
  source: string;
}
export interface ProposalBrief {
  id: number;
  kind: string;
  title: Text;
  unit: UnitRef;
  state: string;
  priority: number;
  waiting_cost: Text | null;
  created_at: string;
  as_of: string;
  decided_at: string | null;
}
export interface Reason {
  text: Text;
  rule_id: string | null;
  verified: boolean | null;
  source: string | null;
  facts: Facts;
  list?: DrillDown | null;
}
export interface Cost {
  key: string;
  label: Text;
  value: number | null;
  unit: string;
  low?: number | null;
  high?: number | null;
}
export interface Alternative {
  key: string;
  label: Text;
  costs: Cost[];
  chosen: boolean;
}
export interface DecisionBrief {
  id: number;
  verdict: string;
  reason: string;
  by: string;
  post: string;
  at: string;
}
export interface ProposalDetail extends ProposalBrief {
  reasons: Reason[];
  cost: Cost[];
  alternatives: Alternative[];
  if_nothing: Text | null;
  recipients: UnitRef[];
  recipients_count: number;
  pack: { id: string; version: string };
  run_id: number;
  inputs_hash: string;
  geometry: Facts | null;
  detail: {
    columns: { key: string; label: Text; unit?: string | null }[];
    rows: Facts[];
    total: number;
  };
  decision: DecisionBrief | null;
}
export interface DirectiveBrief {
  id: number;
  number: string;
  title: Text;
  kind: string;
  from_unit: UnitRef;
  to_unit: UnitRef;
  parent_id: number | null;
  children_count: number;
  state: string;
  overdue: boolean;
  issued_at: string;
  sign_due_at: string | null;
  due_at: string | null;
  signed_at: string | null;
  reported_at: string | null;
  receipts: { total: number; signed: number; reported: number };
}
export interface DirectiveDetail extends DirectiveBrief {
  text: Text;
  decision: DecisionBrief | null;
  proposal_id: number | null;
  ancestors: DirectiveBrief[];
  children: DirectiveBrief[];
  events: { at: string; action: string; by: string; unit: UnitRef; note: string }[];
  may: { receive: boolean; sign: boolean; report: boolean; close: boolean; forward: boolean };
}
export interface CaseBrief {
  id: number;
  case_no: string;
  unit: UnitRef;
  county: UnitRef;
  category: string;
  state: string;
  age_band: string;
  sex: string;
  onset_date: string | null;
  sampled_at: string | null;
  confirmed_at: string | null;
  reported_at: string | null;
  found_by: string;
  severity: string;
  contacts_close: number;
  contacts_second: number;
  flags: string[];
}
export interface Place {
  name: string;
  kind: string;
  lon: number | null;
  lat: number | null;
}
export interface TimelineItem {
  at: string;
  to: string | null;
  kind: string;
  label: Text;
  place?: Place | null;
  imputed?: boolean;
}
export interface Clock {
  rule_id: string;
  name: Text;
  due_at: string;
  state: string;
}
export interface CaseDetail extends CaseBrief {
  identity: { name: string; id_no: string; address: string; masked: boolean };
  window: { from: string; to: string; rule_id: string; verified: boolean };
  timeline: TimelineItem[];
  infector_candidates: { case_id: number; case_no: string; reason: Text }[];
  history: { at: string; action: string; by: string; changes: Facts }[];
  clocks: Clock[];
}
export interface Exposure {
  setting: string;
  place: { name: string; kind: string; unit: UnitRef | null } | null;
  from: string;
  to: string;
  minutes: number;
  imputed: boolean;
  rule_id: string;
}
export interface ContactItem {
  id: number;
  degree: number;
  unit: UnitRef;
  masked_name: string;
  first_exposure: string;
  last_exposure: string;
  minutes: number;
  exposures_count: number;
  rule_id: string;
  rule: Text;
  imputed: boolean;
  score: number;
  is_case: boolean;
  state: string;
  via: { contact_id: number } | null;
  release_on: string | null;
  exposures: Exposure[];
}
export interface ContactWithCase extends ContactItem {
  case: { id: number; case_no: string };
}
export interface Identity {
  name: string;
  id_no: string;
  birth_date: string;
  address: string;
}
export interface SignalItem {
  id: number;
  unit: UnitRef;
  stream: string;
  date: string;
  observed: number;
  expected: number;
  z: number;
  p_value: number;
  grade: string;
  method: string;
  state: string;
  evidence: {
    history: { date: string; count: number | null }[];
    expected_upper: number;
    tested: number;
  };
  known_at: string;
}
export interface ZoneItem {
  id: number;
  unit: UnitRef;
  level: string;
  kind: string;
  state: string;
  since: string;
  residents: number;
  households: number;
  person_days: number;
  evidence: { cases: { id: number; case_no: string }[]; places: string[]; windows: string[] };
  release: {
    conditions: { rule_id: string; text: Text; met: boolean; due_on: string | null }[];
    earliest_on: string | null;
  };
  overdue_release: boolean;
  rule_id: string;
  pack_version: string;
}
export interface ZoneDetail extends ZoneItem {
  geometry: Facts | null;
}
export interface SiteItem {
  id: number;
  name: string;
  unit: UnitRef;
  rooms_total: number;
  rooms_free: number;
  lon: number | null;
  lat: number | null;
  updated_at: string | null;
}
export interface HospitalItem {
  id: number;
  name: string;
  unit: UnitRef;
  beds_total: number;
  beds_free: number;
  icu_total: number;
  icu_free: number;
  updated_at: string | null;
}
export interface VehicleItem {
  id: number;
  plate: string;
  unit: UnitRef;
  depot: string;
  seats: number;
  state: string;
}
export interface StockItem {
  id: number;
  item: string;
  unit: UnitRef;
  store: string;
  quantity: number;
  daily_use: number | null;
  days_of_cover: number | null;
  expires_on: string | null;
}
export interface PointItem {
  id: number;
  name: string;
  unit: UnitRef;
  desks: number;
}
export interface LabItem {
  id: number;
  name: string;
  unit: UnitRef;
  tubes_per_day: number;
}
export interface FeedItem {
  id: number;
  name: string;
  kind: string;
  sender: string;
  sha256: string;
  received_at: string;
  rows_in: number;
  accepted: number;
  rejected: number;
  duplicates: number;
  flagged: number;
  state: string;
  reason: Text | null;
  has_repair: boolean;
}
export interface Pack {
  id: string;
  disease: string;
  edition: string;
  effective_from: string;
  effective_to: string | null;
  version: string;
  amendments: string[];
  figures: {
    key: string;
    value: Scalar | Scalar[];
    unit: string;
    rule_id: string;
    verified: boolean;
    source: string;
    note: string;
  }[];
}
export interface ReportItem {
  period: string;
  as_of: string;
  langs: string[];
  formats: string[];
}
export interface AuditItem {
  seq: number;
  at: string;
  actor: string;
  action: string;
  object: string;
  facts: Facts;
  hash: string;
}
export interface UserItem {
  id: number;
  username: string;
  display_name: string;
  posts: { id: number; unit: UnitRef; role: string }[];
  active: boolean;
}
export interface Page<T> {
  items: T[];
  next: string | null;
}

type Ok<R> = {
  200: { headers: Record<string, unknown>; content: { "application/json": R } };
  default: { headers: Record<string, unknown>; content: { "application/json": ErrorBody } };
};
type PathOf<P> = [P] extends [never] ? { path?: never } : { path: P };
type Get<R, Q = object, P = never> = {
  parameters: {
    query?: Q & { scope?: string; as_of?: string };
    header?: never;
    cookie?: never;
  } & PathOf<P>;
  get: {
    parameters: {
      query?: Q & { scope?: string; as_of?: string };
      header?: never;
      cookie?: never;
    } & PathOf<P>;
    requestBody?: never;
    responses: Ok<R>;
  };
};
type Post<R, B = never, P = never> = {
  parameters: { query?: never; header?: never; cookie?: never } & PathOf<P>;
  post: {
    parameters: {
      query?: never;
      header?: { "Idempotency-Key"?: string };
      cookie?: never;
    } & PathOf<P>;
    requestBody?: { content: { "application/json": B } };
    responses: Ok<R>;
  };
};
type Id = { id: number };
type Paged = { after?: string; limit?: number };
export interface DecisionIn {
  verdict: "approve" | "amend" | "reject";
  reason: string;
  amendment?: { due_hours?: number; exclude_units?: string[]; note?: string };
}

export interface paths {
  "/api/v1/session": Get<Session> &
    Post<unknown, { username: string; password: string } | { secret: string }> & {
      delete: {
        parameters: { query?: never; header?: never; cookie?: never; path?: never };
        responses: Ok<unknown>;
      };
    };
  "/api/v1/session/password": Post<unknown, { new_password: string }>;
  "/api/v1/units": Get<UnitRef[], { q?: string }>;
  "/api/v1/units/{code}": Get<UnitDetail, object, { code: string }>;
  "/api/v1/units/{code}/children": Get<UnitChild[], object, { code: string }>;
  "/api/v1/situation": Get<Situation>;
  "/api/v1/map/boundaries/{layer}": Get<Boundary, object, { layer: string }>;
  "/api/v1/map/layers": Get<MapLayers>;
  "/api/v1/proposals": Get<Page<ProposalBrief>, Paged & { state?: string; kind?: string }>;
  "/api/v1/proposals/{id}": Get<ProposalDetail, object, Id>;
  "/api/v1/proposals/{id}/decision": Post<
    { decision: DecisionBrief; directives: DirectiveBrief[] },
    DecisionIn,
    Id
  >;
  "/api/v1/directives": Get<
    Page<DirectiveBrief>,
    Paged & { state?: string; unit?: string; mine?: boolean; overdue?: boolean }
  >;
  "/api/v1/directives/{id}": Get<DirectiveDetail, object, Id>;
  "/api/v1/directives/{id}/sign": Post<DirectiveDetail, { note?: string }, Id>;
  "/api/v1/directives/{id}/report": Post<DirectiveDetail, { text: string; figures?: Facts }, Id>;
  "/api/v1/directives/{id}/close": Post<DirectiveDetail, { note?: string }, Id>;
  "/api/v1/directives/{id}/forward": Post<
    DirectiveDetail,
    { to_units: string[]; note?: string },
    Id
  >;
  "/api/v1/cases": Get<
    Page<CaseBrief>,
    Paged & {
      category?: string;
      state?: string;
      reported_from?: string;
      reported_to?: string;
      onset_from?: string;
      onset_to?: string;
      q?: string;
    }
  >;
  "/api/v1/cases/{id}": Get<CaseDetail, object, Id>;
  "/api/v1/cases/{id}/contacts": Get<
    Page<ContactItem>,
    Paged & { degree?: number; state?: string },
    Id
  >;
  "/api/v1/cases/{id}/identity": Post<Identity, { purpose: string; note: string }, Id>;
  "/api/v1/contacts": Get<Page<ContactWithCase>, Paged & { degree?: number; state?: string }>;
  "/api/v1/signals": Get<Page<SignalItem>, Paged & { state?: string }>;
  "/api/v1/signals/{id}": Get<SignalItem, object, Id>;
  "/api/v1/signals/{id}/take": Post<SignalItem, { reason?: string }, Id>;
  "/api/v1/signals/{id}/verify": Post<SignalItem, { reason?: string }, Id>;
  "/api/v1/signals/{id}/dismiss": Post<SignalItem, { reason?: string }, Id>;
  "/api/v1/zones": Get<Page<ZoneItem>, Paged & { level?: string; state?: string }>;
  "/api/v1/zones/{id}": Get<ZoneDetail, object, Id>;
  "/api/v1/resources/sites": Get<Page<SiteItem>, Paged>;
  "/api/v1/resources/hospitals": Get<Page<HospitalItem>, Paged>;
  "/api/v1/resources/vehicles": Get<Page<VehicleItem>, Paged>;
  "/api/v1/resources/stocks": Get<Page<StockItem>, Paged>;
  "/api/v1/resources/points": Get<Page<PointItem>, Paged>;
  "/api/v1/resources/labs": Get<Page<LabItem>, Paged>;
  "/api/v1/runs": Get<Page<RunBrief>, Paged> & Post<RunBrief, { as_of?: string }>;
  "/api/v1/feeds": Get<Page<FeedItem>, Paged>;
  "/api/v1/feeds/sources": Get<FeedState[]>;
  "/api/v1/packs/{id}": Get<Pack, object, { id: string }>;
  "/api/v1/reports": Get<ReportItem[]>;
  "/api/v1/audit": Get<
    Page<AuditItem>,
    Paged & { actor?: string; action?: string; object?: string }
  >;
  "/api/v1/audit/verify": Get<{ ok: boolean; checked: number; first_bad: number | null }>;
  "/api/v1/users": Get<UserItem[]> &
    Post<
      { one_time_secret: string },
      { username: string; display_name: string; posts: { unit: string; role: string }[] }
    >;
}
