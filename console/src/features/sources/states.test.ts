import { describe, expect, it } from "vitest";
import type { SourceItem } from "@/api/types.ts";
import { clockOf, having, rowsOf, tally } from "./states.ts";

const source = (code: string, stream: string, state: string): SourceItem => ({
  id: `${code}:${stream}`,
  unit: { code, name: code, level: "county", path: `${code}/` },
  stream,
  sender: "",
  state,
  since: null,
  sites: 0,
  received: 0,
  expected: null,
  completeness: null,
  delay_h: null,
  last_day: null,
  last_at: null,
  last_file_at: null,
  history: [],
});
const rows = rowsOf([
  source("1", "fever_clinic", "ok"),
  source("1", "pharmacy_sales", "outage"),
  source("2", "fever_clinic", "late"),
]);
const BOTH = ["fever_clinic", "pharmacy_sales"];

describe("the matrix", () => {
  it("has one row a county, with its streams", () => {
    expect(rows.map((row) => [row.unit.code, Object.keys(row.cells)])).toEqual([
      ["1", BOTH],
      ["2", ["fever_clinic"]],
    ]);
  });

  it("keeps the counties with a source in the state asked for, of the streams shown", () => {
    expect(having(rows, BOTH, "outage").map((row) => row.unit.code)).toEqual(["1"]);
    expect(having(rows, ["fever_clinic"], "outage")).toEqual([]);
    expect(having(rows, BOTH, undefined)).toHaveLength(2);
  });

  it("counts the sources of each state", () => {
    expect(tally(rows, BOTH)).toEqual({ outage: 1, partial: 0, late: 1, ok: 1, never: 0 });
    expect(tally(rows, ["pharmacy_sales"]).ok).toBe(0);
  });
});

describe("the hour of a report", () => {
  it("is a clock time of the same or a later day", () => {
    expect(clockOf(17.5)).toEqual({ time: "17:30", days: 0 });
    expect(clockOf(33)).toEqual({ time: "09:00", days: 1 });
    expect(clockOf(23.9999)).toEqual({ time: "00:00", days: 1 });
    expect(clockOf(75.25)).toEqual({ time: "03:15", days: 3 });
  });
});
