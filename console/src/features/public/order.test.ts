import { describe, expect, it } from "vitest";
import type { PublicPoint } from "@/api/types.ts";
import { byWait } from "./order.ts";

const point = (name: string, state: string, wait_min: number | null): PublicPoint => ({
  id: 1,
  name,
  place: "小店区",
  lon: null,
  lat: null,
  opens_at: "2022-11-08T07:00:00+08:00",
  closes_at: "2022-11-08T20:00:00+08:00",
  state,
  waiting: wait_min,
  wait_min,
  told_at: null,
});

describe("published points", () => {
  it("stand with the shortest wait of the open ones first", () => {
    const told = byWait([
      point("d", "later", null),
      point("c", "open", null),
      point("b", "open", 40),
      point("e", "shut", 0),
      point("a", "open", 5),
    ]);
    expect(told.map((one) => one.name)).toEqual(["a", "b", "c", "d", "e"]);
  });
});
