import type { components } from "../../src/api/schema.gen.ts";
import type { Text } from "../../src/api/types.ts";
import { KINDS } from "./clocks.ts";

type S = components["schemas"];
const text = (zh: string, en: string): Text => ({ zh, en });
const SCHOOL = text("流感样病例暴发疫情处置指南（学校）", "Influenza-like outbreaks in schools");

function brief(
  id: string,
  disease: string,
  topic: string,
  edition: Text,
  dates: [string, string | null],
  figures: [number, number],
  version: string | null,
): S["PackBrief"] {
  return {
    id,
    disease,
    topic,
    edition,
    effective_from: dates[0],
    effective_to: dates[1],
    jurisdiction: "country",
    version,
    figures: figures[0],
    verified_figures: figures[1],
    in_force: version !== null,
  };
}

export const packs: S["PackBrief"][] = [
  brief(
    "cn-covid-9",
    "covid-19",
    "control",
    text("新型冠状病毒肺炎防控方案（第九版）", "COVID-19 control plan, 9th edition"),
    ["2022-06-28", "2023-01-07"],
    [168, 109],
    "cn-covid-9",
  ),
  brief(
    "cn-covid-8",
    "covid-19",
    "control",
    text("新型冠状病毒肺炎防控方案（第八版）", "COVID-19 control plan, 8th edition"),
    ["2021-05-14", "2022-06-27"],
    [61, 33],
    null,
  ),
  brief(
    "influenza-school",
    "influenza",
    "control",
    SCHOOL,
    ["2012-11-20", null],
    [18, 16],
    "influenza-school",
  ),
  brief(
    "norovirus",
    "norovirus",
    "control",
    text(
      "诺如病毒感染暴发调查和预防控制技术指南",
      "Norovirus outbreaks: investigation and control",
    ),
    ["2015-11-17", null],
    [11, 3],
    "norovirus",
  ),
  brief(
    "measles",
    "measles",
    "control",
    text("麻疹疫情调查与处置", "Measles: investigation and control"),
    ["2014-01-22", null],
    [14, 9],
    "measles",
  ),
  brief(
    "law-2025-reporting",
    "any",
    "reporting",
    text("传染病与突发事件报告时限（2025年法律）", "Reporting clocks, law of 2025"),
    ["2025-09-01", null],
    [12, 10],
    null,
  ),
  brief(
    "event-grading",
    "any",
    "grading",
    text("突发公共卫生事件分级标准", "Grading of public health events"),
    ["2006-02-26", null],
    [24, 20],
    "event-grading",
  ),
  brief(
    "response-717",
    "any",
    "performance",
    text("7-1-7 发现、报告、响应目标", "7-1-7: detect, notify, respond"),
    ["2022-01-01", null],
    [3, 3],
    "response-717",
  ),
  brief(
    "ihr-annex-2",
    "any",
    "ihr",
    text("国际卫生条例（2005）附件二", "International Health Regulations, annex 2"),
    ["2007-06-15", null],
    [4, 4],
    "ihr-annex-2",
  ),
  brief(
    "hotline",
    "any",
    "hotline",
    text("12345 热线办理时限", "Clocks of the 12345 hotline"),
    ["2021-01-06", null],
    [6, 2],
    "hotline",
  ),
];

const SOURCE = text(
  "[58] 国家突发公共卫生事件相关信息报告管理工作规范（试行），2005年12月",
  "[58] Standard of related information on emergencies (trial), December 2005",
);

const figure = (
  key: string,
  zh: string,
  en: string,
  value: unknown,
  unit: string,
  rule: string,
  mark: "V" | "R" | "D",
  bounds: [number | null, number | null, string | null] = [null, null, null],
): S["PackFigure"] => ({
  key,
  title: text(zh, en),
  value,
  unit,
  rule_id: rule,
  mark,
  verified: mark === "V",
  source: mark === "V" ? SOURCE : null,
  note: mark === "R" ? text("待本地指挥部确认", "To be confirmed by the local centre") : null,
  minimum: bounds[0],
  maximum: bounds[1],
  stricter: bounds[2],
  set_by: "influenza-school",
});

