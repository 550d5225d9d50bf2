import { describe, expect, it } from "vitest";
import { address } from "./useView.ts";

const here = new URLSearchParams(
  "scope=140105000000&as_of=2022-11-05T12:00:00Z&state=waiting&at=112,37,8",
);

describe("a link to another desk", () => {
  it("keeps where and as known when one looks, and nothing else of the page before", () => {
    expect(address("/cases", here)).toBe(
      "/cases?scope=140105000000&as_of=2022-11-05T12%3A00%3A00Z",
    );
  });
  it("adds its own filters and leaves empty ones out", () => {
    expect(
      address("/cases", new URLSearchParams(), { category: "confirmed", q: "", state: null }),
    ).toBe("/cases?category=confirmed");
  });
  it("may look somewhere else", () => {
    expect(address("/cases", here, { scope: "140100000000", as_of: null })).toBe(
      "/cases?scope=140100000000",
    );
  });
});
