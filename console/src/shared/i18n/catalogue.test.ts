import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { term, translate } from "./catalogue.ts";
import en from "./en.json";
import zh from "./zh.json";

const SRC = new URL("../../", import.meta.url).pathname;
const CJK = /[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]/;
const names = (text: string): string[] =>
  [...text.matchAll(/\{(\w+)\}/g)].map(([, n = ""]) => n).sort();

function sources(folder = SRC): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sources(path);
    return /\.tsx?$/.test(entry.name) && !/\.(test|gen)\.tsx?$/.test(entry.name) ? [path] : [];
  });
}

describe("the catalogues", () => {
  it("have the same keys", () => {
    expect(Object.keys(en).sort()).toEqual(Object.keys(zh).sort());
  });

  it("fill the same places in both languages", () => {
    for (const [key, text] of Object.entries(zh)) {
      const [one = "", many = one] = (en as Record<string, string>)[key]?.split("||") ?? [];
      expect([key, names(one)]).toEqual([key, names(text)]);
      expect([key, names(many)]).toEqual([key, names(text)]);
    }
  });

  it("keep Chinese out of the English one, but for the name of the other language", () => {
    const leaked = Object.entries(en).filter(
      ([key, text]) => key !== "lang.other" && CJK.test(text),
    );
    expect(leaked).toEqual([]);
  });

  it("use full-width punctuation between Chinese characters", () => {
    const wrong = Object.entries(zh).filter(([, text]) =>
      /[\u4e00-\u9fff][,;:?!()][\u4e00-\u9fff]/.test(text),
    );
    expect(wrong).toEqual([]);
  });

  it("answer every key the components ask for", () => {
    const asked = sources().flatMap((path) =>
      [...readFileSync(path, "utf8").matchAll(/\bt\(\s*"([\w.]+)"/g)].map(([, key = ""]) => key),
    );
    expect(asked.filter((key) => !(key in zh))).toEqual([]);
    expect(asked.length).toBeGreaterThan(200);
  });
});

describe("the components", () => {
  it("hold no Chinese text of their own", () => {
    const bare = (code: string): string =>
      code.replace(/\/\*[\s\S]*?\*\//g, "").replace(/\/\/.*$/gm, "");
    expect(sources().filter((path) => CJK.test(bare(readFileSync(path, "utf8"))))).toEqual([]);
  });
});

describe("a message", () => {
  it("is filled in, singular for one", () => {
    expect(translate("en", "decision.reach", { n: 1 })).toBe("Will go to 1 unit");
    expect(translate("en", "decision.reach", { n: 4 })).toBe("Will go to 4 units");
    expect(translate("zh", "decision.reach", { n: 1 })).toBe("将发往 1 个单位");
  });

  it("shows a code nobody has a word for as it came", () => {
    expect(term("zh", "caseState", "on_the_moon")).toBe("on_the_moon");
    expect(term("zh", "caseState", "confirmed")).toBe("已确认");
  });
});
