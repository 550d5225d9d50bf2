import { describe, expect, it } from "vitest";
import { difference } from "./Alternatives.tsx";
import { bodyOf } from "./DecisionDialog.tsx";
import { cell, coded } from "./DetailRows.tsx";
import { verdictOf } from "./keys.ts";

const press = (key: string, more: object = {}) =>
  verdictOf({ key, ctrlKey: false, metaKey: false, altKey: false, target: null, ...more });
const cost = (value: number | null) => ({ key: "k", label: { zh: "", en: "" }, value, unit: "" });

describe("the keys of the decision page", () => {
  it("are A, E and R, small or capital", () => {
    expect(["a", "E", "r"].map((key) => press(key))).toEqual(["approve", "amend", "reject"]);
  });
  it("mean nothing with a modifier: Ctrl-A selects, Ctrl-R reloads", () => {
    expect(press("a", { ctrlKey: true })).toBeNull();
    expect(press("r", { metaKey: true })).toBeNull();
  });
});

describe("what is sent", () => {
  it("carries an amendment only when one amends", () => {
    expect(bodyOf("reject", { reason: " too wide ", note: "x" })).toEqual({
      verdict: "reject",
      reason: "too wide",
    });
    expect(bodyOf("amend", { reason: "r", due_hours: 6, exclude_units: [] })).toEqual({
      verdict: "amend",
      reason: "r",
      amendment: { due_hours: 6, note: "" },
    });
  });
});

describe("the difference of an option", () => {
  it("is to the proposed one, and unknown where either is", () => {
    expect(difference(cost(310), cost(2140))).toBe(-1830);
    expect(difference(cost(null), cost(1))).toBeNull();
    expect(difference(undefined, cost(1))).toBeNull();
  });
});

describe("a cell of the rows behind a proposal", () => {
  it("is told in the reader's language and clock", () => {
    expect(cell({ zh: "甲", en: "A" }, "en")).toBe("A");
    expect(cell("2022-11-08T12:00:00+00:00", "zh")).toBe("2022-11-08 20:00");
    expect(cell(14_980, "zh")).toBe("14,980");
    expect(cell(null, "zh")).toBe("–");
  });
});

describe("a code in a row", () => {
  const term = (group: string, code: string) => `${group}.${code}`;
  it("becomes a word, several become several", () => {
    expect(coded("not_adjacent, doctor", "dispatchFlag", term)).toBe(
      "dispatchFlag.not_adjacent, dispatchFlag.doctor",
    );
    expect(coded(1, "degree", term)).toBe("degree.1");
  });
  it("stays what it is without a list of codes, and nothing stays nothing", () => {
    expect(coded(2967, undefined, term)).toBe(2967);
    expect(coded("", "dispatchFlag", term)).toBe("");
    expect(coded(null, "dispatchFlag", term)).toBeNull();
  });
});
