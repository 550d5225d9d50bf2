import type { Pack, PackRule, Text } from "@/api/types.ts";
import { number } from "@/shared/format/number.ts";
import type { FigureWords } from "@/shared/rules/vocabulary.ts";

/** A figure's value as it stands in the pack. */
export function said(value: unknown, comma: string): string {
  if (Array.isArray(value)) return value.map((one) => said(one, comma)).join(comma);
  if (typeof value === "number") return number(value);
  return typeof value === "object" && value !== null ? JSON.stringify(value) : String(value);
}

/** The figures of a pack, for the words of its rules. */
export function figuresOf(
  pack: Pack,
  text: (both: Text) => string,
): (key: string) => FigureWords | null {
  const known = new Map(pack.figures.map((figure) => [figure.key, figure]));
  return (key) => {
    const found = known.get(key);
    return found ? { title: text(found.title), value: found.value, unit: found.unit } : null;
  };
}

/** Keys of the figures an expression measures by, in the order they are met. */
export function keysIn(expr: unknown): string[] {
  if (Array.isArray(expr)) return expr.flatMap(keysIn);
  if (typeof expr !== "object" || expr === null) return [];
  return Object.entries(expr).flatMap(([op, given]) =>
    op === "figure" && typeof given === "string" ? [given] : keysIn(given),
  );
}

/** Names of the facts an expression asks for directly, each once; those of list rows are not. */
export function factsIn(expr: unknown): string[] {
  const found = new Set<string>();
  const visit = (part: unknown, inside: boolean): void => {
    if (Array.isArray(part)) {
      for (const one of part) visit(one, inside);
      return;
    }
    if (typeof part !== "object" || part === null) return;
    for (const [op, given] of Object.entries(part)) {
      if (typeof given === "string" && op === (inside ? "outer" : "var")) found.add(given);
      else if (OVER_ROWS.has(op) && Array.isArray(given)) {
        visit(given[0], inside);
        visit(given.slice(1), true);
      } else if (op === "window" && Array.isArray(given)) {
        visit(given, inside);
      } else visit(given, inside);
    }
  };
  visit(expr, false);
  return [...found];
}
const OVER_ROWS = new Set([
  "count",
  "count_distinct",
  "sum",
  "max_of",
  "min_of",
  "some",
  "every",
  "filter",
]);

/** All that a rule says in expressions. */
export function expressionsOf(rule: PackRule): unknown[] {
  const conditions = [...(rule.release?.all ?? []), ...(rule.release?.any ?? [])];
  return [rule.when, rule.then?.until, ...conditions.map((one) => one.when)];
}

/** The words an expression compares a fact with, each once. */
export function literalsNear(expr: unknown, fact: string): string[] {
  const found = new Set<string>();
  const visit = (part: unknown): void => {
    if (Array.isArray(part)) {
      if (part.some((one) => isFact(one, fact)))
        for (const one of part.flat()) if (typeof one === "string") found.add(one);
      for (const one of part) visit(one);
    } else if (typeof part === "object" && part !== null) Object.values(part).forEach(visit);
  };
  visit(expr);
  return [...found];
}

const isFact = (part: unknown, name: string): boolean =>
  typeof part === "object" && part !== null && "var" in part && part.var === name;
