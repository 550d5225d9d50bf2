import type { DirectiveBrief } from "@/api/types.ts";

export interface Node extends DirectiveBrief {
  children?: Node[];
}

/** The flat list as trees; a directive whose parent is not in the list stands as a root. */
export function treeOf(items: readonly DirectiveBrief[]): Node[] {
  const nodes = new Map(items.map((item): [number, Node] => [item.id, { ...item }]));
  const roots: Node[] = [];
  for (const node of nodes.values()) {
    const parent =
      node.parent_id === null || node.parent_id === undefined
        ? undefined
        : nodes.get(node.parent_id);
    if (!parent) {
      roots.push(node);
      continue;
    }
    parent.children ??= [];
    parent.children.push(node);
  }
  return roots;
}
