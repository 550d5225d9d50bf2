import { describe, expect, it } from "vitest";
import type { DirectiveBrief } from "@/api/types.ts";
import { treeOf } from "./tree.ts";

const unit = { code: "1", name: "u", level: "county", path: "1/" };
const order = (id: number, parent_id: number | null): DirectiveBrief => ({
  id,
  parent_id,
  number: String(id),
  title: { zh: "", en: "" },
  kind: "zone",
  from_unit: unit,
  to_unit: unit,
  children_count: 0,
  state: "issued",
  overdue: false,
  issued_at: "2022-11-08T00:00:00Z",
  sign_due_at: "2022-11-08T02:00:00Z",
  due_at: "2022-11-09T00:00:00Z",
  signed_at: null,
  reported_at: null,
  receipts: { total: 1, signed: 0, reported: 0 },
});
const ids = (nodes: readonly { id: number }[] | undefined) => nodes?.map((n) => n.id);

describe("the tree of directives", () => {
  it("puts each under the one it came from, whatever the order of the list", () => {
    const [root, ...others] = treeOf([order(3, 2), order(2, 1), order(4, 1), order(1, null)]);
    expect(others).toEqual([]);
    expect(ids(root?.children)).toEqual([2, 4]);
    expect(ids(root?.children?.[0]?.children)).toEqual([3]);
  });
  it("loses none whose parent is on another page or outside one's rights", () => {
    expect(ids(treeOf([order(7, 5), order(8, null)]))).toEqual([7, 8]);
  });
});
