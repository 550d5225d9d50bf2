// The names the console uses for what the server sends; generated from schemas/openapi.json.
import type { components } from "./schema.gen.ts";

export type {
  CodeDetail,
  CodeItem,
  Explanation,
  FindingDetail,
  FindingItem,
  Subject,
} from "./awaited.ts";

type Schemas = components["schemas"];

export type Alternative = Schemas["Alternative"];
export type AuditItem = Schemas["AuditItem"];
export type CaseBrief = Schemas["CaseBrief"];
export type CaseDetail = Schemas["CaseDetail"];
export type Clock = Schemas["CaseClock"];
export type ClockBrief = Schemas["ClockBrief"];
export type ClockDetail = Schemas["ClockDetail"];
export type Counts = Schemas["Counts"];
export type Wall = Schemas["Wall"];
export type NotificationItem = Schemas["Notification"];
export type ContactItem = Schemas["ContactItem"];
export type Cost = Schemas["Cost"];
export type DecisionIn = Schemas["VerdictIn"];
export type DirectiveBrief = Schemas["DirectiveBrief"];
export type DirectiveDetail = Schemas["DirectiveDetail"];
export type ErrorBody = Schemas["Error"];
export type FeedItem = Schemas["FeedItem"];
export type FeedState = Schemas["FeedState"];
export type Figure = Schemas["Figure"];
export type HospitalItem = Schemas["HospitalItem"];
export type LabItem = Schemas["LabItem"];
export type MapLayer = Schemas["MapLayer"];
export type MapLayers = Schemas["MapLayers"];
export type Judgement = Schemas["Judgement"];
export type Pack = Schemas["Pack"];
export type PackBrief = Schemas["PackBrief"];
export type PackChange = Schemas["PackChange"];
export type PackRule = Schemas["PackRule"];
export type PointItem = Schemas["PointItem"];
export type ProposalBrief = Schemas["ProposalBrief"];
export type ProposalDetail = Schemas["ProposalDetail"];
export type Reason = Schemas["Reason"];
export type RunBrief = Schemas["RunBrief"];
export type RunStep = Schemas["RunStep"];
export type Session = Schemas["Session"];
export type SignalItem = Schemas["SignalItem"];
export type SiteItem = Schemas["SiteItem"];
export type Situation = Schemas["Situation"];
export type StockItem = Schemas["StockItem"];
export type Text = Schemas["Text"];
/** How something was judged: an operator, what it came to, and its parts. */
export type Trace = Schemas["Judgement"]["trace"];
export type TimelineItem = Schemas["TimelineItem"];
export type Trend = Schemas["Trend"];
export type UnitDetail = Schemas["UnitDetail"];
export type UnitRef = Schemas["UnitRef"];
export type UserItem = Schemas["UserItem"];
export type VehicleItem = Schemas["VehicleItem"];
export type ZoneDetail = Schemas["ZoneDetail"];
export type ZoneItem = Schemas["ZoneItem"];