const F = {
  cases: figure(
    "threshold.ili.cases",
    "流感样病例报告病例数",
    "Ill persons for an event report",
    30,
    "cases",
    "TH-2",
    "V",
    [1, 30, "lower"],
  ),
  hospital: figure(
    "threshold.ili.hospitalised",
    "住院病例数",
    "Hospitalised for an event report",
    5,
    "cases",
    "TH-2",
    "V",
    [1, 5, "lower"],
  ),
  deaths: figure(
    "threshold.ili.deaths",
    "死亡病例数",
    "Deaths for an event report",
    2,
    "cases",
    "TH-2",
    "V",
    [1, 2, "lower"],
  ),
  days: figure("threshold.ili.days", "统计窗口", "Window of counting", 7, "days", "TH-2", "V", [
    7,
    7,
    null,
  ]),
  verify: figure(
    "threshold.ili.verify",
    "电话报告病例数",
    "Ill persons for a telephone report",
    10,
    "cases",
    "TH-1",
    "V",
  ),
  fever: figure("definition.ili.fever", "发热标准", "Fever from", 38, "degC", "TH-4", "V"),
  day: figure(
    "threshold.suspend.per_day",
    "单日新发停课人数",
    "New in a day for suspension",
    5,
    "cases",
    "TH-3",
    "V",
  ),
  share: figure(
    "threshold.suspend.share_pct",
    "患病比例停课",
    "Share ill for suspension",
    30,
    "%",
    "TH-3",
    "V",
  ),
  rest: figure("suspend.days", "停课天数", "Days of suspension", 4, "days", "TH-3", "V"),
  clear: figure(
    "return.afebrile_h",
    "退热后可复课",
    "Symptom-free before return",
    48,
    "hours",
    "TH-3",
    "V",
  ),
  report: figure("report.event_h", "事件报告时限", "Event report within", 2, "hours", "TH-2", "V", [
    1,
    2,
    "lower",
  ]),
  central: figure(
    "isolation.close_contact.central_days",
    "密接集中隔离天数",
    "Close contact: days in a site",
    7,
    "days",
    "ISO-1",
    "V",
    [7, 7, null],
  ),
  home: figure(
    "isolation.close_contact.home_days",
    "密接居家健康监测天数",
    "Close contact: days at home",
    3,
    "days",
    "ISO-1",
    "V",
  ),
  tests: figure(
    "isolation.close_contact.test_days",
    "密接集中隔离检测日",
    "Close contact: test days",
    [1, 2, 3, 5, 7],
    "day_number",
    "ISO-1",
    "V",
  ),
  remind: figure("directive.remind_pct", "提醒时点", "Remind at", 50, "%", "DIR-D", "D"),
  warn: figure("directive.warn_pct", "预警时点", "Warn at", 80, "%", "DIR-D", "D"),
  up: figure("directive.escalate_pct", "上报时点", "Escalate at", 100, "%", "DIR-D", "D"),
  up2: figure(
    "directive.escalate_two_pct",
    "越级上报时点",
    "Escalate two levels at",
    150,
    "%",
    "DIR-D",
    "D",
  ),
  close: figure(
    "return.noro_h",
    "复课前无症状时长",
    "Symptom-free before return",
    72,
    "hours",
    "TH-10",
    "R",
  ),
} as const;
const said = (f: S["PackFigure"]): S["ResolvedFigure"] => ({
  key: f.key,
  value: f.value,
  unit: f.unit,
});
const v = (name: string): unknown => ({ var: name });
const fig = (f: S["PackFigure"]): unknown => ({ figure: f.key });

const ILI: unknown = {
  and: [
    { ">=": [v("temperature_c"), fig(F.fever)] },
    { or: [{ "===": [v("cough"), true] }, { "===": [v("sore_throat"), true] }] },
  ],
};
const EVENT: unknown = {
  and: [
    { in: [v("site_kind"), ["school", "kindergarten"]] },
    {
      or: [
        { ">=": [v("cases"), fig(F.cases)] },
        { ">=": [v("hospitalised"), fig(F.hospital)] },
        { ">=": [v("deaths"), fig(F.deaths)] },
      ],
    },
    { "!": [v("imported")] },
  ],
};

const rule = (
  id: string,
  mark: string,
  zh: string,
  en: string,
  more: Partial<S["PackRule"]> = {},
): S["PackRule"] => ({
  rule_id: id,
  text: text(zh, en),
  mark,
  verified: mark === "V",
  source: mark === "V" ? [SOURCE] : [],
  legal_basis: null,
  of: null,
  when: null,
  then: null,
  release: null,
  escalate: null,
  priority: null,
  set_by: "influenza-school",
  ...more,
});

