import { describe, expect, it } from "vitest";
import { actionOf, allowedIn, needsReason } from "./decide.ts";
import { imputedShare, partsOf } from "./shares.ts";

describe("the decisions about a contact", () => {
  it("are those his state allows", () => {
    expect(allowedIn("proposed")).toEqual(["confirm", "downgrade", "exclude"]);
    expect(allowedIn("excluded")).toEqual(["reopen"]);
    expect(allowedIn("isolating")).toEqual([]);
    expect(allowedIn("on_the_moon")).toEqual([]);
  });
  it("have keys that mean nothing where the state does not allow them", () => {
    expect(actionOf("a", "proposed")).toBe("confirm");
    expect(actionOf("a", "confirmed")).toBeNull();
    expect(actionOf("x", "downgraded")).toBe("exclude");
    expect(actionOf("q", "proposed")).toBeNull();
  });
  it("that take somebody off the list need a reason", () => {
    expect(
      ["confirm", "downgrade", "exclude", "reopen"].map((a) => needsReason(a as "confirm")),
    ).toEqual([false, true, true, true]);
  });
});

describe("the imputed share", () => {
  it("is of the minutes, not of the meetings", () => {
    const share = imputedShare([
      { minutes: 30, imputed: false },
      { minutes: 10, imputed: true },
    ]);
    expect(share).toBe(0.25);
  });
  it("is unknown where nobody counts minutes", () => {
    expect(imputedShare([])).toBeNull();
    expect(imputedShare([{ minutes: 0, imputed: true }])).toBeNull();
  });
});

describe("the parts of a score", () => {
  const parts = partsOf({ confirmed_min: 60, imputed_min: 15, link: 0.8, via: null }, 0.8);
  it("show minutes beside the longer of the two", () => {
    expect(parts.slice(0, 2).map((p) => p.share)).toEqual([1, 0.25]);
  });
  it("leave out a chain where the contact met the case himself", () => {
    expect(parts.map((p) => p.name)).toEqual(["confirmed_min", "imputed_min", "link", "score"]);
    const second = partsOf({ confirmed_min: 0, imputed_min: 0, link: 0.5, via: 0.6 }, 0.3);
    expect(second.map((p) => p.share)).toEqual([0, 0, 0.5, 0.6, 0.3]);
  });
});
