import type { SignalGroup } from "@/api/types.ts";
import { useKeys } from "@/shared/ui/useKeys.ts";
import type { GroupWhat } from "./GroupAct.tsx";

interface Desk {
  rows: readonly SignalGroup[];
  /** The group that is open beside the list. */
  chosen: number | undefined;
  marked: readonly SignalGroup[];
  open: (row: SignalGroup) => void;
  mark: (row: SignalGroup) => void;
  act: (what: GroupWhat, groups: SignalGroup[]) => void;
  help: () => void;
}

const rowOf = (id: number): HTMLElement | null =>
  document.querySelector(`.z-list tr[data-row-key="${id}"]`);

/** Where one stands in the list: the row with the focus, or that of the group one looks at. */
function standing(desk: Desk): number {
  const focused = document.activeElement?.closest<HTMLElement>("tr[data-row-key]");
  const id = focused ? Number(focused.dataset.rowKey) : desk.chosen;
  return desk.rows.findIndex((one) => one.id === id);
}

/** j and k walk, x marks, space opens; t, d and s act on what is marked, else on the row. */
export function useTriageKeys(on: boolean, desk: Desk): void {
  useKeys(on, (key) => {
    const at = standing(desk);
    const row = desk.rows[at];
    const meant = desk.marked.length ? [...desk.marked] : row ? [row] : [];
    const walk = (by: 1 | -1) => {
      const next = at < 0 ? 0 : Math.min(Math.max(at + by, 0), desk.rows.length - 1);
      const there = desk.rows[next];
      if (there) rowOf(there.id)?.focus();
    };
    switch (key) {
      case "j":
        walk(1);
        return true;
      case "k":
        walk(-1);
        return true;
      case "x":
        if (row) desk.mark(row);
        return true;
      case " ":
        if (!row || document.activeElement?.matches("button, a")) return false;
        desk.open(row);
        return true;
      case "t":
        desk.act("take", meant);
        return true;
      case "d":
        desk.act("dismiss", meant);
        return true;
      case "s":
        desk.act("snooze", meant);
        return true;
      case "?":
        desk.help();
        return true;
      default:
        return false;
    }
  });
}
