import { describe, expect, it } from "vitest";
import {
  add,
  asRegistered,
  change,
  complete,
  type Draft,
  differs,
  draftOf,
  freeName,
  MOST_OPTIONS,
  remove,
  strip,
} from "./draft.ts";
import { withKind } from "./form/KindFigures.tsx";
import { NOTHING } from "./shapes.ts";
import { troubles } from "./validate.ts";

const zones = {
  name: "zones",
  areas: [{ units: ["a", "b"], from_hour: 8, strictness: 0.9 }],
  tracing: { depth: 1, delay_h: 12 },
  capacities: { rooms: { hotel: 800 }, lab_hours: 8 },
};
const question = { title: "now?", days: 14, runs: 100, unseen: null, against: "zones" };
const draft = (): Draft => draftOf([{ name: "nothing" }, zones], question);

describe("an option on the page", () => {
  it("has everything the engine would fill in, and is sent without it", () => {
    const option = complete(zones);
    expect(option.areas[0]).toMatchObject({ kind: "lockdown", to_hour: null, strictness: 0.9 });
    expect(option.capacities.rooms).toEqual([["hotel", 800]]);
    expect(Object.keys(strip(option)).sort()).toEqual(["areas", "capacities", "name", "tracing"]);
    expect(strip(complete({ name: " nothing " }))).toEqual({ name: "nothing" });
  });

  it("comes back the same after it was sent", () => {
    const { key: _, ...option } = complete(zones);
    const { key: __, ...again } = complete(strip(complete(zones)));
    expect(again).toEqual(option);
  });

  it("is told by what it does, or by what it does otherwise than another", () => {
    const [nothing, closed] = draft().options;
    expect(differs(nothing ?? NOTHING)).toEqual([]);
    expect(differs(closed ?? NOTHING)).toEqual([
      { what: "area", code: "lockdown", n: 2 },
      { what: "tracing", code: "1", n: 12 },
      { what: "capacities" },
    ]);
    expect(differs(nothing ?? NOTHING, closed).map((one) => one.what)).toEqual([
      "noAreas",
      "noTracing",
      "capacities",
    ]);
  });

  it("with what the registers have does nothing", () => {
    const usual = asRegistered({ capacities: zones.capacities });
    expect(differs(complete({ name: "x", capacities: zones.capacities }), usual)).toEqual([]);
  });
});

describe("a draft", () => {
  it("compares with the option that was named, whatever it is called later", () => {
    const before = draft();
    const one = before.options[1];
    if (!one) throw new Error("no second option");
    expect(before.against).toBe(one.key);
    const after = change(before, one.key, { ...one, name: "streets" });
    expect(after.against).toBe(one.key);
    expect(after.options.map((option) => option.name)).toEqual(["nothing", "streets"]);
  });

  it("gives a copy a name nobody has, and stops at the most there may be", () => {
    expect(freeName("zones", ["zones", "zones 2"])).toBe("zones 3");
    let full = draft();
    for (let n = 0; n < MOST_OPTIONS + 3; n += 1) full = add(full, zones, "zones");
    expect(full.options).toHaveLength(MOST_OPTIONS);
    expect(new Set(full.options.map((one) => one.name)).size).toBe(MOST_OPTIONS);
  });

  it("keeps one option, and another reference where it is removed", () => {
    const before = draft();
    const after = remove(before, before.against);
    expect(after.options.map((one) => one.name)).toEqual(["nothing"]);
    expect(after.against).toBe(after.options[0]?.key);
    expect(remove(after, after.against)).toEqual(after);
  });
});

describe("what makes a close contact", () => {
  it("is kept from a template, and lost only kind by kind", () => {
    const tracing = { depth: 1, close_min: { restaurant: 15, bus: 15 }, near: [["bus", 0.05]] };
    const option = complete({ name: "x", tracing });
    expect(option.tracing.near).toEqual([["bus", 0.05]]);
    expect(withKind(option.tracing.close_min, "market", 10)).toEqual([
      ["market", 10],
      ["restaurant", 15],
      ["bus", 15],
    ]);
    expect(withKind(option.tracing.close_min, "bus", null)).toEqual([["restaurant", 15]]);
  });
});

describe("what is wrong", () => {
  it("is nothing with a whole question", () => {
    expect(troubles(draft())).toEqual([]);
  });

  it("is told at its place", () => {
    const before = draft();
    const one = before.options[1];
    if (!one) throw new Error("no second option");
    const wrong = change({ ...before, title: " " }, one.key, {
      ...one,
      name: "nothing",
      areas: one.areas.map((area) => ({ ...area, to_hour: 8 })),
      isolation: { ...one.isolation, contacts: "central", days: 0 },
    });
    expect(troubles(wrong).map(({ path, said }) => `${path} ${said}`)).toEqual([
      "title title",
      "name twice",
      "areas.0.to_hour hours",
      "isolation.days isolationDays",
    ]);
  });
});
