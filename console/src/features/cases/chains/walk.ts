import type { ChainEdge } from "@/api/types.ts";
import type { Drawing, Line, Spot } from "./layout.ts";

/** Where an arrow leads from a node: along the column, or along the weightiest line to the next. */
export function walk(drawing: Drawing, id: string, key: string): string | null {
  const here = drawing.spots.find((spot) => spot.node.id === id);
  if (!here) return null;
  switch (key) {
    case "ArrowUp":
      return beside(drawing, here, -1);
    case "ArrowDown":
      return beside(drawing, here, 1);
    case "ArrowLeft":
      return heaviest(drawing.lines.filter((line) => line.to === here))?.from.node.id ?? null;
    case "ArrowRight":
      return heaviest(drawing.lines.filter((line) => line.from === here))?.to.node.id ?? null;
    case "Home":
      return drawing.spots[0]?.node.id ?? null;
    default:
      return null;
  }
}

function beside(drawing: Drawing, here: Spot, step: number): string | null {
  const column = drawing.spots
    .filter((spot) => spot.column === here.column)
    .sort((a, b) => a.y - b.y);
  return column[column.indexOf(here) + step]?.node.id ?? null;
}

function heaviest(lines: readonly Line[]): Line | undefined {
  return [...lines].sort(
    (a, b) =>
      Number(b.edge.strongest) - Number(a.edge.strongest) ||
      (b.edge.minutes ?? 0) - (a.edge.minutes ?? 0),
  )[0];
}

/** The meetings a node stands in. */
export function evidenceOf(id: string, edges: readonly ChainEdge[]): ChainEdge[] {
  return edges.filter((edge) => edge.from === id || edge.to === id);
}

/** Everything on the way from the case to a node and on from it, to be shown bright. */
export function lineage(id: string, edges: readonly ChainEdge[]): ReadonlySet<string> {
  const reach = (start: string, next: (edge: ChainEdge) => [string, string]): string[] => {
    const seen = new Set([start]);
    const open = [start];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      for (const edge of edges) {
        const [a, b] = next(edge);
        if (a === at && !seen.has(b)) {
          seen.add(b);
          open.push(b);
        }
      }
    }
    return [...seen];
  };
  return new Set([...reach(id, (e) => [e.to, e.from]), ...reach(id, (e) => [e.from, e.to])]);
}

/** The record a node stands for: `contact:34` opens 34; a place or "more" opens nothing. */
export function recordOf(id: string): { kind: "case" | "contact"; id: number } | null {
  const found = /^(case|contact):(\d+)$/.exec(id);
  if (!found) return null;
  return { kind: found[1] as "case" | "contact", id: Number(found[2]) };
}
