import type { ChainEdge, ChainGraph, ChainNode } from "@/api/types.ts";

/** A node with its place on the drawing; `column` counts from the case, left to right. */
export interface Spot {
  node: ChainNode;
  column: number;
  x: number;
  y: number;
}
export interface Line {
  key: string;
  edge: ChainEdge;
  from: Spot;
  to: Spot;
  width: number;
}
export interface Drawing {
  spots: Spot[];
  lines: Line[];
  width: number;
  height: number;
}

const ROW = 24;
/** The case stands where one sees it without scrolling, however tall the drawing. */
const CASE_LOWEST = 260;
const TOP = 22;
const LEFT = 26;
/** Room for the names right of the last column. */
const RIGHT = 190;
const LEAST_HEIGHT = 220;
const SWEEPS = 4;

/**
 * Layers from left to right: the case, places, close contacts, places, secondary contacts.
 * Inside a layer nodes stand near the middle of their neighbours (barycentre method of
 * Sugiyama, Tagawa, Toda 1981), which keeps crossings few; ties keep the server's order.
 */
export function layout({ nodes, edges }: ChainGraph, width: number): Drawing {
  const known = new Set(nodes.map((node) => node.id));
  const kept = edges.filter((edge) => known.has(edge.from) && known.has(edge.to));
  const columns = ordered(columnsOf(nodes, kept), kept);
  const tallest = Math.max(1, ...columns.map((column) => column.length));
  const height = Math.max(LEAST_HEIGHT, TOP * 2 + tallest * ROW);
  const gap = columns.length > 1 ? (width - LEFT - RIGHT) / (columns.length - 1) : 0;
  const spots = columns.flatMap((column, c) =>
    column.map(
      (node, i): Spot => ({
        node,
        column: c,
        x: LEFT + c * gap,
        y: heightOf(node, TOP + ((i + 0.5) * (height - TOP * 2)) / column.length),
      }),
    ),
  );
  return { spots, lines: linesOf(spots, kept), width, height };
}

function heightOf(node: ChainNode, middle: number): number {
  return node.kind === "case" ? Math.min(middle, CASE_LOWEST) : middle;
}

/** A place stands between those it joins; a person as far from the case as his degree. */
function layerOf(node: ChainNode, edges: readonly ChainEdge[], degree: Map<string, number>) {
  if (node.kind === "case") return 0;
  const own = degree.get(node.id);
  if (node.kind !== "place" && own !== undefined) return own * 2;
  const sources = edges.filter((edge) => edge.to === node.id).map((e) => degree.get(e.from) ?? 0);
  const nearest = sources.length ? Math.min(...sources) : 0;
  return nearest * 2 + (node.kind === "place" ? 1 : 2);
}

/** The nodes by layer, empty layers left out. */
export function columnsOf(nodes: readonly ChainNode[], edges: readonly ChainEdge[]): ChainNode[][] {
  const degree = new Map<string, number>();
  for (const node of nodes) {
    if (node.kind === "case") degree.set(node.id, 0);
    else if (node.kind !== "place" && node.degree) degree.set(node.id, node.degree);
  }
  const layers = new Map<number, ChainNode[]>();
  for (const node of nodes) {
    const layer = layerOf(node, edges, degree);
    layers.set(layer, [...(layers.get(layer) ?? []), node]);
  }
  return [...layers].sort(([a], [b]) => a - b).map(([, column]) => column);
}

function neighbours(edges: readonly ChainEdge[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const { from, to } of edges) {
    found.set(from, [...(found.get(from) ?? []), to]);
    found.set(to, [...(found.get(to) ?? []), from]);
  }
  return found;
}

/** Share of the column's height at which a node stands, by id. */
function heights(columns: readonly ChainNode[][]): Map<string, number> {
  return new Map(
    columns.flatMap((column) =>
      column.map((node, i): [string, number] => [node.id, (i + 0.5) / column.length]),
    ),
  );
}

function ordered(columns: ChainNode[][], edges: readonly ChainEdge[]): ChainNode[][] {
  const near = neighbours(edges);
  let now = columns;
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const forth = sweep % 2 === 0;
    const order = now.map((_, c) => c);
    for (const c of forth ? order : order.reverse()) now = settled(now, c, near, forth ? -1 : 1);
  }
  return now;
}

/** One column put in the order of its neighbours' middle on the side looked at. */
function settled(
  columns: ChainNode[][],
  c: number,
  near: Map<string, string[]>,
  side: -1 | 1,
): ChainNode[][] {
  const at = heights(columns);
  const beside = new Set(
    columns
      .filter((_, i) => (side < 0 ? i < c : i > c))
      .flatMap((column) => column.map((n) => n.id)),
  );
  const middle = (node: ChainNode): number => {
    const found = (near.get(node.id) ?? []).filter((id) => beside.has(id));
    if (found.length === 0) return at.get(node.id) ?? 0;
    return found.reduce((sum, id) => sum + (at.get(id) ?? 0), 0) / found.length;
  };
  return columns.map((column, i) =>
    i === c
      ? column
          .map((node, rank) => ({ node, rank, key: middle(node) }))
          .sort((a, b) => a.key - b.key || a.rank - b.rank)
          .map(({ node }) => node)
      : column,
  );
}

const THIN = 1;
const THICK = 4;

/** Square root, so that three hours do not bury three minutes; nought minutes still shows. */
export function lineWidth(minutes: number, most: number): number {
  if (most <= 0 || minutes <= 0) return THIN + 0.5;
  return THIN + (THICK - THIN) * Math.sqrt(Math.min(1, minutes / most));
}

/** The strongest are drawn last, over the others. */
function linesOf(spots: readonly Spot[], edges: readonly ChainEdge[]): Line[] {
  const at = new Map(spots.map((spot) => [spot.node.id, spot]));
  const most = Math.max(0, ...edges.map((edge) => edge.minutes ?? 0));
  const lines = edges.flatMap((edge, i): Line[] => {
    const from = at.get(edge.from);
    const to = at.get(edge.to);
    if (!from || !to) return [];
    return [{ key: `${i}`, edge, from, to, width: lineWidth(edge.minutes ?? 0, most) }];
  });
  return lines.sort((a, b) => Number(a.edge.strongest) - Number(b.edge.strongest));
}

/** From one node to the next as a gentle S. */
export function pathOf({ from, to }: Line): string {
  const middle = (from.x + to.x) / 2;
  return `M${from.x},${from.y} C${middle},${from.y} ${middle},${to.y} ${to.x},${to.y}`;
}
