import type { Trace } from "@/api/types.ts";

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

/** A condition as it is written in a pack: a literal, a list, or an operator with its arguments. */
export function ofExpression(expr: unknown): Node {
  const plain = { value: undefined, outcome: null };
  if (Array.isArray(expr))
    return { ...plain, op: "list", name: null, args: expr.map(ofExpression) };
  if (typeof expr !== "object" || expr === null)
    return { op: "value", name: null, value: expr ?? null, args: [], outcome: null };
  const [op = "", given = null] = Object.entries(expr)[0] ?? [];
  if (NAMING.has(op)) return { ...plain, op, name: String(given), args: [] };
  const args = Array.isArray(given) ? given : [given];
  return { ...plain, op, name: null, args: args.map(ofExpression) };
}

/** A condition as it was judged, from the service's trace of it. */
export function ofTrace(trace: Trace): Node {
  const { op, fact, figure, parts } = trace;
  const name = typeof fact === "string" ? fact : typeof figure === "string" ? figure : null;
  return {
    op: typeof op === "string" ? op : "value",
    name,
    value: trace.value ?? null,
    args: Array.isArray(parts) ? parts.map((part) => ofTrace(part as Trace)) : [],
    outcome: trace.unknown === true ? "unknown" : trace.held === true ? "held" : "failed",
  };
}
