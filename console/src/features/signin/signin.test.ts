import { describe, expect, it } from "vitest";
import { safeNext } from "./next.ts";
import { goodPassword } from "./password.ts";

describe("after signing in one goes", () => {
  it("where one was going", () => {
    expect(safeNext("/cases?state=confirmed")).toBe("/cases?state=confirmed");
  });
  it("never to another site", () => {
    for (const trap of ["https://evil.example", "//evil.example", "/\\evil.example", "", null]) {
      expect(safeNext(trap)).toBe("/");
    }
  });
});

describe("a password", () => {
  it("has eight characters of three kinds", () => {
    expect(goodPassword("Abcdef12")).toBe(true);
    expect(goodPassword("abcdef-1")).toBe(true);
    expect(goodPassword("abcdefg1")).toBe(false);
    expect(goodPassword("Ab1-")).toBe(false);
  });
});
