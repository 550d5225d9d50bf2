import type * as T from "../../src/api/types.ts";
import { chance } from "./chance.ts";
import { readChecks, writeChecks } from "./checks.ts";
import { type Answer, matching, missing, no, ok, page } from "./reply.ts";
import { day, iso, NOW } from "./times.ts";
import { countyUnits, PROVINCE, units } from "./units.ts";

const text = (zh: string, en: string): T.Text => ({ zh, en });
const draw = chance(20221108);
const int = (low: number, high: number): number => low + Math.floor(draw() * (high - low + 1));

const STREAMS = ["fever_clinic", "pharmacy_sales", "school_absences"] as const;
const GRADES = ["red", "orange", "yellow", "blue"] as const;
const ORDER: readonly string[] = GRADES;
const DAYS = 28;
const LONG: T.UnitRef = {
  code: "152522000000",
  name: "内蒙古自治区锡林郭勒盟阿巴嘎旗",
  level: "county",
  path: `${PROVINCE.path}152522000000/`,
};

type Days = NonNullable<T.SignalItem["evidence"]["history"]>;

function days(usual: number, rise: number, modelled: boolean): Days {
  return Array.from({ length: DAYS }, (_, i) => {
    const weekday = (DAYS - i) % 7 === 2 ? 0.6 : 1;
    const expected = usual * weekday;
    const grown = i >= DAYS - 4 ? (rise * (i - DAYS + 5)) / 4 : 0;
    const count = Math.max(0, Math.round(expected + grown + (draw() - 0.5) * usual * 0.35));
    const gap = i === 12 && draw() < 0.4;
    return {
      date: day(DAYS - 1 - i),
      count: gap ? null : count,
      ...(modelled ? { expected, upper: expected * 1.45 + 2 } : {}),
    };
  });
}

interface Given {
  unit: T.UnitRef;
  grade: (typeof GRADES)[number];
  state?: string;
  kind?: "joint" | "rule" | "single";
  stream?: string;
  group: number;
}
let next = 300;

/** What a rule of a pack raised: it expects nothing. */
const RULED = {
  stream: "cases",
  observed: 12,
  expected: null,
  z: null,
  p_value: null,
  probability: null,
  method: "rule",
  evidence: { history: [], tested: null, expected_upper: null },
  rule: {
    pack: "influenza-school",
    version: "influenza-school",
    rule_id: "TH-2",
    text: text(
      "一周内同一学校出现10例及以上流感样病例：报告并核实。",
      "Ten or more influenza-like illnesses in one school within a week: report and verify.",
    ),
    groups: [{ name: "晋源实验小学三年级", first: day(5), last: day(1), persons: 12 }],
    proposal_id: 20,
  },
};

function measured({ kind = "single", stream = "fever_clinic", grade }: Given) {
  const rise = 34 - 8 * GRADES.indexOf(grade);
  if (kind === "rule") return RULED;
  const joint = kind === "joint";
  const of = (one: string, usual: number, up: number) => {
    const history = days(usual, up, joint);
    const observed = history.at(-1)?.count ?? 0;
    return { stream: one, history, observed, z: 1 + (4 * up) / usual, usual };
  };
  const found = joint
    ? [of(STREAMS[0], 42, rise), of(STREAMS[1], 90, rise * 1.4), of(STREAMS[2], 12, 3)]
    : [of(stream, 24, rise)];
  const lead = found[0];
  if (!lead) throw new Error("no stream");
  return {
    stream: joint ? "joint" : stream,
    observed: lead.observed,
    expected: lead.usual,
    z: joint ? 6.4 - GRADES.indexOf(grade) : lead.z,
    p_value: 10 ** -(5 - GRADES.indexOf(grade)),
    probability: joint ? 0.86 - 0.2 * GRADES.indexOf(grade) : null,
    method: joint ? "joint" : "C2",
    rule: null,
    evidence: {
      history: lead.history,
      expected_upper: lead.usual * 1.45 + 2,
      tested: 351,
      as_of: iso(3),
      ...(joint
        ? {
            lead: STREAMS[0],
            score: 6.4 - GRADES.indexOf(grade),
            budget: { set_per_week: 14, raised: 3, level: 2.1, by_chance: 0.6 },
            streams: found.map((one) => ({
              stream: one.stream,
              method: one.stream === STREAMS[2] ? "C2" : "baseline",
              observed: one.observed,
              expected: one.usual,
              sd: one.usual / 6,
              z: one.z,
              p_value: 0.001,
              upper: one.usual * 1.45 + 2,
              why: one.stream === STREAMS[2] ? "short_history" : "",
              has: one.stream === STREAMS[2] ? 61 : null,
              needs: one.stream === STREAMS[2] ? 180 : null,
              history: one.history,
            })),
          }
        : {}),
    },
  };
}

