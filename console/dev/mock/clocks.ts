import type * as T from "../../src/api/types.ts";
import type { Text, UnitRef } from "../../src/api/types.ts";
import { chance } from "./chance.ts";
import { cases, contacts, directives, iso, NOW, zones } from "./data.ts";
import { signals } from "./signals.ts";
import { ancestors, children, countyOf, countyUnits, PROVINCE } from "./units.ts";

const rng = chance(7);
const int = (low: number, high: number): number => low + Math.floor(rng() * (high - low + 1));
const HOUR = 3_600_000;
const text = (zh: string, en: string): Text => ({ zh, en });
export const at = (ms: number): string => new Date(ms).toISOString();

interface Kind {
  clock: string;
  name: Text;
  rule: Text;
  rule_id: string;
  mark: "V" | "R" | "D";
  of: string;
  hours: number;
  unit: string;
  anchor: string;
  stop: string;
  legal: Text | null;
  share: number;
}

const kind = (
  clock: string,
  of: string,
  hours: number,
  words: [string, string],
  rule: [string, string, "V" | "R" | "D", string, string],
  facts: [string, string],
  share: number,
  legal: Text | null = null,
): Kind => ({
  clock,
  of,
  hours,
  share,
  legal,
  name: text(...words),
  rule_id: rule[0],
  mark: rule[2],
  rule: text(rule[3], rule[4]),
  unit: rule[1],
  anchor: facts[0],
  stop: facts[1],
});

const LAW = text(
  "《中华人民共和国传染病防治法》第四十五条；《传染病信息报告管理规范（2026年版）》",
  "Law on the Prevention and Treatment of Infectious Diseases, art. 45; standard for reporting, 2026 edition",
);

export const KINDS: readonly Kind[] = [
  kind(
    "case-report",
    "case",
    2,
    ["病例网络直报", "Network report of a case"],
    ["RPT-1", "hour", "V", "病例2小时内网络直报", "A case is reported within 2 hours"],
    ["confirmed_at", "reported_at"],
    6,
    LAW,
  ),
  kind(
    "case-investigation",
    "case",
    24,
    ["完成个案流行病学调查", "Case investigation finished"],
    [
      "RPT-2",
      "hour",
      "R",
      "县级疾控24小时内完成个案调查",
      "The county CDC finishes the investigation in 24 hours",
    ],
    ["reported_at", "investigated_at"],
    14,
  ),
  kind(
    "case-transfer",
    "case",
    2,
    ["阳性人员转运至定点医院", "Positive moved to hospital"],
    ["RPT-3", "hour", "R", "阳性2小时内转运", "Positives are moved within 2 hours"],
    ["confirmed_at", "hospital_at"],
    5,
  ),
  kind(
    "contact-isolation",
    "contact",
    8,
    ["密接管控到位", "Contact brought into isolation"],
    [
      "RPT-3",
      "hour",
      "R",
      "判定后8小时内管控到位",
      "A contact is isolated within 8 hours of judgement",
    ],
    ["judged_at", "isolated_at"],
    30,
  ),
  kind(
    "contact-elsewhere",
    "contact",
    24,
    ["外溢密接协查反馈", "Contact elsewhere passed on"],
    ["RPT-4", "hour", "R", "24小时内协查外溢密接", "Contacts elsewhere are passed on in 24 hours"],
    ["judged_at", "letter_sent_at"],
    10,
  ),
  kind(
    "isolation-end",
    "contact",
    168,
    ["密接集中隔离期满解除", "Contact's central isolation ends"],
    [
      "ISO-1",
      "day_number",
      "V",
      "密接7天集中隔离加3天居家健康监测，自末次接触起算",
      "Close contact: 7 days central isolation and 3 at home, counted from the last contact",
    ],
    ["last_exposure", "released_at"],
    22,
  ),
  kind(
    "directive-sign",
    "directive",
    1,
    ["指令签收", "Directive signed for"],
    [
      "DIR-D",
      "hour",
      "D",
      "指令签收时限（本系统设计）",
      "Time to sign for a directive (our design)",
    ],
    ["issued_at", "signed_at"],
    8,
  ),
  kind(
    "directive-report",
    "directive",
    24,
    ["指令办理反馈", "Directive reported back"],
    [
      "DIR-D",
      "hour",
      "D",
      "指令反馈时限（本系统设计）",
      "Time to report on a directive (our design)",
    ],
    ["issued_at", "reported_at"],
    9,
  ),
  kind(
    "signal-verify",
    "signal",
    24,
    ["预警信号核实", "Signal verified"],
    ["SIG-D", "hour", "D", "预警信号处置时限（本系统设计）", "Clock of signals (our design)"],
    ["known_at", "verified_at"],
    3,
  ),
  kind(
    "zone-release",
    "zone",
    24,
    ["风险区符合条件当日解除", "Zone released the day it may be"],
    [
      "Z-END",
      "calendar_day",
      "V",
      "严禁长时间不解封：符合解除条件当日解除",
      "A zone may not stay open past its release condition",
    ],
    ["releasable_on", "released_at"],
    3,
  ),
  kind(
    "tube-recollection",
    "case",
    4,
    ["混管阳性单采复核", "Positive tube re-collected singly"],
    [
      "T-13",
      "hour",
      "R",
      "混管阳性：原地管控，4小时内单采复核",
      "Positive tube: every member re-collected singly within 4 hours",
    ],
    ["result_at", "recollected_at"],
    4,
  ),
];

