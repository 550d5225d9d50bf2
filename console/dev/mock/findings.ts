import type * as T from "../../src/api/types.ts";
import { chance } from "./chance.ts";
import { day, iso, zones } from "./data.ts";
import { judge } from "./judge.ts";
import { townships, villages } from "./units.ts";

const rng = chance(11);
const int = (low: number, high: number): number => low + Math.floor(rng() * (high - low + 1));
const text = (zh: string, en: string): T.Text => ({ zh, en });

interface FindingKind {
  kind: string;
  zh: string;
  en: string;
  rule: string;
  subject: string;
}
const KINDS: readonly FindingKind[] = [
  {
    kind: "measure_past_release",
    zh: "高风险区已符合解除条件，仍未解除",
    en: "A high-risk area met its release condition and is still open",
    rule: "Z-END",
    subject: "zone",
  },
  {
    kind: "zone_too_large",
    zh: "风险区范围为整个社区，规则包允许的最大单位是楼栋",
    en: "An area covers a whole community; the pack's largest unit is a building",
    rule: "Z10-1",
    subject: "zone",
  },
  {
    kind: "test_over_maximum",
    zh: "同一天安排两次核酸检测",
    en: "Two tests ordered for one day",
    rule: "T-10",
    subject: "zone",
  },
  {
    kind: "colour_without_reason",
    zh: "红码没有疫情防控依据",
    en: "A red code without an epidemic reason",
    rule: "HC-2",
    subject: "code",
  },
];
const TRACE = judge("influenza-school", "TH-2", { site_kind: "school", cases: 34, deaths: 0 });

export const findings: T.FindingDetail[] = Array.from({ length: 17 }, (_, i) => {
  const one = KINDS[i % 3 === 0 ? 0 : i % KINDS.length] ?? KINDS[0];
  const zone = zones[i % zones.length];
  if (!one || !zone || !TRACE) throw new Error("the mock's findings need zones and a judgement");
  const days = int(0, 9);
  return {
    id: 60 + i,
    kind: one.kind,
    text: text(one.zh, one.en),
    unit: zone.unit,
    subject: {
      kind: one.subject,
      id: String(zone.id),
      label:
        one.subject === "zone"
          ? text(`${zone.unit.name} 高风险区`, `${zone.unit.name} high-risk area`)
          : text("张*（红码）", "Zhang * (red code)"),
    },
    rule_id: one.rule,
    verified: one.rule !== "HC-2",
    since: day(days),
    days,
    resolved_at: i > 12 ? iso(int(1, 20)) : null,
    facts: { releasable_on: day(days), residents: zone.residents, largest_unit: "building" },
    trace: TRACE.trace,
    pack_version: TRACE.version,
    words: [text("7天内病例数 34（规定不少于 30 例）", "cases 34 (set: at least 30)")],
  };
});

const NAMES = ["张*", "王*", "李*", "赵*", "刘*", "陈*", "欧阳*"];
const REASONS: readonly [string, string, string][] = [
  ["red", "密切接触者，集中隔离期间", "close contact in central isolation"],
  ["red", "高风险区居民", "lives in a high-risk area"],
  ["yellow", "中风险区居民", "lives in a medium-risk area"],
  ["yellow", "应检未检", "a test is due and not done"],
];

export const codes: T.CodeDetail[] = Array.from({ length: 120 }, (_, i) => {
  const [colour = "red", zh = "", en = ""] = REASONS[int(0, 3)] ?? [];
  const unit = villages[int(0, villages.length - 1)] ?? townships[0];
  if (!unit || !TRACE) throw new Error("the mock's codes need units");
  const since = int(4, 200);
  return {
    id: 400 + i,
    person: NAMES[i % NAMES.length] ?? "",
    unit,
    colour,
    rule_id: colour === "red" ? "HC-3" : "HC-3",
    verified: i % 3 !== 0,
    since: iso(since),
    until: i % 9 === 0 ? null : iso(-24 * int(1, 7)),
    set_by: i % 5 ? "cycle" : "王指挥",
    reason: text(zh, en),
    trace: TRACE.trace,
    pack_version: TRACE.version,
    words: [text("接触层级 1", "degree of contact 1")],
    appeal: text(
      "对赋码有异议，可拨打 12345 或到所在社区申诉，24 小时内答复。",
      "To appeal call 12345 or ask your community; answered within 24 hours.",
    ),
  };
});
