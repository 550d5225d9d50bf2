import { useMemo } from "react";
import type { PlanDetail } from "@/api/types.ts";
import type { Source } from "../planners.ts";
import { useChoices } from "../queries.ts";
import { shapesOf } from "./layers.ts";
import { lanesOf } from "./timeline.ts";

export interface Target {
  value: string;
  label: string;
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
      return lanesOf(plan.bars).map(({ key, label }) => ({ value: key, label: named(key, label) }));
    if ("role" in source) return placesOf(plan, source.role);
    const head = plan.tables.find((one) => one.key === source.table);
    const id = head?.columns.find((one) => one.kind === "id")?.key ?? "id";
    return (rows.data ?? []).map((row) => {
      const value = String(row.cells[id]);
      return { value, label: named(value, String(row.cells[source.label ?? id] ?? "")) };
    });
  }, [plan, source, rows.data]);
  return { targets, busy: rows.isFetching };
}

/** The places of one role on the map, each once. */
function placesOf(plan: PlanDetail, role: string): Target[] {
  const places = new Map<string, string>();
  for (const { properties } of shapesOf(plan.features))
    if (properties?.role === role)
      places.set(String(properties.id), String(properties.label ?? ""));
  return [...places].map(([value, label]) => ({ value, label: named(value, label) }));
}

const named = (code: string, name: string): string =>
  name && name !== code ? `${name} ${code}` : code;
