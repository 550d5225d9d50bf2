import { describe, expect, it } from "vitest";
import { chance, number, probability, signed } from "./number.ts";
import { beijing, day, evening, minute, span } from "./time.ts";

describe("an instant", () => {
  it("is told in Beijing time, whatever the machine's zone", () => {
    expect(minute("2022-11-08T12:00:00Z")).toBe("2022-11-08 20:00");
    expect(minute("2022-11-08T20:00:00+08:00")).toBe("2022-11-08 20:00");
  });

  it("just before midnight in London is the next day in Beijing", () => {
    expect(day("2022-11-07T16:30:00Z")).toBe("2022-11-08");
  });

  it("picked on a calendar is Beijing time, whatever the machine's zone", () => {
    expect(beijing("2022-11-08 20:00")).toBe("2022-11-08T12:00:00.000Z");
  });

  it("that is a plain date is left as it is", () => {
    expect(day("2022-11-08")).toBe("2022-11-08");
  });

  it("an evening some days back is 20:00 Beijing time of that day", () => {
    expect(evening("2022-11-08T12:00:00Z", 3)).toBe("2022-11-05T12:00:00.000Z");
    expect(evening("2022-11-08T20:30:00Z", 1)).toBe("2022-11-08T12:00:00.000Z");
  });
});

describe("a length of time", () => {
  it("is broken into days, hours and minutes", () => {
    expect(span(90_061_000)).toEqual({ days: 1, hours: 1, minutes: 1, negative: false });
    expect(span(-60_000)).toEqual({ days: 0, hours: 0, minutes: 1, negative: true });
  });
});

describe("a number", () => {
  it("is grouped by thousands, with a true minus sign", () => {
    expect(number(34_915_616)).toBe("34,915,616");
    expect(number(-1200)).toBe("\u22121,200");
    expect(number(2.345)).toBe("2.35");
  });

  it("as a change carries its sign, and nothing changed is said so", () => {
    expect([signed(3), signed(-3), signed(0)]).toEqual(["+3", "\u22123", "\u00b10"]);
  });

  it("as a probability claims no false exactness", () => {
    expect(probability(0.00001)).toBe("<0.0001");
    expect(probability(0.01234)).toBe("0.012");
  });
});

describe("a chance", () => {
  it("is whole per cent, and neither none nor certain where it is not", () => {
    expect([0, 0.0028, 0.146, 0.9993, 1].map(chance)).toEqual(["0%", "<1%", "15%", ">99%", "100%"]);
  });
});