const rules: S["PackRule"][] = [
  rule(
    "TH-1",
    "V",
    "同一学校一周内流感样病例10例及以上：电话报告县级疾控，核实并进入流感监测系统",
    "Ten ill or more in a school within a week: telephone the county CDC, verify, enter in the influenza system",
    {
      of: "event",
      when: {
        and: [{ ">=": [v("cases"), fig(F.verify)] }, { "<": [v("cases"), fig(F.cases)] }],
      },
      then: { task: "verify_by_phone", note: text("县级疾控核实", "The county CDC verifies") },
      priority: 90,
    },
  ),
  rule(
    "TH-2",
    "V",
    "同一学校一周内30例及以上，或住院5例及以上，或死亡2例及以上：2小时内按突发公共卫生事件报告",
    "Thirty ill, five hospitalised or two dead in a school within a week: report as an event within 2 hours",
    {
      of: "event",
      legal_basis: text(
        "《国家突发公共卫生事件相关信息报告管理工作规范（试行）》",
        "Working standard for reporting of public health events (2005)",
      ),
      when: EVENT,
      then: { propose: "event", grade: "IV", report: "event-report" },
      escalate: "standard",
      priority: 100,
    },
  ),
  rule(
    "TH-3",
    "V",
    "班级一天新发5例及以上，或在患比例达30%：停课4天；退热且无症状满48小时后返校",
    "Five new in a class in a day, or 30 % ill: suspend 4 days; back after 48 hours without symptoms",
    {
      of: "event",
      when: {
        or: [
          {
            ">=": [{ peak: [v("areas"), "day", 1, "day", "person"] }, fig(F.day)],
          },
          {
            ">=": [{ "*": [{ "/": [v("suspected"), v("cases_week_county")] }, 100] }, fig(F.share)],
          },
        ],
      },
      then: {
        measure: "suspend_class",
        until: { ">=": [{ days_since: [v("found_at"), v("now")] }, fig(F.rest)] },
      },
      release: {
        all: [
          {
            id: "days_done",
            text: text("停课满4天", "Suspended for 4 days"),
            when: { ">=": [{ days_since: [v("found_at"), v("now")] }, fig(F.rest)] },
          },
          {
            id: "symptom_free",
            text: text(
              "返校学生退热且无症状满48小时",
              "Returning pupils without symptoms for 48 hours",
            ),
            when: {
              every: [
                v("areas"),
                { ">=": [{ hours_since: [v("found_at"), { outer: "now" }] }, fig(F.clear)] },
              ],
            },
          },
        ],
      },
      priority: 80,
    },
  ),
  rule(
    "TH-4",
    "V",
    "流感样病例：发热（体温≥38℃），伴咳嗽或咽痛之一",
    "Influenza-like: fever from 38 °C with cough or sore throat",
    {
      of: "illness",
      when: ILI,
      then: { note: text("按流感样病例计数", "Counted as influenza-like") },
    },
  ),
  rule("TH-10", "R", "复课前无症状72小时", "Symptom-free for 72 hours before return"),
  rule(
    "ISO-1",
    "V",
    "密接：7天集中隔离加3天居家健康监测",
    "Close contact: 7 days central isolation and 3 days at home",
  ),
  rule(
    "DIR-D",
    "D",
    "指令时限与催办（本系统设计，非法定）",
    "Clocks of directives (our design, not a law)",
  ),
];

const clockRows: S["PackClock"][] = KINDS.map((one) => ({
  id: one.clock,
  name: one.name,
  rule_id: one.rule_id,
  of: one.of,
  when: null,
  anchor: one.anchor,
  stop: one.stop,
  length: {
    key: `clock.${one.clock}`,
    value: one.unit === "hour" ? one.hours : one.hours / 24,
    unit: one.unit,
  },
  due: null,
  unit: one.unit,
  first_day: one.unit === "hour" ? 0 : 1,
  top_up: one.clock === "isolation-end",
  owner: one.of === "directive" ? "unit" : "county",
  escalate: "standard",
  set_by: "cn-covid-9",
}));

/** The longest silence of a county's stream. */
const WARNING: S["Pack"]["figures"][number] = {
  ...(Object.values(F)[0] as S["Pack"]["figures"][number]),
  key: "signal.snooze_max_d",
  value: 7,
  unit: "d",
  title: text("信号静默最长", "A signal is snoozed for at most"),
};

