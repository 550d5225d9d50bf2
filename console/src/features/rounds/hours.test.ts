import { describe, expect, it } from "vitest";
import type { RoundPointItem } from "@/api/types.ts";
import { byQueue } from "./hours.ts";

const point = (code: string, open: boolean, queue: number | null) =>
  ({ code, open, queue }) as RoundPointItem;

describe("the points one can go to", () => {
  it("stand the shortest queue first, the unknown after, the closed last", () => {
    const points = [
      point("a", false, 0),
      point("b", true, null),
      point("c", true, 9),
      point("d", true, 2),
    ];
    expect(byQueue(points).map((one) => one.code)).toEqual(["d", "c", "b", "a"]);
  });
});
