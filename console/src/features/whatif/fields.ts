/** What one can set in each part of an option: how it is entered, its unit and its limits. */
export type FieldKind =
  | "share"
  | "number"
  | "hour"
  | "until"
  | "units"
  | "choice"
  | "days"
  | "kinds";

export interface Field {
  key: string;
  kind: FieldKind;
  /** The word of its unit, of the group `unit`. */
  unit?: string;
  min?: number;
  max?: number;
  whole?: boolean;
  /** May be left empty: as much as is needed, or never. */
  empty?: boolean;
  choices?: readonly string[];
  /** The group of the words of `choices`. */
  words?: string;
  /** Folded away until asked for. */
  more?: boolean;
}

/** `kernel.feeds.PLACE_KINDS`. */
export const PLACES = [
  "school",
  "workplace",
  "market",
  "restaurant",
  "shop",
  "bus",
  "hospital",
  "pharmacy",
  "community",
] as const;

const share = (key: string, more = false): Field => ({ key, kind: "share", more });
const whole = (key: string, unit: string, rest: Partial<Field> = {}): Field => ({
  key,
  kind: "number",
  unit,
  min: 0,
  whole: true,
  ...rest,
});

export const FIELDS = {
  areas: [
    { key: "units", kind: "units" },
    {
      key: "kind",
      kind: "choice",
      choices: ["lockdown", "static", "venues_closed"],
      words: "whatifArea",
    },
    { key: "from_hour", kind: "hour" },
    { key: "to_hour", kind: "until" },
    share("strictness"),
    share("compliance"),
    whole("release_clear_d", "days", { empty: true }),
  ],
  rounds: [
    { key: "units", kind: "units" },
    { key: "start_hour", kind: "hour" },
    whole("count", "rounds", { min: 1, max: 60 }),
    whole("every_d", "days", { min: 1 }),
    whole("hours", "hours", { min: 1 }),
    whole("pool_size", "persons", { min: 1 }),
    share("coverage"),
    share("sensitivity", true),
    { key: "dilution_loss", kind: "number", min: 0, more: true },
  ],
  tracing: [
    {
      key: "depth",
      kind: "choice",
      choices: ["0", "1", "2"],
      words: "whatifDepth",
    },
    whole("delay_h", "hours"),
    whole("since_d", "days"),
    share("recall"),
    share("recall_home", true),
    share("recall_places", true),
    share("recall_community", true),
    { key: "close_min", kind: "kinds", unit: "minutes", more: true },
    { key: "near", kind: "kinds", unit: "share", more: true },
    { key: "false_per_case", kind: "number", unit: "persons", min: 0, more: true },
  ],
  isolation: [
    {
      key: "contacts",
      kind: "choice",
      choices: ["none", "home", "central"],
      words: "whatifWhere",
    },
    whole("days", "days"),
    {
      key: "cases",
      kind: "choice",
      choices: ["hospital", "central", "home"],
      words: "whatifWhere",
    },
    whole("case_days", "days"),
    { key: "tests_d", kind: "days" },
    share("sensitivity", true),
    { key: "home_household", kind: "number", min: 0, max: 2, more: true },
    share("home_outside", true),
  ],
  capacities: [
    whole("tests_per_day", "persons_per_day", { empty: true }),
    { key: "lab_tubes_h", kind: "number", unit: "tubes_per_h", min: 0, empty: true },
    { key: "lab_hours", kind: "number", unit: "hours", min: 0 },
    whole("transfers_per_day", "persons_per_day", { empty: true }),
  ],
  closures: [
    { key: "kind", kind: "choice", choices: PLACES, words: "placeKind" },
    share("share"),
    { key: "from_hour", kind: "hour" },
    { key: "to_hour", kind: "until" },
  ],
  masks: [
    share("share"),
    share("effect"),
    { key: "from_hour", kind: "hour" },
    { key: "to_hour", kind: "until" },
  ],
  option: [share("compliance"), whole("clear_d", "days", { empty: true })],
} as const satisfies Record<string, readonly Field[]>;

export type PartName = keyof typeof FIELDS;