function made(given: Given): T.SignalItem {
  const { unit, grade, state = "raised", group } = given;
  next += 1;
  const handled = state !== "raised";
  return {
    id: next,
    unit,
    date: day(int(0, 1)),
    ...measured(given),
    grade,
    state,
    known_at: iso(int(1, 20)),
    handled_by: handled ? "王指挥" : "",
    handled_at: handled ? iso(1) : null,
    reason: "",
    verified_at: ["verified", "checked", "assessed", "event"].includes(state) ? iso(2) : null,
    checked_at: null,
    check_note: "",
    assessed_at: null,
    risk: null,
    risk_note: "",
    group: { id: group, signals: 1, first: day(0), last: day(0), counties: [] },
    snoozed_until: null,
    neighbours: [],
  };
}

const at = (i: number): T.UnitRef => countyUnits[i] ?? PROVINCE;
const GIVEN: Given[] = [
  ...Array.from({ length: 9 }, (_, i): Given => {
    const grade = i < 2 ? "red" : i < 5 ? "orange" : "yellow";
    return { unit: at(i), grade, kind: "joint", group: 301, state: i === 1 ? "taken" : "raised" };
  }),
  { unit: at(2), grade: "orange", stream: "pharmacy_sales", group: 301 },
  { unit: LONG, grade: "orange", kind: "joint", group: 311 },
  { unit: at(14), grade: "orange", kind: "rule", group: 312 },
  { unit: at(14), grade: "blue", stream: "school_absences", group: 312 },
  ...Array.from(
    { length: 60 },
    (_, i): Given => ({
      unit: at(18 + i),
      grade: i < 20 ? "yellow" : "blue",
      stream: STREAMS[i % 3] ?? STREAMS[0],
      kind: i % 5 === 0 ? "joint" : "single",
      group: 314 + i,
      state:
        ["raised", "taken", "verified", "checked", "assessed", "false_alarm"][i % 6] ?? "raised",
    }),
  ),
];

export const signals: T.SignalItem[] = GIVEN.map(made);
const deeds = new Map<number, T.SignalDeed[]>();
const snoozes: T.Snooze[] = [];

for (const one of signals) {
  const same = signals.filter((other) => other.group.id === one.group.id);
  one.group.signals = same.length;
  one.group.counties = [...new Set(same.map((other) => other.unit.code))];
  one.neighbours = same
    .filter((other) => other.unit !== one.unit && other.stream === one.stream && other.z !== null)
    .slice(0, 5)
    .map((other) => ({ unit: other.unit, z: other.z ?? 0 }));
  if (one.state !== "raised") deeds.set(one.id, [deed("take", "")]);
}

function deed(action: string, reason: string, risk: string | null = null): T.SignalDeed {
  return { at: iso(0.5), action, by: "王指挥", post: "山西省 指挥部", reason, risk, until: null };
}

const CLOSED = ["event", "false_alarm"];
const isOpen = (one: T.SignalItem): boolean => !CLOSED.includes(one.state) && !one.snoozed_until;
const worse = (a: T.SignalItem, b: T.SignalItem): number =>
  ORDER.indexOf(a.grade) - ORDER.indexOf(b.grade) || (b.z ?? 0) - (a.z ?? 0) || a.id - b.id;

function listed(q: URLSearchParams): T.SignalItem[] {
  const scope = units.get(q.get("scope") ?? "");
  const groups = q.getAll("group").map(Number);
  const state = q.get("state");
  return matching(signals, q, ["grade", "stream"])
    .filter((one) => !scope || one.unit.path.startsWith(scope.path))
    .filter((one) => groups.length === 0 || groups.includes(one.group.id))
    .filter((one) => !state || (state === "open" ? isOpen(one) : one.state === state));
}

