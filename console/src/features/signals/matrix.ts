import type { SignalItem, SourceItem, UnitRef } from "@/api/types.ts";
import { type Curve, curvesOf } from "./told.ts";
import { byWorst } from "./triage.ts";

export interface Cell {
  /** The signal it shows; null where the stream raised none. */
  signal: SignalItem | null;
  curve: Curve;
}
export interface Row {
  unit: UnitRef;
  worst: SignalItem;
  cells: Readonly<Record<string, Cell>>;
}

/** The worst counties, each with its streams as its worst signal shows them. */
export function rowsOf(signals: readonly SignalItem[], most: number): Row[] {
  const rows = new Map<string, { unit: UnitRef; worst: SignalItem; cells: Record<string, Cell> }>();
  for (const signal of [...signals].sort(byWorst)) {
    const row = rows.get(signal.unit.code) ?? { unit: signal.unit, worst: signal, cells: {} };
    for (const curve of curvesOf(signal)) row.cells[curve.stream] ??= { signal, curve };
    rows.set(signal.unit.code, row);
  }
  return [...rows.values()].slice(0, most);
}

/** Streams that raised nothing, or only by a rule, drawn from what their sources sent. */
export function filled(rows: readonly Row[], sources: readonly SourceItem[]): Row[] {
  const quiet = new Map<string, Record<string, Cell>>();
  for (const { unit, stream, history } of sources) {
    const cells = quiet.get(unit.code) ?? {};
    cells[stream] = { signal: null, curve: plain(stream, history) };
    quiet.set(unit.code, cells);
  }
  return rows.map((row) => {
    const sent = quiet.get(row.unit.code) ?? {};
    const raised = Object.entries(row.cells).map(([stream, cell]) => {
      const plainly = cell.curve.history.length === 0 ? sent[stream] : undefined;
      return [stream, plainly ? { ...cell, curve: plainly.curve } : cell] as const;
    });
    return { ...row, cells: { ...sent, ...Object.fromEntries(raised) } };
  });
}

function plain(stream: string, days: SourceItem["history"]): Curve {
  const history = days.map(({ date, count }) => ({ date, count }));
  const observed = history.at(-1)?.count ?? null;
  return {
    stream,
    history,
    band: history.map(() => null),
    observed,
    expected: null,
    z: null,
    above: null,
  };
}
