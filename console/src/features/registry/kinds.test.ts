import { describe, expect, it } from "vitest";
import { translate } from "@/shared/i18n/catalogue.ts";
import en from "@/shared/i18n/en.json";
import { KINDS, STATES, tightest, totals } from "./kinds.ts";

const unit = (code: string) => ({ code, name: code, level: "county", path: `${code}/` });
const row = (code: string, kind: string, open: number) => ({
  unit: unit(code),
  kind,
  pool: "beds",
  things: 1,
  open,
  held: 1,
  opening: 2,
  emergency: 3,
});

describe("the registry's words", () => {
  it("name every kind and every state of it in both languages", () => {
    const keys = KINDS.flatMap((kind) => [
      `thingKind.${kind}`,
      ...(STATES[kind] ?? []).map((state) => `thingState.${state}`),
    ]);
    expect(keys.filter((key) => !(key in en))).toEqual([]);
    expect(translate("zh", "desk.registry")).toBe("登记册");
  });
});

describe("the tightest pool", () => {
  it("is the one with the smallest free share, not the smallest number", () => {
    const icu = { pool: "icu", total: 4, free: 2, reported: null };
    const beds = { pool: "beds", total: 100, free: 10, reported: null };
    expect(tightest([icu, beds])).toBe(beds);
    expect(tightest([])).toBeNull();
  });
});

describe("totals", () => {
  it("add the units up, pool by pool, in the order of the kinds", () => {
    const told = totals([row("1", "hospital", 10), row("1", "site", 7), row("2", "hospital", 5)]);
    expect(told.map((one) => [one.kind, one.units, one.open, one.emergency])).toEqual([
      ["site", 1, 7, 3],
      ["hospital", 2, 15, 6],
    ]);
  });
});
