import { describe, expect, it } from "vitest";
import { ranked, underway } from "./ranked.ts";

const options = [{ key: "best" }, { key: "other-2" }, { key: "other-3" }];
const order = (ranks: { key: string; rank: number }[]) =>
  ranked({ options, simulation: { options: ranks } }).map((one) => [one.key, one.n]);

describe("zonings of a plan", () => {
  it("stand as they were found until the model has answered", () => {
    expect(order([])).toEqual([
      ["best", 1],
      ["other-2", 2],
      ["other-3", 3],
    ]);
  });

  it("are ranked again by the model and keep their numbers", () => {
    const ranks = [
      { key: "other-3", rank: 1 },
      { key: "best", rank: 2 },
    ];
    expect(order(ranks)).toEqual([
      ["other-3", 3],
      ["best", 1],
      ["other-2", 2],
    ]);
  });

  it("are asked for again only while the model works on them", () => {
    const states = ["queued", "running", "done", "failed", "withdrawn", "none"];
    const again = states.filter((state) => underway({ simulation: { state } }));
    expect(again).toEqual(["queued", "running"]);
  });
});
