/** The planners, in the order of a day. */
export const PLANNERS = ["rooms", "transfer", "testing", "beds", "supplies", "teams"] as const;
export const STATES = [
  "queued",
  "running",
  "ready",
  "proposed",
  "issued",
  "done",
  "replaced",
  "declined",
  "failed",
  "withdrawn",
] as const;
export const JOB_STATES = ["open", "issued", "begun", "done", "cancelled"] as const;

/** Where the things of a list stand that a dispatcher may name. */
export type Source = { table: string; label?: string } | { role: string } | "lanes";

/** Of which table the rows are that words speak of, which words, which column says where each goes
 * now, and where it could go; a word without targets speaks of the thing alone. */
export interface Worded {
  table: string;
  words: readonly ("pin" | "forbid")[];
  at?: string;
  targets?: Source;
}
const BOTH = ["pin", "forbid"] as const;
export const WORDED: Readonly<Record<string, Worded>> = {
  rooms: {
    table: "rooms",
    words: BOTH,
    at: "site_id",
    targets: { table: "sites", label: "site" },
  },
  transfer: { table: "stops", words: BOTH, at: "vehicle", targets: "lanes" },
  testing: { table: "points", words: ["forbid"] },
  beds: { table: "cases", words: BOTH, at: "hospital_id", targets: { role: "hospital" } },
};

/** What an event of a planner is about, and where what was to go there goes instead. */
export interface Happening {
  thing: Source;
  to?: Source;
}
export const HAPPENINGS: Readonly<Record<string, Readonly<Record<string, Happening>>>> = {
  rooms: { site_full: { thing: { table: "sites", label: "site" } } },
  transfer: {
    vehicle_down: { thing: "lanes" },
    not_home: { thing: { table: "stops", label: "vehicle" } },
    site_full: { thing: { role: "site" }, to: { role: "site" } },
  },
  testing: { point_closed: { thing: { table: "points", label: "name" } } },
  beds: {
    declined: { thing: { table: "cases", label: "case_no" } },
    hospital_full: { thing: { role: "hospital" } },
  },
};

/** Whether it may still change by itself. */
export const underway = ({ state }: { state: string }): boolean =>
  state === "queued" || state === "running";
