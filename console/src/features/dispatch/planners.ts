/** The planners, in the order of a day. */
export const PLANNERS = [
  "rooms",
  "transfer",
  "testing",
  "recollect",
  "beds",
  "supplies",
  "procurement",
  "parcels",
  "teams",
] as const;
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
export type Source = Listed | { role: string } | "lanes";
/** Rows of a table: the columns that name them, the one that is meant (its id where none is said),
 * and the one that says where they go. */
interface Listed {
  table: string;
  label?: readonly string[];
  key?: string;
  at?: string;
}

/** Of which table the rows are that words speak of, which words, which column names the thing (its
 * id where none is said), which says where it goes now, and where it could go; a word without
 * targets speaks of the thing alone. */
export interface Worded {
  table: string;
  words: readonly ("pin" | "forbid")[];
  thing?: string;
  at?: string;
  targets?: Source;
  /** Columns by which a thing is found by typing. */
  label?: readonly string[];
}
const BOTH = ["pin", "forbid"] as const;
const WORDED: Readonly<Record<string, readonly Worded[]>> = {
  rooms: [
    {
      table: "rooms",
      words: BOTH,
      at: "site_id",
      targets: { table: "sites", label: ["site"] },
      label: ["unit", "site", "room"],
    },
  ],
  transfer: [
    { table: "stops", words: BOTH, at: "vehicle", targets: "lanes", label: ["vehicle", "site"] },
  ],
  testing: [{ table: "points", words: ["forbid"], label: ["name"] }],
  recollect: [{ table: "again", words: ["forbid"], label: ["unit", "tubes_of", "team"] }],
  beds: [
    {
      table: "cases",
      words: BOTH,
      at: "hospital_id",
      targets: { role: "hospital" },
      label: ["case_no", "hospital"],
    },
  ],
  supplies: [
    { table: "moves", words: ["forbid"], thing: "from_store", label: ["from"] },
    { table: "orders", words: ["forbid"] },
  ],
  procurement: [{ table: "orders", words: ["forbid"], label: ["supplier"] }],
  parcels: [
    { table: "deliveries", words: ["forbid"], label: ["unit", "item", "vehicle"] },
    { table: "trips", words: ["forbid"], label: ["vehicle", "store"] },
  ],
  teams: [
    {
      table: "tasks",
      words: BOTH,
      at: "need",
      targets: { table: "cover", label: ["place"] },
      label: ["place"],
    },
  ],
};

/** What can be said of the rows of a table; null where nothing can. */
export const wordedOf = (planner: string, table: string): Worded | null =>
  WORDED[planner]?.find((one) => one.table === table) ?? null;

/** What an event of a planner is about, and where what was to go there goes instead. */
export interface Happening {
  thing: Source;
  to?: Source;
}
export const HAPPENINGS: Readonly<Record<string, Readonly<Record<string, Happening>>>> = {
  rooms: { site_full: { thing: { table: "sites", label: ["site"] } } },
  transfer: {
    vehicle_down: { thing: "lanes" },
    not_home: { thing: { table: "stops", label: ["vehicle", "site"] } },
    site_full: { thing: { role: "site" }, to: { role: "site" } },
  },
  testing: {
    point_closed: { thing: { table: "points", label: ["name"] } },
    vehicle_down: { thing: { table: "trips", key: "vehicle", label: ["laboratory"] } },
  },
  recollect: {
    not_home: { thing: { table: "again", label: ["unit", "team"] } },
    refused: { thing: { table: "again", label: ["unit", "team"] } },
    vehicle_down: { thing: { table: "visits", key: "team", label: ["unit"] } },
  },
  beds: {
    declined: { thing: { table: "cases", label: ["case_no"] } },
    hospital_full: { thing: { role: "hospital" } },
  },
  supplies: { store_closed: { thing: { role: "store" } } },
  procurement: { declined: { thing: { table: "orders", label: ["supplier"] } } },
  parcels: {
    vehicle_down: { thing: { table: "trips", label: ["vehicle", "store"] } },
    road_closed: { thing: { table: "deliveries", label: ["unit", "item"] } },
    store_closed: { thing: { role: "store" } },
  },
  teams: { absent: { thing: { table: "hours" } } },
};

/** Whether it may still change by itself. */
export const underway = ({ state }: { state: string }): boolean =>
  state === "queued" || state === "running";
