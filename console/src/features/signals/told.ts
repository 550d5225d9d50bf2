import type { SignalGroup, SignalItem } from "@/api/types.ts";
import { number } from "@/shared/format/number.ts";
import type { Range } from "@/shared/ui/BandSparkline.tsx";
import { byWorst } from "./triage.ts";

type DayCount = NonNullable<SignalItem["evidence"]["history"]>[number];

/** One stream as it is drawn: its days, what was expected of them, and how far off the last is. */
export interface Curve {
  stream: string;
  history: readonly DayCount[];
  band: readonly (Range | null)[];
  observed: number | null;
  expected: number | null;
  z: number | null;
  /** The last day is beyond what was expected of it; null: nobody expected anything. */
  above: boolean | null;
}

const around = (expected: number, upper: number): Range => [
  Math.min(upper, Math.max(0, 2 * expected - upper)), // of rare counts the upper end can be 0
  upper,
];

/**
 * What was expected day by day where a model told that; else what was expected of the day in
 * question, all along, as a baseline is; nothing where a rule raised it.
 */
export function bandOf(
  history: readonly DayCount[],
  expected: number | null,
  upper: number | null,
): (Range | null)[] {
  const daily = history.map((day) =>
    typeof day.expected === "number" && typeof day.upper === "number"
      ? around(day.expected, day.upper)
      : null,
  );
  if (daily.some(Boolean)) return daily;
  const all = expected === null || upper === null ? null : around(expected, upper);
  return history.map(() => all);
}

/** The streams behind a signal: those its evidence names, or its own. */
export function curvesOf(signal: SignalItem): Curve[] {
  const { history = [], expected_upper = null, streams = [] } = signal.evidence;
  if (streams.length === 0)
    return [curve({ ...signal, history, upper: expected_upper, stream: signal.stream })];
  return streams.map(({ history: own = [], upper = null, ...one }) =>
    curve({ ...one, history: own, upper }),
  );
}

interface Given {
  stream: string;
  history: readonly DayCount[];
  observed: number | null;
  expected: number | null;
  upper: number | null;
  z: number | null;
}

function curve({ stream, history, observed, expected, upper, z }: Given): Curve {
  const above = upper === null || observed === null ? null : observed > upper;
  return { stream, history, band: bandOf(history, expected, upper), observed, expected, z, above };
}

/** The streams of a group, each once, as its worst signal shows it; the farthest off first. */
export function streamsOf(group: Pick<SignalGroup, "worst">): Curve[] {
  const found = new Map<string, Curve>();
  for (const signal of [...group.worst].sort(byWorst))
    for (const one of curvesOf(signal)) if (!found.has(one.stream)) found.set(one.stream, one);
  return [...found.values()].sort((a, b) => (b.z ?? 0) - (a.z ?? 0));
}

export const told = (value: number | null | undefined): string =>
  value === null || value === undefined ? "–" : number(value);
