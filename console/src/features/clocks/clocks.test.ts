import { describe, expect, it } from "vitest";
import type { Counts, Wall } from "@/api/types.ts";
import { step } from "@/shared/ui/steps.ts";
import { recordId } from "@/shared/view/useRecordId.ts";
import { byUrgency, chosenOf, paramsOf, total } from "./buckets.ts";
import { counted } from "./counted.ts";

const counts = (overdue: number, h1 = 0, h4 = 0, h24 = 0, later = 0): Counts => ({
  overdue,
  h1,
  h4,
  h24,
  later,
});
const text = { zh: "", en: "" };
const unit = (code: string) => ({ code, name: code, level: "city", path: `${code}/` });
const wall: Wall = {
  now: "2022-11-08T12:00:00Z",
  totals: counts(5, 1, 1, 1, 1),
  owners: [
    { unit: unit("14"), below: false, ...counts(2) },
    { unit: unit("1401"), below: true, ...counts(3, 1, 1, 1, 1) },
  ],
  kinds: [{ clock: "case-report", name: text, rule_id: "RPT-1", verified: true, ...counts(4, 1) }],
};

describe("the buckets", () => {
  it("add up, and put the most urgent first", () => {
    expect(total(counts(1, 2, 3, 4, 5))).toBe(15);
    const rows = [counts(0, 9), counts(1), counts(0, 9, 1)].sort(byUrgency);
    expect(rows).toEqual([counts(1), counts(0, 9, 1), counts(0, 9)]);
  });
});

describe("the list behind a number", () => {
  it("is what the URL says, and the URL says nothing when no list is open", () => {
    expect(chosenOf({})).toBeNull();
    const chosen = { bucket: "h1", owner: "1401", clock: null } as const;
    expect(chosenOf({ bucket: "h1", owner: "1401" })).toEqual(chosen);
    expect(paramsOf(chosen)).toEqual({ bucket: "h1", owner: "1401", clock: null });
  });
  it("of all buckets is still open", () => {
    const params = paramsOf({ clock: "case-report" });
    expect(params.bucket).toBe("all");
    expect(chosenOf({ bucket: "all", clock: "case-report" })?.bucket).toBeNull();
  });
  it("has the wall's own count, or none where the wall shows none", () => {
    const at = (params: Parameters<typeof chosenOf>[0]) => {
      const chosen = chosenOf(params);
      return chosen ? counted(wall, chosen) : undefined;
    };
    expect(at({ bucket: "overdue" })).toBe(5);
    expect(at({ bucket: "overdue", owner: "1401" })).toBe(3);
    expect(at({ bucket: "all", owner: "14" })).toBe(2);
    expect(at({ bucket: "h1", clock: "case-report" })).toBe(1);
    expect(at({ bucket: "h1", clock: "case-report", owner: "1401" })).toBeNull();
  });
});

describe("the arrow keys", () => {
  const size = { rows: 3, columns: 6 };
  it("move by one and stop at the edges", () => {
    expect(step({ row: 0, column: 0 }, "ArrowDown", size)).toEqual({ row: 1, column: 0 });
    expect(step({ row: 2, column: 5 }, "ArrowRight", size)).toEqual({ row: 2, column: 5 });
    expect(step({ row: 1, column: 3 }, "Home", size)).toEqual({ row: 1, column: 0 });
    expect(step({ row: 1, column: 3 }, "Tab", size)).toBeNull();
  });
});

describe("the number in an address", () => {
  it("is a record's, none, or bad", () => {
    expect([recordId("12"), recordId(undefined)]).toEqual([12, null]);
    expect(["abc", "0", "-1", "1e3", "1.5", "99999999999999999"].map(recordId)).toEqual(
      Array(6).fill("bad"),
    );
  });
});
