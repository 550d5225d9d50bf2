import { type KeyboardEvent, type RefObject, useRef, useState } from "react";
import { type Place, step } from "./steps.ts";

interface Cells {
  table: RefObject<HTMLTableElement | null>;
  onKeyDown: (event: KeyboardEvent) => void;
  /** What the cell's button carries: where it is, whether Tab stops there, and that it was left
   * off there. */
  cell: (row: number, column: number) => { at: string; tab: 0 | -1; focus: () => void };
}

/** A table of buttons: one tab stop, arrow keys inside; each button carries `at` as `data-at`. */
export function useCells(size: { rows: number; columns: number }): Cells {
  const table = useRef<HTMLTableElement>(null);
  const [at, setAt] = useState<Place>({ row: 0, column: 0 });
  const here = {
    row: Math.min(at.row, size.rows - 1),
    column: Math.min(at.column, size.columns - 1),
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const next = step(here, event.key, size);
    if (!next) return;
    event.preventDefault();
    setAt(next);
    table.current?.querySelector<HTMLElement>(`[data-at="${next.row}-${next.column}"]`)?.focus();
  };
  const cell = (row: number, column: number) => ({
    at: `${row}-${column}`,
    tab: here.row === row && here.column === column ? (0 as const) : (-1 as const),
    focus: () => setAt({ row, column }),
  });
  return { table, onKeyDown, cell };
}
