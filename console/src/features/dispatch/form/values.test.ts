import { describe, expect, it } from "vitest";
import { defaults, filled, fromNow, lateBy } from "./values.ts";

const field = (key: string, kind: string, fallback: unknown = null) => ({
  key,
  kind,
  least: null,
  most: null,
  default: fallback,
  choices: [],
  planner: "",
  required: false,
});
const FIELDS = [
  field("seconds", "number", 8),
  field("degree_2", "flag", false),
  field("start", "moment"),
];

describe("the form of a new plan", () => {
  it("begins with what the planner would take", () => {
    expect(defaults(FIELDS)).toEqual({ seconds: 8, degree_2: false });
  });
  it("leaves to the planner what was left empty, but sends a no", () => {
    expect(filled(FIELDS, { seconds: 20, degree_2: false, start: null, other: 1 })).toEqual({
      seconds: 20,
      degree_2: false,
    });
  });
});

const NOW = Date.parse("2022-11-08T13:00:00Z");
const bar = (begins: string) => ({
  lane: "V1",
  kind: "drive",
  begins,
  ends: begins,
  label: "",
  id: "",
});
const bars = [bar("2022-11-08T12:45:00Z"), bar("2022-11-08T12:30:00Z")];

describe("a plan that nobody approved in time", () => {
  it("is late by its first bar", () => {
    expect(lateBy({ state: "proposed", bars }, NOW)).toEqual({
      begins: "2022-11-08T12:30:00Z",
      ms: 30 * 60_000,
    });
  });
  it.each([
    { state: "issued", bars },
    { state: "ready", bars: [] },
    { state: "ready", bars: [bar("2022-11-08T13:30:00Z")] },
  ])("is not late when it is decided, has no hours or begins later: $state", (plan) => {
    expect(lateBy(plan, NOW)).toBeNull();
  });
  it("is asked again without the moment it was to begin at", () => {
    const asked = { seconds: 8, degree_2: false, start: "2022-11-08T12:30:00Z" };
    expect(fromNow(FIELDS, asked)).toEqual({ seconds: 8, degree_2: false });
  });
});