export function packPage(id: string): S["Pack"] | null {
  if (id === "multi-source-warning" || id === "source-watch") {
    const like = packPage("cn-covid-9");
    return like ? { ...like, id, version: id, figures: [WARNING] } : null;
  }
  const found = packs.find((one) => one.id === id || id.startsWith(`${one.id}+`));
  if (!found) return null;
  return {
    id: found.id,
    disease: found.disease,
    topic: found.topic,
    edition: found.edition,
    version: found.version ?? found.id,
    effective_from: found.effective_from,
    effective_to: found.effective_to,
    jurisdiction: found.jurisdiction,
    effective_note: text("日期凭记忆，未见原文", "The day is recalled, not read in a source"),
    supersedes: null,
    sources: [SOURCE],
    versions:
      found.id === "cn-covid-9" ? [found.id, "cn-covid-9+20", "cn-covid-9+20+10"] : [found.id],
    may_tighten: found.id === "influenza-school" ? ["threshold.ili.*"] : [],
    figures: Object.values(F),
    rules,
    clocks: clockRows,
    schedules: [
      {
        id: "close-contact",
        name: text("密接隔离与检测日程", "Isolation and tests of a close contact"),
        rule_id: "ISO-1",
        set_by: "cn-covid-9",
        of: "contact",
        when: { "===": [v("degree"), 1] },
        anchor: "last_exposure",
        first_day: 0,
        top_up: true,
        stages: [
          {
            place: "central",
            days: said(F.central),
            test_days: said(F.tests),
            count_from: "anchor",
            sample: "oropharyngeal",
            pooled: false,
            double: false,
            by: "site_team",
          },
          {
            place: "home",
            days: said(F.home),
            test_days: {
              key: "isolation.close_contact.home_test_days",
              value: [3],
              unit: "day_number",
            },
            count_from: "stage",
            sample: "oropharyngeal",
            pooled: false,
            double: false,
            by: "township",
          },
        ],
        release: {
          all: [
            {
              id: "negative",
              text: text("第7天检测阴性", "Negative on day 7"),
              when: { "===": [v("state"), "negative"] },
            },
          ],
        },
      },
    ],
    thresholds: [
      {
        id: "ili-event",
        name: text("学校流感样病例聚集", "Influenza-like cluster in a school"),
        rule_id: "TH-2",
        set_by: "influenza-school",
        of: "illness",
        where: { "===": [v("syndrome"), "ili"] },
        per: "site",
        site_kinds: ["school"],
        distinct_by: "person",
        within_days: said(F.days),
        any: [
          { at_least: said(F.cases) },
          { at_least: said(F.hospital), where: v("hospitalised") },
          { at_least_pct: said(F.share), of_total: "enrolled" },
        ],
        all: null,
        then: { propose: "event", report: "event-report", grade: "IV" },
      },
    ],
    escalations: [
      {
        id: "standard",
        pack_id: "influenza-school",
        name: text("标准催办", "Standard escalation"),
        rule_id: "DIR-D",
        set_by: "influenza-school",
        steps: [
          { step: "remind", at_pct: said(F.remind), levels_up: 0 },
          { step: "warn", at_pct: said(F.warn), levels_up: 0 },
          { step: "escalate", at_pct: said(F.up), levels_up: 1 },
          { step: "escalate_two", at_pct: said(F.up2), levels_up: 2 },
        ],
      },
    ],
    amendments:
      found.id === "cn-covid-9"
        ? [
            {
              id: "cn-covid-9+20",
              title: text("二十条优化措施", "The twenty measures"),
              effective_from: "2022-11-11",
              transition: text(
                "正在隔离者按新规定执行",
                "People in isolation go over to the new rule",
              ),
              retroactive: true,
              jurisdiction: null,
            },
            {
              id: "cn-covid-9+10",
              title: text("新十条", "The ten measures"),
              effective_from: "2022-12-07",
              transition: null,
              retroactive: false,
              jurisdiction: null,
            },
          ]
        : [],
  };
}

export const changes: S["PackChange"][] = [
  {
    section: "figures",
    key: "isolation.close_contact.central_days",
    what: "changed",
    before: { value: 7, unit: "days" },
    after: { value: 5, unit: "days" },
    rule_id: "ISO-1",
  },
  {
    section: "figures",
    key: "zone.high.release_days",
    what: "changed",
    before: { value: 7, unit: "days" },
    after: { value: 5, unit: "days" },
    rule_id: "Z9-1",
  },
  {
    section: "figures",
    key: "isolation.second_contact.home_days",
    what: "removed",
    before: { value: 7, unit: "days" },
    after: null,
    rule_id: "WHO-6",
  },
  {
    section: "rules",
    key: "ISO-1",
    what: "changed",
    before: {
      zh: "密接：7天集中隔离加3天居家健康监测",
      en: "Close contact: 7 days central isolation and 3 at home",
    },
    after: {
      zh: "密接：5天集中隔离加3天居家隔离",
      en: "Close contact: 5 days central isolation and 3 days home isolation",
    },
    rule_id: "ISO-1",
  },
  {
    section: "rules",
    key: "T-10",
    what: "added",
    before: null,
    after: { zh: "不得一天两检、一天三检", en: "No double or triple testing in a day" },
    rule_id: "T-10",
  },
  {
    section: "schedules",
    key: "second-contact",
    what: "removed",
    before: { zh: "次密接居家隔离", en: "Home isolation of a secondary contact" },
    after: null,
    rule_id: "WHO-6",
  },
];
