import { describe, expect, it } from "vitest";
import { drop, put, swap, type Tray } from "./tray.ts";

const pin = (thing: string, to: string) => ({ word: "pin", thing, to });
const forbid = (thing: string, to: string) => ({ word: "forbid", thing, to });
const all = (...words: ReturnType<typeof pin>[]): Tray =>
  words.reduce<Tray>((tray, one) => put(tray, one), []);

describe("the tray of words", () => {
  it("pins a thing to one place only, the last one said", () => {
    expect(all(pin("a", "1"), pin("b", "1"), pin("a", "2"))).toEqual([
      pin("b", "1"),
      pin("a", "2"),
    ]);
  });
  it("keeps a thing from several places, each said once", () => {
    expect(all(forbid("a", "1"), forbid("a", "2"), forbid("a", "1"))).toEqual([
      forbid("a", "2"),
      forbid("a", "1"),
    ]);
  });
  it("never both pins and forbids a thing", () => {
    expect(all(pin("a", "1"), forbid("a", "2"))).toEqual([forbid("a", "2")]);
    expect(all(forbid("a", "2"), pin("a", "1"))).toEqual([pin("a", "1")]);
  });
  it("swaps two things by pinning each to where the other goes", () => {
    expect(swap([], { thing: "a", at: "1" }, { thing: "b", at: "2" })).toEqual([
      pin("a", "2"),
      pin("b", "1"),
    ]);
  });
  it("swaps nothing that goes nowhere, nor two that go to the same place", () => {
    expect(swap([], { thing: "a", at: null }, { thing: "b", at: "2" })).toBeNull();
    expect(swap([], { thing: "a", at: "2" }, { thing: "b", at: "2" })).toBeNull();
  });
  it("drops one word and leaves the others", () => {
    const tray = all(forbid("a", "1"), forbid("a", "2"));
    expect(drop(tray, forbid("a", "1"))).toEqual([forbid("a", "2")]);
  });
});
