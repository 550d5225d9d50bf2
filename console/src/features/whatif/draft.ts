import {
  AREA,
  CLOSURE,
  type Isolation,
  NOTHING,
  type Option,
  ROUND,
  type Tier,
  type Tracing,
} from "./shapes.ts";

/** An option on the page: complete, with a key of its own, so that a new name loses nothing. */
export interface OptionDraft extends Option {
  key: string;
}
export interface Draft {
  title: string;
  days: number;
  runs: number;
  /** Infected whom no registered case infected, expected; null: as the pack says. */
  unseen: number | null;
  /** The key of the option the others are compared with. */
  against: string;
  options: OptionDraft[];
}

export const MOST_OPTIONS = 8;
export const DAYS = { least: 1, most: 60, usual: 14 } as const;
export const RUNS = { least: 20, most: 200, usual: 100 } as const;

export const UNSEEN = { least: 0, most: 10_000 } as const;

export type Loose = Readonly<Record<string, unknown>>;

let made = 0;
export const newKey = (): string => `option-${++made}`;

const over = <T extends object>(base: T, raw: unknown): T => ({
  ...base,
  ...(typeof raw === "object" && raw !== null ? (raw as Partial<T>) : {}),
});

/** Tiers come as pairs or as a mapping; both are data the engine takes. */
export function tiers(raw: unknown): Tier[] {
  const pairs = Array.isArray(raw) ? raw : Object.entries(raw ?? {});
  return (pairs as [unknown, unknown][]).map(([name, n]) => [String(name), Number(n)]);
}

const list = (raw: unknown): unknown[] => (Array.isArray(raw) ? raw : []);

/** A stored option or a template with everything left out filled in as the engine would. */
export function complete(raw: Loose, key = newKey()): OptionDraft {
  const capacities = over(NOTHING.capacities, raw.capacities);
  const tracing = over(NOTHING.tracing, raw.tracing);
  return {
    key,
    name: String(raw.name ?? ""),
    areas: list(raw.areas).map((one) => over(AREA, one)),
    rounds: list(raw.rounds).map((one) => over(ROUND, one)),
    tracing: { ...tracing, close_min: tiers(tracing.close_min), near: tiers(tracing.near) },
    isolation: over(NOTHING.isolation, raw.isolation),
    capacities: {
      ...capacities,
      rooms: tiers(capacities.rooms),
      beds: tiers(capacities.beds),
    },
    closures: list(raw.closures).map((one) => over(CLOSURE, one)),
    masks: over(NOTHING.masks, raw.masks),
    compliance: typeof raw.compliance === "number" ? raw.compliance : NOTHING.compliance,
    clear_d: typeof raw.clear_d === "number" ? raw.clear_d : null,
    costs: tiers(raw.costs),
  };
}

/** Nothing is done with what the registers have: what an option is told against. */
export const asRegistered = ({ capacities }: { capacities: unknown }): OptionDraft =>
  complete({ capacities }, "");

/** Unit costs of the pack, as the templates bring them. */
export const priced = ({ templates }: { templates: readonly Loose[] }): Tier[] =>
  tiers(templates[0]?.costs);

export const same = (one: unknown, other: unknown): boolean =>
  JSON.stringify(one) === JSON.stringify(other);

/** What is sent: an option without what changes nothing. */
export function strip({ key: _, ...option }: OptionDraft): Loose {
  const set = Object.entries(option).filter(
    ([name, value]) => name === "name" || !same(value, NOTHING[name as keyof Option]),
  );
  return { ...Object.fromEntries(set), name: option.name.trim() };
}

/** A name nobody has yet: "Name", "Name 2", "Name 3". */
export function freeName(wanted: string, taken: readonly string[]): string {
  const base = wanted.trim();
  if (!taken.includes(base)) return base;
  let n = 2;
  while (taken.includes(`${base} ${n}`)) n += 1;
  return `${base} ${n}`;
}

