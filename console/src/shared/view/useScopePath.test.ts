import { describe, expect, it } from "vitest";
import type { UnitRef } from "@/api/types.ts";
import { stepsAbove } from "./useScopePath.ts";

const unit = (code: string, path: string): UnitRef => ({ code, name: code, level: "county", path });
const province = unit("14", "14");
const city = unit("1401", "14.1401");
const county = unit("140105", "14.1401.140105");

describe("the way back up", () => {
  it("starts at the post's own unit and never above it", () => {
    expect(stepsAbove(city, county, [province, city])).toEqual([city]);
    expect(stepsAbove(province, county, [province, city])).toEqual([province, city]);
  });
  it("never names the unit one looks at", () => {
    expect(stepsAbove(province, city, [province, city])).toEqual([province]);
  });
});
