import { describe, expect, it } from "vitest";
import { courseOf } from "./course.ts";
import { hourBars } from "./hours.ts";
import { questionOf } from "./questions.ts";

const people = (value: number) => ({ value, below: null, about: value > 0 });
const few = { value: null, below: 5, about: false };

describe("people by hour", () => {
  it("stand at their hour; an empty hour stays empty", () => {
    const { bars, slots } = hourBars([
      { hour: "2022-11-05T01:00:00Z", persons: people(10) },
      { hour: "2022-11-05T04:00:00Z", persons: people(20) },
    ]);
    expect(slots).toBe(4);
    expect(bars.map((bar) => bar.left)).toEqual([0, 0.75]);
    expect(bars.map((bar) => bar.height)).toEqual([0.5, 1]);
  });
  it("in a small cell are drawn as the most they can be, and marked", () => {
    const { bars } = hourBars([
      { hour: "2022-11-05T01:00:00Z", persons: few },
      { hour: "2022-11-05T02:00:00Z", persons: people(8) },
    ]);
    expect(bars.map((bar) => [bar.told, bar.height])).toEqual([
      ["few", 0.5],
      ["known", 1],
    ]);
  });
  it("hidden to protect another may reach anywhere, and do not set the scale", () => {
    const { bars, most } = hourBars([
      { hour: "2022-11-05T01:00:00Z", persons: { value: null, below: null, about: false } },
      { hour: "2022-11-05T02:00:00Z", persons: people(8) },
    ]);
    expect(most).toBe(8);
    expect(bars.map((bar) => [bar.told, bar.height])).toEqual([
      ["hidden", 1],
      ["known", 1],
    ]);
  });
  it("of an empty answer are none", () => {
    expect(hourBars([])).toEqual({ bars: [], slots: 0, most: 0 });
    expect(hourBars([{ hour: "2022-11-05T01:00:00Z", persons: people(0) }]).bars[0]?.height).toBe(
      0,
    );
  });
});

describe("where a person went", () => {
  it("is told in order, with what nobody knows between", () => {
    const stay = (from: string, to: string) => ({
      place: null,
      from,
      to,
      imputed: false,
      doubted: false,
      source: "scan",
    });
    const steps = courseOf({
      stays: [
        stay("2022-11-05T08:00:00Z", "2022-11-05T09:00:00Z"),
        stay("2022-11-05T01:00:00Z", "2022-11-05T02:00:00Z"),
      ],
      gaps: [{ from: "2022-11-05T02:00:00Z", to: "2022-11-05T08:00:00Z" }],
    });
    expect(steps.map((step) => step.kind)).toEqual(["stay", "gap", "stay"]);
  });
});

describe("the question in the address", () => {
  it("is one of the four, the first where it names none", () => {
    expect(questionOf("common")).toBe("common");
    expect(questionOf("everything")).toBe("venue");
    expect(questionOf(undefined)).toBe("venue");
  });
});
