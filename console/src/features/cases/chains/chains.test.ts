import { describe, expect, it } from "vitest";
import type { ChainEdge, ChainGraph, ChainNode } from "@/api/types.ts";
import { columnsOf, layout, lineWidth, pathOf } from "./layout.ts";
import { evidenceOf, lineage, recordOf, walk } from "./walk.ts";

const node = (id: string, degree: number | null = null): ChainNode => ({
  id,
  kind: id.split(":")[0] ?? "",
  label: { zh: id, en: id },
  degree,
  state: null,
  count: null,
  below: null,
});
const edge = (from: string, to: string, minutes = 30, strongest = false): ChainEdge => ({
  from,
  to,
  minutes,
  strongest,
  place: null,
  first: "2022-11-05T00:00:00Z",
  last: "2022-11-05T00:30:00Z",
  rule_id: "WHO-2",
  imputed: false,
});
const chains: ChainGraph = {
  nodes: [
    node("case:1", 0),
    node("contact:10", 1),
    node("contact:11", 1),
    node("contact:20", 2),
    node("contact:21", 2),
    node("place:5"),
    node("place:6"),
    node("more:contact:10", 2),
  ],
  edges: [
    edge("case:1", "place:5", 90),
    edge("place:5", "contact:10", 90, true),
    edge("case:1", "contact:11", 20),
    edge("contact:10", "place:6", 60),
    edge("place:6", "contact:21", 60),
    edge("contact:11", "contact:20", 45),
    edge("contact:10", "more:contact:10", 0),
  ],
  left_out: 4,
};
const ids = (columns: ChainNode[][]) => columns.map((column) => column.map((n) => n.id).sort());

describe("the layers of the chain graph", () => {
  it("go from the case over places to close and secondary contacts", () => {
    expect(ids(columnsOf(chains.nodes, chains.edges))).toEqual([
      ["case:1"],
      ["place:5"],
      ["contact:10", "contact:11"],
      ["place:6"],
      ["contact:20", "contact:21", "more:contact:10"],
    ]);
  });
  it("leave no empty column where everybody lives together", () => {
    const nodes = [node("case:1", 0), node("contact:10", 1)];
    expect(ids(columnsOf(nodes, [edge("case:1", "contact:10", 0)]))).toEqual([
      ["case:1"],
      ["contact:10"],
    ]);
  });
  it("put people without a degree behind those they follow", () => {
    const nodes = [node("case:1", 0), node("contact:10", 1), node("more:5")];
    expect(ids(columnsOf(nodes, [edge("contact:10", "more:5")]))).toEqual([
      ["case:1"],
      ["contact:10"],
      ["more:5"],
    ]);
  });
});

describe("the drawing", () => {
  const drawing = layout(chains, 1000);
  const at = (id: string) => drawing.spots.find((spot) => spot.node.id === id);
  it("holds every node once, inside its frame, and no two in one spot", () => {
    expect(drawing.spots.map((s) => s.node.id).sort()).toEqual(
      chains.nodes.map((n) => n.id).sort(),
    );
    expect(drawing.spots.every((s) => s.x >= 0 && s.x <= 1000)).toBe(true);
    expect(drawing.spots.every((s) => s.y > 0 && s.y < drawing.height)).toBe(true);
    expect(new Set(drawing.spots.map((s) => `${s.x},${s.y}`)).size).toBe(chains.nodes.length);
  });
  it("runs every line from left to right", () => {
    expect(drawing.lines).toHaveLength(chains.edges.length);
    expect(drawing.lines.every((line) => line.from.x < line.to.x)).toBe(true);
  });
  it("does not cross lines that need not cross", () => {
    const above = (a: string, b: string) => (at(a)?.y ?? 0) < (at(b)?.y ?? 0);
    expect(above("contact:10", "contact:11")).toBe(above("contact:21", "contact:20"));
  });
  it("draws the strongest last, over the others", () => {
    expect(drawing.lines.at(-1)?.edge.strongest).toBe(true);
  });
  it("leaves out a line to somebody who is not shown", () => {
    const broken = { ...chains, edges: [...chains.edges, edge("contact:10", "contact:99")] };
    expect(layout(broken, 1000).lines).toHaveLength(chains.edges.length);
  });
  it("of a case without contacts is the case alone", () => {
    const alone = layout({ nodes: [node("case:1", 0)], edges: [], left_out: 0 }, 1000);
    expect(alone.spots).toHaveLength(1);
    expect(alone.lines).toEqual([]);
  });
  it("grows with the longest column", () => {
    const many = Array.from({ length: 60 }, (_, i) => node(`contact:${i}`, 1));
    const tall = layout({ nodes: [node("case:1", 0), ...many], edges: [], left_out: 0 }, 1000);
    expect(tall.height).toBeGreaterThan(60 * 20);
    expect(tall.spots[0]?.y).toBeLessThan(300);
  });
  it("begins and ends a line at its two nodes", () => {
    const line = drawing.lines[0];
    if (!line) throw new Error("no line");
    expect(pathOf(line).startsWith(`M${line.from.x},${line.from.y} `)).toBe(true);
    expect(pathOf(line).endsWith(` ${line.to.x},${line.to.y}`)).toBe(true);
  });
});