function grouped(q: URLSearchParams): T.SignalGroup[] {
  const found = new Map<number, T.SignalItem[]>();
  for (const one of [...listed(q)].sort(worse))
    found.set(one.group.id, [...(found.get(one.group.id) ?? []), one]);
  return [...found].flatMap(([id, asked]): T.SignalGroup[] => {
    const all = signals.filter((one) => one.group.id === id);
    const top = asked[0];
    if (!top) return [];
    const streams = [...new Set(all.map((one) => one.stream))];
    const dates = all.map((one) => one.date).sort();
    return [
      {
        id,
        grade: top.grade,
        units: [...new Map(all.map((one) => [one.unit.code, one.unit])).values()],
        streams,
        first: dates[0] ?? top.date,
        last: dates.at(-1) ?? top.date,
        signals: all.length,
        open: all.filter(isOpen).length,
        top,
        worst: streams.flatMap((name) => asked.find((one) => one.stream === name) ?? []),
      },
    ];
  });
}

export function readSignals(path: string, q: URLSearchParams): Answer | null {
  const [, noun, key, sub] = path.split("/");
  if (noun !== "signals") return null;
  if (!key) return page(listed(q), q);
  if (key === "groups") return page(grouped(q), q);
  if (key === "snoozes") return page(snoozes, q);
  const checked = readChecks(key, q);
  if (checked) return checked;
  const found = signals.find((one) => one.id === Number(key));
  if (!found) return missing();
  return ok(sub === "history" ? (deeds.get(found.id) ?? []) : found);
}

const LEADS: Readonly<Record<string, readonly [from: readonly string[], to: string]>> = {
  take: [["raised"], "taken"],
  verify: [["taken"], "verified"],
  check: [["verified"], "checked"],
  assess: [["checked"], "assessed"],
  declare_event: [["assessed"], "event"],
  dismiss: [["raised", "taken", "verified", "checked", "assessed"], "false_alarm"],
  reopen: [["false_alarm"], "raised"],
};
const WRONG = text(
  "信号的状态已经改变，不能这样处置。",
  "The signal has moved on; this cannot be done.",
);

function triage(body: Record<string, unknown>): Answer {
  const action = String(body.action);
  const told: T.Triaged = { done: [], refused: [] };
  for (const id of body.ids as number[]) {
    const found = signals.find((one) => one.id === id);
    const [from, to] = LEADS[action] ?? [[], ""];
    // One of the first group was taken by somebody else in the meantime.
    if (!found || !from.includes(found.state) || (action === "take" && id === 309))
      told.refused.push({ id, code: "signal.wrong_state", sentence: WRONG });
    else {
      found.state = to;
      found.handled_by = "王指挥";
      const risk = body.risk ? String(body.risk) : null;
      deeds.set(id, [...(deeds.get(id) ?? []), deed(action, String(body.reason ?? ""), risk)]);
      told.done.push(id);
    }
  }
  return ok(told);
}

export function writeSignals(path: string, body: Record<string, unknown>): Answer | null {
  const [, noun, key, action] = path.split("/");
  if (noun !== "signals") return null;
  if (key === "triage") return triage(body);
  const checked = writeChecks(key, action, body);
  if (checked) return checked;
  const found = signals.find((one) => one.id === Number(key));
  if (!found) return missing();
  const same = signals.filter((s) => s.unit === found.unit && s.stream === found.stream);
  if (action === "snooze") {
    const until = String(body.until);
    if (Date.parse(until) > NOW + 7 * 86_400_000)
      return no(400, "signals.snooze_until", "静默最长 7 天。", "At most 7 days.");
    for (const one of same) one.snoozed_until = until;
    snoozes.push({
      id: snoozes.length + 1,
      signal_id: found.id,
      unit: found.unit,
      stream: found.stream,
      grade: found.grade,
      reason: String(body.reason),
      by: "王指挥",
      made_at: iso(0),
      until,
    });
    deeds.set(found.id, [
      ...(deeds.get(found.id) ?? []),
      { ...deed("snooze", String(body.reason)), until },
    ]);
    return ok(found);
  }
  if (action === "wake") {
    for (const one of same) one.snoozed_until = null;
    const gone = snoozes.findIndex((one) => one.unit === found.unit && one.stream === found.stream);
    if (gone >= 0) snoozes.splice(gone, 1);
    return ok(found);
  }
  return missing();
}
