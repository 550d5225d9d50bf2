import { describe, expect, it } from "vitest";
import { nameOf } from "./naming.ts";

const term = (_: string, code: string) => ({ gown: "Gowns" })[code] ?? code;

describe("the name of a thing", () => {
  it("tells the goods of a lot in words", () => {
    expect(nameOf({ kind: "lot", name: "小店区应急物资库 gown" }, term)).toBe(
      "小店区应急物资库 Gowns",
    );
    expect(nameOf({ kind: "lot", name: "小店区应急物资库 帐篷" }, term)).toBe(
      "小店区应急物资库 帐篷",
    );
  });
  it("is the registry's for all others", () => {
    expect(nameOf({ kind: "site", name: "迎泽 gown" }, term)).toBe("迎泽 gown");
  });
});