describe("the thickness of a line", () => {
  it("grows with the minutes and never vanishes", () => {
    const widths = [0, 1, 30, 180, 600].map((minutes) => lineWidth(minutes, 180));
    expect(widths[1]).toBeLessThan(widths[2] ?? 0);
    expect(widths[2]).toBeLessThan(widths[3] ?? 0);
    expect(widths[4]).toBe(widths[3]);
    expect(Math.min(...widths)).toBeGreaterThan(0);
    expect(lineWidth(0, 0)).toBeGreaterThan(0);
  });
});

describe("the arrows", () => {
  const drawing = layout(chains, 1000);
  it("follow the weightiest line out and back", () => {
    expect(walk(drawing, "case:1", "ArrowRight")).toBe("place:5");
    expect(walk(drawing, "place:5", "ArrowRight")).toBe("contact:10");
    expect(walk(drawing, "contact:10", "ArrowLeft")).toBe("place:5");
    expect(walk(drawing, "contact:21", "Home")).toBe("case:1");
  });
  it("go up and down a column and stop at its ends", () => {
    const [top, bottom] = ["contact:10", "contact:11"].sort(
      (a, b) =>
        (drawing.spots.find((s) => s.node.id === a)?.y ?? 0) -
        (drawing.spots.find((s) => s.node.id === b)?.y ?? 0),
    );
    expect(walk(drawing, top ?? "", "ArrowDown")).toBe(bottom);
    expect(walk(drawing, top ?? "", "ArrowUp")).toBeNull();
    expect(walk(drawing, bottom ?? "", "ArrowDown")).toBeNull();
  });
  it("mean nothing where no line leads or nobody stands", () => {
    expect(walk(drawing, "case:1", "ArrowLeft")).toBeNull();
    expect(walk(drawing, "contact:77", "ArrowUp")).toBeNull();
    expect(walk(drawing, "case:1", "x")).toBeNull();
  });
});

describe("what a node tells", () => {
  it("are the meetings it stands in", () => {
    expect(evidenceOf("place:5", chains.edges)).toHaveLength(2);
    expect(evidenceOf("case:1", chains.edges)).toHaveLength(2);
  });
  it("lights the way from the case to it and on, and nothing beside", () => {
    expect([...lineage("place:6", chains.edges)].sort()).toEqual(
      ["case:1", "contact:10", "contact:21", "place:5", "place:6"].sort(),
    );
  });
  it("opens a case or a contact, and nothing else", () => {
    expect(recordOf("contact:34")).toEqual({ kind: "contact", id: 34 });
    expect(recordOf("case:12")).toEqual({ kind: "case", id: 12 });
    expect(recordOf("place:5")).toBeNull();
    expect(recordOf("more:contact:10")).toBeNull();
  });
});
