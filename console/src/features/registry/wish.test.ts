import { describe, expect, it } from "vitest";
import { draft, type Wish } from "./wish.ts";

const hall: Wish = {
  kind: "site",
  code: " H1 ",
  name: "体育馆",
  unit: "140105000000",
  state: "reserve",
  emergency: { places: 200 },
  opens_in_h: 24,
};

describe("a thing entered by hand", () => {
  it("is sent with its amounts, without spaces around its code", () => {
    const sent = draft(hall, []);
    expect(sent.code).toBe("H1");
    expect(sent.emergency).toEqual({ places: 200 });
    expect(sent.capacity).toEqual({});
    expect(sent.opens_in_h).toBe(24);
  });

  it("keeps nothing of a kind that was chosen before", () => {
    const sent = draft(
      {
        ...hall,
        kind: "vehicle",
        state: "ready",
        part_of: "S1",
        capacity: { places: 3, seats: 7 },
        facts: { goods: "n95", type: " van " },
      },
      ["type", "depot"],
    );
    expect(sent.part_of).toBe("");
    expect(sent.capacity).toEqual({ seats: 7 });
    expect(sent.emergency).toBeNull();
    expect(sent.opens_in_h).toBeNull();
    expect(sent.facts).toEqual({ type: "van" });
  });
});
