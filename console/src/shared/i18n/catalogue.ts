import en from "./en.json";
import zh from "./zh.json";

export type Lang = "zh" | "en";
export type Key = keyof typeof zh;
export type Vars = Readonly<Record<string, string | number>>;

const CATALOGUES: Readonly<Record<Lang, Readonly<Record<string, string>>>> = { zh, en };

/** `one||many`: the form before the bars is used when `n` is exactly 1. */
function form(template: string, vars: Vars): string {
  const [one = "", many] = template.split("||");
  return many === undefined || vars.n === 1 ? one : many;
}

function fill(template: string, vars: Vars): string {
  return form(template, vars).replace(/\{(\w+)\}/g, (whole, name: string) =>
    name in vars ? String(vars[name]) : whole,
  );
}

export function translate(lang: Lang, key: Key, vars: Vars = {}): string {
  return fill(CATALOGUES[lang][key] ?? key, vars);
}

/** A word of a code list, such as a state; a code the catalogue does not know is shown as it is. */
export function term(lang: Lang, group: string, code: string): string {
  return CATALOGUES[lang][`${group}.${code}`] ?? code;
}
