import type { Expression, Trace } from "@/api/types.ts";

/** How a part of a rule came out; null where nothing was judged. */
export type Outcome = "held" | "failed" | "unknown" | null;

/** One part of a rule, as written or as judged: what both are drawn from. */
export interface Node {
  op: string;
  /** Of a fact or a figure. */
  name: string | null;
  /** What it came to; undefined while nothing was judged. */
  value: unknown;
  args: Node[];
  outcome: Outcome;
}

const NAMING = new Set(["var", "outer", "figure"]);

export function ofExpression(expr: Expression): Node {
  const plain = { value: undefined, outcome: null };
  if (Array.isArray(expr))
    return { ...plain, op: "list", name: null, args: expr.map(ofExpression) };
  if (typeof expr !== "object" || expr === null)
    return { op: "value", name: null, value: expr, args: [], outcome: null };
  const [op = "", given = null] = Object.entries(expr)[0] ?? [];
  if (NAMING.has(op)) return { ...plain, op, name: String(given), args: [] };
  const args = Array.isArray(given) ? given : [given];
  return { ...plain, op, name: null, args: args.map(ofExpression) };
}

export function ofTrace(trace: Trace): Node {
  return {
    op: trace.op,
    name: trace.fact ?? trace.figure,
    value: trace.value ?? null,
    args: trace.parts.map(ofTrace),
    outcome: trace.unknown ? "unknown" : trace.held ? "held" : "failed",
  };
}
