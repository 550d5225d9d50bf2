import { useMemo } from "react";
import type { PlanDetail } from "@/api/types.ts";
import type { Source } from "../planners.ts";
import { useChoices } from "../queries.ts";
import { named } from "./names.ts";
import { shapesOf } from "./shapes.ts";
import { lanesOf } from "./timeline.ts";

export interface Target {
  value: string;
  label: string;
  /** Where it goes now; null where nowhere. */
  at: string | null;
}

/** The things a word or an event may name, by where the planner lists them. */
export function useTargets(
  plan: PlanDetail,
  source: Source | null,
  text = "",
): { targets: readonly Target[]; busy: boolean } {
  const listed = source !== null && source !== "lanes" && "table" in source ? source : null;
  const rows = useChoices(plan.id, listed?.table ?? null, text);
  const targets = useMemo(() => {
    if (source === null) return [];
    if (source === "lanes")
      return lanesOf(plan.bars).map(({ key, label }) => ({
        value: key,
        label: named(key, label),
        at: null,
      }));
    if ("role" in source) return placesOf(plan, source.role);
    const head = plan.tables.find((one) => one.key === source.table);
    const id = source.key ?? head?.columns.find((one) => one.kind === "id")?.key ?? "id";
    const known = new Map<string, Target>();
    for (const { cells } of rows.data ?? []) {
      const value = String(cells[id]);
      known.set(value, {
        value,
        label: named(value, (source.label ?? []).map((key) => told(cells[key])).join(" ")),
        at: source.at ? told(cells[source.at]) || null : null,
      });
    }
    return [...known.values()];
  }, [plan, source, rows.data]);
  return { targets, busy: rows.isFetching };
}

/** A cell as text; a unit by its name. */
function told(cell: unknown): string {
  if (typeof cell === "object" && cell !== null && "name" in cell) return String(cell.name);
  return cell === null || cell === undefined ? "" : String(cell);
}

/** The places of one role on the map, each once. */
function placesOf(plan: PlanDetail, role: string): Target[] {
  const places = new Map<string, string>();
  for (const { properties } of shapesOf(plan.features))
    if (properties?.role === role)
      places.set(String(properties.id), String(properties.label ?? ""));
  return [...places].map(([value, label]) => ({ value, label: named(value, label), at: null }));
}
