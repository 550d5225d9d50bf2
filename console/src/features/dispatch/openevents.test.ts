import { describe, expect, it } from "vitest";
import { byPlan } from "./openevents.ts";

const event = (plan: number, kind: string, thing: string) => ({
  plan,
  kind,
  thing,
  at: "2022-11-08T21:00:00+08:00",
  note: "",
  job: 1,
});

describe("open events", () => {
  it("stand plan by plan, and what was told twice stands once", () => {
    const told = byPlan([
      event(7, "not_home", "12"),
      event(9, "vehicle_down", "V1"),
      event(7, "not_home", "12"),
      event(7, "not_home", "13"),
    ]);
    expect(told.map(([plan, events]) => [plan, events.map((one) => one.thing)])).toEqual([
      [7, ["12", "13"]],
      [9, ["V1"]],
    ]);
  });
});
