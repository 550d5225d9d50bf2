import { describe, expect, it } from "vitest";
import type { Trace } from "@/api/types.ts";
import { type Key, type Lang, translate } from "@/shared/i18n/catalogue.ts";
import { type Line, linesOf } from "./lines.ts";
import { ofExpression, ofTrace } from "./node.ts";
import { findFact, type Vocabulary } from "./vocabulary.ts";

const FIGURES: Record<string, { zh: string; en: string; value: number; unit: string }> = {
  least: { zh: "报告病例数", en: "cases to report", value: 30, unit: "例" },
};
function vocabulary(lang: Lang): Vocabulary {
  const fact = (path: string) => findFact(path, "event")?.[lang] ?? path;
  return {
    say: (name, vars) => translate(lang, `expr.${name}` as Key, vars),
    fact,
    figure: (key) => {
      const found = FIGURES[key];
      return found ? { title: found[lang], value: found.value, unit: found.unit } : null;
    },
    amount: (value, unit) => `${String(value)} ${unit}`.trim(),
    value: (value) =>
      value === null ? "?" : typeof value === "boolean" ? (value ? "yes" : "no") : String(value),
  };
}
const told = (expr: unknown, lang: Lang = "zh"): string =>
  linesOf(ofExpression(expr), vocabulary(lang)).text;
const shape = (line: Line): unknown =>
  line.parts.length ? [line.text, ...line.parts.map(shape)] : line.text;

describe("a condition in words", () => {
  it("names the fact and the figure it is measured by", () => {
    const expr = { ">=": [{ var: "cases" }, { figure: "least" }] };
    expect(told(expr)).toBe(`${findFact("cases", "event")?.zh} ≥ 30 例（报告病例数）`);
    expect(told(expr, "en")).toContain("≥ 30 例 (cases to report)");
  });
  it("becomes an indented list of what joins it", () => {
    const part = (name: string) => ({ known: [{ var: name }] });
    const line = linesOf(
      ofExpression({ and: [part("a"), { or: [part("b"), { "!": [part("c")] }] }] }),
      vocabulary("zh"),
    );
    expect(shape(line)).toEqual([
      "以下全部满足",
      "已知a",
      ["以下任一满足", "已知b", "并非：已知c"],
    ]);
  });
  it("keeps brackets where a sum is multiplied", () => {
    expect(told({ "*": [{ "+": [1, 2] }, 3] })).toBe("(1 + 2) × 3");
  });
  it("says a flag without yes or no", () => {
    expect(told({ "===": [{ var: "x" }, true] })).toBe("x");
    expect(told({ "===": [{ var: "x" }, false] })).toBe("并非：x");
  });
  it("says a range in one go", () => {
    expect(told({ "<=": [1, { var: "x" }, 5] })).toBe("1 ≤ x ≤ 5");
  });
  it("says what a sliding window counts", () => {
    const expr = { count: [{ window: [{ var: "r" }, "d", { var: "now" }, 7, "day"] }] };
    expect(told(expr)).toContain("7 天内的r");
  });
});

describe("a judgement in words", () => {
  const leaf = (more: Partial<Trace>): Trace => ({
    op: "value",
    value: null,
    held: false,
    unknown: false,
    fact: null,
    figure: null,
    parts: [],
    ...more,
  });
  it("shows the fact found, and how each part came out", () => {
    const trace = leaf({
      op: "and",
      held: false,
      parts: [
        leaf({
          op: ">=",
          held: true,
          value: true,
          parts: [
            leaf({ op: "var", fact: "n", value: 34, held: true }),
            leaf({ op: "figure", figure: "least", value: 30, held: true }),
          ],
        }),
        leaf({ op: "var", fact: "m", unknown: true }),
      ],
    });
    const line = linesOf(ofTrace(trace), vocabulary("zh"));
    expect(line.outcome).toBe("failed");
    expect(line.parts.map((part) => [part.text, part.outcome])).toEqual([
      ["n（34） ≥ 30 例（报告病例数）", "held"],
      ["m（?）", "unknown"],
    ]);
  });
  it("lists the rows that decided a count", () => {
    const trace = leaf({
      op: "count",
      value: 1,
      held: true,
      parts: [
        leaf({ op: "var", fact: "tests", value: [{ a: 1 }, { a: 2 }], held: true }),
        leaf({
          op: "element",
          value: 7,
          held: true,
          parts: [leaf({ op: "var", fact: "a", value: 2 })],
        }),
      ],
    });
    const line = linesOf(ofTrace(trace), vocabulary("zh"));
    expect(line.text).toContain("的条数（1）");
    expect(line.parts.map((part) => part.text)).toEqual(["7"]);
  });
});

describe("the words of facts", () => {
  it("are those of the subject where several have the same name", () => {
    expect(findFact("path", "person")?.type).toBe("path");
    expect(findFact("nobody_has_this", "person")).toBeNull();
  });
});
