import { expect, it } from "vitest";
import { draftOf } from "./draft.ts";
import { forget, keep, kept } from "./kept.ts";

function store(): Storage {
  const held = new Map<string, string>();
  return {
    length: 0,
    clear: () => held.clear(),
    key: () => null,
    getItem: (key) => held.get(key) ?? null,
    setItem: (key, value) => void held.set(key, value),
    removeItem: (key) => void held.delete(key),
  };
}

const DRAFT = draftOf([{ name: "a" }, { name: "b" }], {
  title: "begun",
  days: 14,
  runs: 100,
  unseen: 5,
  against: "b",
});

it("gives back what was left, unit by unit, until it is forgotten", () => {
  const held = store();
  keep("140105000000", DRAFT, held);
  const back = kept("140105000000", held);
  expect(back?.options.map((one) => one.name)).toEqual(["a", "b"]);
  expect(back?.options.find((one) => one.key === back.against)?.name).toBe("b");
  expect([back?.title, back?.unseen]).toEqual(["begun", 5]);
  expect(back?.options[0]?.key).not.toBe(DRAFT.options[0]?.key);
  expect(kept("140106000000", held)).toBeNull();
  forget("140105000000", held);
  expect(kept("140105000000", held)).toBeNull();
});

it("reads nothing that is no draft", () => {
  const held = store();
  for (const text of ["{", "null", "3", '{"version":2,"draft":{"options":[]}}', '{"version":0}']) {
    held.setItem("zhongshu.whatif.draft.x", text);
    expect(kept("x", held)).toBeNull();
  }
});
