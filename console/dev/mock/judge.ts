import type { Explanation, Judgement } from "../../src/api/types.ts";
import { packPage } from "./packs.ts";

type Trace = Record<string, unknown> & {
  value: unknown;
  held: boolean;
  unknown: boolean;
  parts: Trace[];
};

/** Judges the few operators the mock's rules use, with the trace a person is shown. */
export function trace(
  expr: unknown,
  facts: Record<string, unknown>,
  figures: ReadonlyMap<string, unknown>,
): Trace {
  const leaf = (value: unknown, more: Partial<Trace> = {}): Trace => ({
    op: "value",
    value,
    held: Boolean(value),
    unknown: value === null || value === undefined,
    fact: null,
    figure: null,
    parts: [],
    ...more,
  });
  if (typeof expr !== "object" || expr === null) return leaf(expr);
  if (Array.isArray(expr)) return leaf(expr);
  const [op = "", given = null] = Object.entries(expr)[0] ?? [];
  if (op === "var") return leaf(facts[String(given)] ?? null, { op, fact: String(given) });
  if (op === "figure")
    return leaf(figures.get(String(given)) ?? null, { op, figure: String(given) });
  const parts = (Array.isArray(given) ? given : [given]).map((one) => trace(one, facts, figures));
  const [a, b] = parts.map((one) => one.value);
  const unknown = parts.some((one) => one.unknown);
  const node = (value: unknown): Trace => ({
    op,
    value,
    held: Boolean(value),
    unknown,
    fact: null,
    figure: null,
    parts,
  });
  switch (op) {
    case "and":
      return { ...node(parts.every((one) => one.held)), unknown: false };
    case "or":
      return { ...node(parts.some((one) => one.held)), unknown: false };
    case "!":
      return node(!a);
    case "===":
      return node(!unknown && a === b);
    case ">=":
      return node(!unknown && Number(a) >= Number(b));
    case "<":
      return node(!unknown && Number(a) < Number(b));
    case "in":
      return node(!unknown && Array.isArray(b) && b.includes(a));
    default:
      return { ...node(null), unknown: true };
  }
}

export function judge(
  id: string,
  ruleId: string,
  facts: Record<string, unknown>,
): Judgement | null {
  const pack = packPage(id);
  const rule = pack?.rules.find((one) => one.rule_id === ruleId);
  if (!pack || !rule?.when) return null;
  const figures = new Map(pack.figures.map((one) => [one.key, one.value]));
  const found = trace(rule.when, facts, figures);
  return {
    pack_id: pack.id,
    version: pack.version,
    digest: "b41f0a93c2d77e15",
    rule_id: ruleId,
    subject: rule.of ?? "event",
    facts,
    held: found.held,
    outcome: found.held ? (rule.then ?? {}) : {},
    trace: found,
  };
}

const SEEN = { site_kind: "school", cases: 34, hospitalised: 2, imported: false };

const SEEN_TRACE = judge("influenza-school", "TH-2", SEEN)?.trace ?? null;

/** What is kept with a decision: all but the trace. */
function kept(id: string, rule: string, facts: Record<string, unknown>) {
  const found = judge(id, rule, facts);
  if (!found) return null;
  const { trace: _trace, ...rest } = found;
  return { ...rest };
}

export function explanation(decision: number): Explanation {
  const stored = kept("influenza-school", "TH-2", SEEN);
  const zone = kept("influenza-school", "TH-1", { cases: 12 });
  if (!stored || !zone) throw new Error("the mock's pack lost its rules");
  return {
    decision,
    proposal: decision,
    title: { zh: "立为事件", en: "Declare an event" },
    at: "2022-11-08T11:00:00Z",
    pack_version: "influenza-school",
    judgements: [
      {
        stored,
        replayed: stored,
        same: true,
        trace: SEEN_TRACE,
        words: [
          { zh: "7天内病例34例，达到30例", en: "34 ill within 7 days, 30 or more" },
          { zh: "场所为学校", en: "the place is a school" },
        ],
      },
      {
        stored: zone,
        replayed: null,
        same: decision % 2 === 1,
        trace: null,
        refused: { zh: "规则包已变，无法按原版重判。", en: "The pack has changed since." },
        words: [
          { zh: "7天内病例12例，10至30例之间", en: "12 ill within 7 days, between 10 and 30" },
        ],
      },
    ],
  };
}