const subjects: Record<string, () => T.ClockBrief["subject"] & { home: UnitRef }> = {
  case: () => {
    const one = cases[int(0, cases.length - 1)];
    if (!one) throw new Error("no case");
    return {
      kind: "case",
      id: one.id,
      label: text(`病例 ${one.case_no}`, `case ${one.case_no}`),
      home: one.unit,
    };
  },
  contact: () => {
    const one = contacts[int(0, contacts.length - 1)];
    if (!one) throw new Error("no contact");
    return {
      kind: "contact",
      id: one.id,
      label: text(`接触者 ${one.masked_name}`, `contact ${one.masked_name}`),
      home: one.unit,
    };
  },
  directive: () => {
    const one = directives[int(0, directives.length - 1)];
    if (!one) throw new Error("no directive");
    return {
      kind: "directive",
      id: one.id,
      label: text(`指令 ${one.number}`, `directive ${one.number}`),
      home: one.to_unit,
    };
  },
  signal: () => {
    const one = signals[int(0, signals.length - 1)];
    if (!one) throw new Error("no signal");
    return {
      kind: "signal",
      id: one.id,
      label: text(`信号 ${one.unit.name} 发热门诊`, `signal ${one.unit.name} fever clinics`),
      home: one.unit,
    };
  },
  zone: () => {
    const one = zones[int(0, zones.length - 1)];
    if (!one) throw new Error("no zone");
    return {
      kind: "zone",
      id: one.id,
      label: text(`${one.unit.name} 高风险区`, `${one.unit.name} high-risk area`),
      home: one.unit,
    };
  },
};

function ownerOf(of: string, home: UnitRef): UnitRef {
  if (rng() < 0.03) return PROVINCE;
  if (of === "directive") return home;
  if (rng() < 0.35) return countyUnits[int(0, countyUnits.length - 1)] ?? PROVINCE;
  return rng() < 0.5 ? countyOf(home) : (ancestors(home).at(-1) ?? home);
}

const LADDER = [
  ["remind", 50, 0],
  ["warn", 80, 0],
  ["escalate", 100, 1],
  ["escalate_two", 150, 2],
] as const;

export const clocks: T.ClockDetail[] = [];
let id = 1;
for (const one of KINDS) {
  for (let i = 0; i < one.share * 14; i += 1) {
    const length = one.hours * HOUR;
    const used = length * (0.04 + rng() * 0.97) + (rng() < 0.035 ? length * rng() * 0.8 : 0);
    const { home, ...subject } = (subjects[one.of] ?? subjects.case ?? (() => never()))();
    clocks.push(clockOf(id++, one, subject, ownerOf(one.of, home), NOW - used, length));
  }
}

function never(): never {
  throw new Error("no such subject");
}