export function add(draft: Draft, raw: Loose, name: string): Draft {
  if (draft.options.length >= MOST_OPTIONS) return draft;
  const taken = draft.options.map((one) => one.name);
  const fresh = complete({ ...raw, name: freeName(name, taken) });
  return { ...draft, options: [...draft.options, fresh], against: draft.against || fresh.key };
}

export function change(draft: Draft, key: string, next: OptionDraft): Draft {
  return { ...draft, options: draft.options.map((one) => (one.key === key ? next : one)) };
}

/** The last one stays: a question has at least one option. */
export function remove(draft: Draft, key: string): Draft {
  const options = draft.options.filter((one) => one.key !== key);
  if (options.length === 0) return draft;
  const against = draft.against === key ? (options[0]?.key ?? "") : draft.against;
  return { ...draft, options, against };
}

/** A draft made of stored options; `against` is the name of one of them. */
export function draftOf(raw: readonly Loose[], question: Omit<Draft, "options">): Draft {
  const options = raw.slice(0, MOST_OPTIONS).map((one) => complete(one));
  const against = options.find((one) => one.name === question.against) ?? options[0];
  const { title, days, runs, unseen } = question;
  return { title, days, runs, unseen, options, against: against?.key ?? "" };
}

/** A figure or phrase of an option, told in words by the page. */
export interface Said {
  what:
    | "area"
    | "rounds"
    | "tracing"
    | "noTracing"
    | "isolation"
    | "noIsolation"
    | "cases"
    | "capacities"
    | "closures"
    | "masks"
    | "noMasks"
    | "compliance"
    | "clear"
    | "noAreas"
    | "noRounds";
  code?: string;
  n?: number;
  m?: number;
}

/** What an option does that another does not: a phrase for each part in which they differ. */
export function differs(option: Option, from: Option = NOTHING): Said[] {
  const apart = (part: keyof Option): boolean => !same(option[part], from[part]);
  return [
    ...(apart("areas") ? areasSaid(option) : []),
    ...(apart("rounds") ? roundsSaid(option) : []),
    ...(apart("tracing") ? [tracingSaid(option.tracing)] : []),
    ...(apart("isolation") ? isolationSaid(option.isolation, from.isolation) : []),
    ...(apart("capacities") ? [{ what: "capacities" } as const] : []),
    ...(apart("closures") ? [{ what: "closures", n: option.closures.length } as const] : []),
    ...(apart("masks")
      ? [{ what: option.masks.share ? "masks" : "noMasks", n: option.masks.share } as const]
      : []),
    ...(apart("compliance") ? [{ what: "compliance", n: option.compliance } as const] : []),
    ...(apart("clear_d") ? [{ what: "clear", n: option.clear_d ?? 0 } as const] : []),
  ];
}

function areasSaid({ areas }: Option): Said[] {
  if (areas.length === 0) return [{ what: "noAreas" }];
  const kinds = [...new Set(areas.map((one) => one.kind))];
  return kinds.map((code) => {
    const units = areas.filter((one) => one.kind === code).flatMap((one) => one.units);
    return { what: "area", code, n: new Set(units).size };
  });
}

function roundsSaid({ rounds }: Option): Said[] {
  if (rounds.length === 0) return [{ what: "noRounds" }];
  return rounds.map(({ count, every_d }) => ({ what: "rounds", n: count, m: every_d }));
}

function tracingSaid({ depth, delay_h }: Tracing): Said {
  return depth === 0 ? { what: "noTracing" } : { what: "tracing", code: String(depth), n: delay_h };
}

function isolationSaid(isolation: Isolation, from: Isolation): Said[] {
  const said: Said[] = [];
  const { contacts, days, cases, case_days } = isolation;
  if (contacts !== from.contacts || days !== from.days)
    said.push(
      contacts === "none"
        ? { what: "noIsolation" }
        : { what: "isolation", code: contacts, n: days },
    );
  if (cases !== from.cases || case_days !== from.case_days)
    said.push({ what: "cases", code: cases, n: case_days });
  return said;
}
