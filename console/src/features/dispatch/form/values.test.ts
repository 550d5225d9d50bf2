import { describe, expect, it } from "vitest";
import { defaults, filled } from "./values.ts";

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