function clockOf(
  clockId: number,
  one: Kind,
  subject: T.ClockBrief["subject"],
  owner: UnitRef,
  anchor: number,
  length: number,
): T.ClockDetail {
  const pct = Math.round(((NOW - anchor) / length) * 100);
  const line = [owner, ...ancestors(owner).reverse()];
  const ladder = LADDER.map(([step, share, up]) => {
    const when = anchor + (length * share) / 100;
    return {
      step,
      at: at(when),
      levels_up: up,
      to: line[Math.min(up, line.length - 1)] ?? owner,
      done_at: when <= NOW ? at(when + 20_000) : null,
    };
  });
  const sent = ladder.filter((step) => step.done_at);
  return {
    id: clockId,
    clock: one.clock,
    name: one.name,
    rule_id: one.rule_id,
    verified: one.mark === "V",
    mark: one.mark,
    subject,
    owner,
    anchor_at: at(anchor),
    due_at: at(anchor + length),
    state: pct >= 100 ? "overdue" : "running",
    pct,
    step: sent.at(-1)?.step ?? "",
    pack_version: one.mark === "D" ? "cn-covid-9" : "cn-covid-9+20",
    rule: one.rule,
    legal_basis: one.legal,
    length: one.unit === "hour" ? one.hours : one.hours / 24,
    unit: one.unit,
    anchor_fact: one.anchor,
    stop_fact: one.stop,
    stopped_at: null,
    waived: null,
    events: [
      { at: at(anchor + 90_000), what: "started", to: null, by: "intake", note: "" },
      ...sent.map((step) => ({
        at: step.done_at ?? "",
        what: step.step,
        to: step.to,
        by: "worker",
        note: "",
      })),
    ],
    ladder,
    may: { remind: true, waive: true },
  };
}

/** The brief of a clock as the lists carry it. */
export function brief(one: T.ClockDetail): T.ClockBrief {
  const { id: i, clock, name, rule_id, verified, subject, owner, anchor_at, due_at } = one;
  const { state, pct, step, pack_version } = one;
  return {
    id: i,
    clock,
    name,
    rule_id,
    verified,
    subject,
    owner,
    anchor_at,
    due_at,
    state,
    pct,
    step,
    pack_version,
  };
}

export function bucketOf(one: T.ClockBrief): keyof T.Counts {
  const left = Date.parse(one.due_at) - NOW;
  if (left < 0) return "overdue";
  if (left <= HOUR) return "h1";
  if (left <= 4 * HOUR) return "h4";
  return left <= 24 * HOUR ? "h24" : "later";
}

export function count(list: readonly T.ClockBrief[]): T.Counts {
  const counts: T.Counts = { overdue: 0, h1: 0, h4: 0, h24: 0, later: 0 };
  for (const one of list) counts[bucketOf(one)] += 1;
  return counts;
}

export const running = (): T.ClockDetail[] =>
  clocks.filter((one) => one.state === "running" || one.state === "overdue");

export function wall(scope: UnitRef): T.Wall {
  const inside = running().filter((one) => one.owner.path.startsWith(scope.path));
  const own = inside.filter((one) => one.owner.code === scope.code);
  return {
    now: iso(0),
    totals: count(inside),
    owners: [
      { unit: scope, below: false, ...count(own) },
      ...children(scope).map((unit) => ({
        unit,
        below: true,
        ...count(inside.filter((one) => one.owner.path.startsWith(unit.path))),
      })),
    ],
    kinds: KINDS.map((one) => ({
      clock: one.clock,
      name: one.name,
      rule_id: one.rule_id,
      verified: one.mark === "V",
      ...count(inside.filter((c) => c.clock === one.clock)),
    })).filter((one) => one.overdue + one.h1 + one.h4 + one.h24 + one.later > 0),
  };
}

export const notifications: T.NotificationItem[] = clocks
  .filter((one) => one.step === "escalate" || one.step === "warn")
  .slice(0, 34)
  .map((one, i) => ({
    id: 900 + i,
    at: iso(0.05 + i * 0.21),
    step: i % 7 === 3 ? "reminded" : one.step,
    clock: brief(one),
    unit: one.owner,
    by: i % 7 === 3 ? "王指挥" : "worker",
    note: i % 7 === 3 ? "请今日办结" : "",
    read_at: i > 8 ? iso(0.02 + i * 0.2) : null,
  }));
