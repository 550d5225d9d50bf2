/** An option as `engines.whatif.options` reads it; hours are counted from 00:00 of the first day. */
export interface Area {
  units: string[];
  from_hour: number;
  to_hour: number | null;
  kind: string;
  strictness: number;
  compliance: number;
  release_clear_d: number | null;
}
export interface Round {
  units: string[];
  start_hour: number;
  hours: number;
  every_d: number;
  count: number;
  pool_size: number;
  sensitivity: number;
  dilution_loss: number;
  coverage: number;
}
/** A figure of each tier, kind of place, ... */
export type Tier = [name: string, count: number];
export interface Tracing {
  depth: number;
  delay_h: number;
  recall: number;
  recall_home: number;
  recall_places: number;
  recall_community: number;
  close_min: Tier[];
  near: Tier[];
  since_d: number;
  false_per_case: number;
}
export interface Isolation {
  contacts: string;
  cases: string;
  days: number;
  case_days: number;
  tests_d: number[];
  sensitivity: number;
  home_household: number;
  home_outside: number;
}
export interface Capacities {
  rooms: Tier[];
  beds: Tier[];
  tests_per_day: number | null;
  lab_tubes_h: number | null;
  lab_hours: number;
  transfers_per_day: number | null;
}
export interface Closure {
  kind: string;
  share: number;
  from_hour: number;
  to_hour: number | null;
}
export interface Masks {
  share: number;
  effect: number;
  from_hour: number;
  to_hour: number | null;
}
export interface Option {
  name: string;
  areas: Area[];
  rounds: Round[];
  tracing: Tracing;
  isolation: Isolation;
  capacities: Capacities;
  closures: Closure[];
  masks: Masks;
  compliance: number;
  clear_d: number | null;
  costs: [measure: string, each: number][];
}

/** What the engine takes for what is left out: nothing is changed by any of these. */
export const NOTHING: Option = {
  name: "",
  areas: [],
  rounds: [],
  tracing: {
    depth: 0,
    delay_h: 0,
    recall: 1,
    recall_home: 1,
    recall_places: 0,
    recall_community: 0,
    close_min: [],
    near: [],
    since_d: 0,
    false_per_case: 0,
  },
  isolation: {
    contacts: "none",
    cases: "hospital",
    days: 0,
    case_days: 0,
    tests_d: [],
    sensitivity: 1,
    home_household: 1,
    home_outside: 0,
  },
  capacities: {
    rooms: [],
    beds: [],
    tests_per_day: null,
    lab_tubes_h: null,
    lab_hours: 0,
    transfers_per_day: null,
  },
  closures: [],
  masks: { share: 0, effect: 0, from_hour: 0, to_hour: null },
  compliance: 1,
  clear_d: null,
  costs: [],
};
export const AREA: Area = {
  units: [],
  from_hour: 0,
  to_hour: null,
  kind: "lockdown",
  strictness: 1,
  compliance: 1,
  release_clear_d: null,
};
export const ROUND: Round = {
  units: [],
  start_hour: 0,
  hours: 24,
  every_d: 1,
  count: 1,
  pool_size: 1,
  sensitivity: 1,
  dilution_loss: 0,
  coverage: 1,
};
export const CLOSURE: Closure = { kind: "school", share: 1, from_hour: 0, to_hour: null };
