export interface Place {
  row: number;
  column: number;
}

/** Where a key leads inside a grid; null for a key that means nothing there. Stops at the edges. */
export function step(
  at: Place,
  key: string,
  size: { rows: number; columns: number },
): Place | null {
  const row = (to: number) => Math.min(Math.max(to, 0), size.rows - 1);
  const column = (to: number) => Math.min(Math.max(to, 0), size.columns - 1);
  switch (key) {
    case "ArrowUp":
      return { ...at, row: row(at.row - 1) };
    case "ArrowDown":
      return { ...at, row: row(at.row + 1) };
    case "ArrowLeft":
      return { ...at, column: column(at.column - 1) };
    case "ArrowRight":
      return { ...at, column: column(at.column + 1) };
    case "Home":
      return { ...at, column: 0 };
    case "End":
      return { ...at, column: size.columns - 1 };
    case "PageUp":
      return { ...at, row: 0 };
    case "PageDown":
      return { ...at, row: size.rows - 1 };
    default:
      return null;
  }
}
