import { describe, expect, it } from "vitest";
import { receiptOf, tellsFigures, wrongFigures } from "./receipt.ts";

describe("a receipt", () => {
  it("that only signs tells no figures, whatever was typed before", () => {
    expect(tellsFigures("received")).toBe(false);
    expect(receiptOf("received", { found: 3, note: " here " })).toEqual({
      action: "received",
      note: "here",
    });
  });
  it("leaves out what nobody counted, and keeps a nought that was", () => {
    expect(receiptOf("answered", { found: 0, controlled: null })).toEqual({
      action: "answered",
      found: 0,
      note: "",
    });
  });
});

describe("the figures of an answer", () => {
  it("cannot be of more people than the letter names", () => {
    expect(wrongFigures({ found: 5, not_found: 3 }, 7)).toBe("tooMany");
    expect(wrongFigures({ found: 5, not_found: 2 }, 7)).toBeNull();
  });
  it("cannot control more than were found", () => {
    expect(wrongFigures({ found: 2, controlled: 3 }, 7)).toBe("moreControlled");
    expect(wrongFigures({ controlled: 3 }, 7)).toBeNull();
  });
});
