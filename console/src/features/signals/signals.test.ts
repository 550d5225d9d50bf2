import { describe, expect, it } from "vitest";
import type { SignalItem } from "@/api/types.ts";
import type { Range } from "@/shared/ui/BandSparkline.tsx";
import { read, written } from "./dismissal.ts";
import { bandOf, streamsOf } from "./told.ts";
import { chunks, fitting, reach, silenced } from "./triage.ts";

const signal = (id: number, county: string, given: Partial<SignalItem> = {}): SignalItem => ({
  id,
  unit: { code: county, name: county, level: "county", path: `${county}/` },
  stream: "fever_clinic",
  date: "2022-11-08",
  observed: 30,
  expected: 20,
  z: 4,
  p_value: 0.001,
  probability: null,
  rule: null,
  grade: "yellow",
  method: "ears-c2",
  state: "raised",
  evidence: { history: [], expected_upper: 26, tested: 10 },
  known_at: "2022-11-08T12:00:00Z",
  handled_by: "",
  handled_at: null,
  reason: "",
  verified_at: null,
  checked_at: null,
  check_note: "",
  assessed_at: null,
  risk: null,
  risk_note: "",
  group: { id, signals: 1, first: "2022-11-08", last: "2022-11-08", counties: [county] },
  snoozed_until: null,
  neighbours: [],
  ...given,
});

describe("what is done with many", () => {
  const some = [signal(1, "a"), signal(2, "a", { state: "taken" }), signal(3, "b")];

  it("is told beforehand in signals and counties", () => {
    expect(reach(some)).toEqual({ signals: 3, counties: 2 });
  });

  it("takes those whose state allows it and leaves the others", () => {
    const { fit, left } = fitting("take", some);
    expect([fit.map((one) => one.id), left]).toEqual([[1, 3], 1]);
  });

  it("silences each county and stream once, by its worst signal, verified ones not at all", () => {
    const red = signal(4, "a", { grade: "red" });
    const checked = signal(5, "c", { state: "checked" });
    expect(silenced([...some, red, checked]).map((one) => one.id)).toEqual([4, 3]);
  });

  it("is asked for in portions the service takes", () => {
    expect(chunks([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]]);
    expect(chunks([], 2)).toEqual([]);
  });
});

describe("why a signal was none", () => {
  it("is kept as a code and what was added, and read again", () => {
    expect(read(written("data_error", " a: b "))).toEqual({ code: "data_error", note: "a: b" });
    expect(written("chance", " ")).toBe("chance");
  });

  it("is a plain sentence where it did not come from the list", () => {
    expect(read("报错: 设备")).toEqual({ code: null, note: "报错: 设备" });
  });
});

describe("what was expected", () => {
  const history = [
    { date: "2022-11-07", count: 20 },
    { date: "2022-11-08", count: 30 },
  ];

  it("lies around the expected count, all along, and never below zero", () => {
    const flat: Range = [14, 26];
    expect(bandOf(history, 20, 26)).toEqual([flat, flat]);
    expect(bandOf(history, 2, 26)[0]).toEqual([0, 26]);
  });

  it("is told day by day where a model knows it", () => {
    const daily = history.map((day) => ({ ...day, expected: 10, upper: 15 }));
    expect(bandOf([...daily, { date: "2022-11-09", count: 3 }], 20, 26)).toEqual([
      [5, 15],
      [5, 15],
      null,
    ]);
  });

  it("is nothing where a rule raised the signal", () => {
    expect(bandOf(history, null, null)).toEqual([null, null]);
  });
});

describe("the streams of a group", () => {
  const stream = (name: string, z: number | null) => ({
    stream: name,
    method: "long",
    observed: 5,
    expected: 3,
    sd: 1,
    z,
    p_value: 0.1,
    upper: 4,
    why: "",
  });

  it("come each once, from the worst signal, the farthest off first", () => {
    const joint = signal(1, "a", {
      stream: "joint",
      grade: "red",
      evidence: { history: [], streams: [stream("pharmacy_sales", 2), stream("fever_clinic", 5)] },
    });
    const own = signal(2, "a", { z: 9 });
    const found = streamsOf({ worst: [own, joint] });
    expect(found.map((one) => [one.stream, one.z, one.above])).toEqual([
      ["fever_clinic", 5, true],
      ["pharmacy_sales", 2, true],
    ]);
  });
});
