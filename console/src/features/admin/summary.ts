import type { Text } from "@/api/types.ts";

type Figure = readonly [string, number | string];

/** Of one stream, how many series a method judged; why: it was not the best one there is, which
 * needs so many days, and the series have these. */
export interface Judged {
  method: string;
  stream: string;
  why: string;
  series: number;
  has: readonly [number, number];
  needs: number;
}

export interface Parts {
  plain: Figure[];
  groups: [string, Figure[]][];
  methods: Judged[];
  notes: [string, Text][];
}

// The engine's own description; it is told with the step's proposals.
const CARD = "card";

/** What a step's summary consists of: figures, groups of figures, methods and sentences. */
export function parts(summary: Record<string, unknown>): Parts {
  const found: Parts = { plain: figures(summary), groups: [], methods: [], notes: [] };
  for (const [name, value] of Object.entries(summary)) {
    if (name === CARD || value === null || typeof value !== "object") continue;
    if (Array.isArray(value)) found.methods.push(...value.filter(isJudged));
    else if (isText(value)) found.notes.push([name, value]);
    else {
      const inner = figures(value as Record<string, unknown>);
      if (inner.length) found.groups.push([name, inner]);
    }
  }
  return found;
}

function figures(of: Record<string, unknown>): Figure[] {
  return Object.entries(of).filter(
    (pair): pair is [string, number | string] =>
      typeof pair[1] === "number" || typeof pair[1] === "string",
  );
}

function isText(value: object): value is Text {
  return "zh" in value && "en" in value;
}

function isJudged(value: unknown): value is Judged {
  return typeof value === "object" && value !== null && "method" in value && "has" in value;
}
