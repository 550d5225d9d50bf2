import type { Node } from "./node.ts";
import type { Vocabulary } from "./vocabulary.ts";

/** Names of the sentences in the catalogue for operators written with signs. */
const NAMES: Readonly<Record<string, string>> = {
  "===": "eq",
  "!==": "ne",
  "<": "lt",
  ">": "gt",
  "<=": "le",
  ">=": "ge",
  "+": "plusSign",
  "-": "minusSign",
  "*": "times",
  "/": "over",
  "!": "not",
  "not-after": "notAfter",
  "not-before": "notBefore",
};
const CHAINED = new Set(["<", ">", "<=", ">=", "after", "before", "not-after", "not-before"]);
const ARITHMETIC = new Set(["+", "-", "*", "/"]);
const EQUAL = new Set(["===", "!==", "in"]);
const LISTS = new Set(["count", "count_distinct", "sum", "max_of", "min_of", "filter"]);

/** The fact a literal beside it is a value of: `category` in `category = confirmed`. */
function near(args: readonly Node[]): string | null {
  return args.find((arg) => arg.op === "var" || arg.op === "outer")?.name ?? null;
}

/** A part of a rule as words inside a sentence. */
export function phrase(node: Node, words: Vocabulary, beside: string | null = null): string {
  const { op, args } = node;
  const inner = (arg: Node | undefined, by: string | null = null): string =>
    arg ? phrase(arg, words, by) : "";
  switch (op) {
    case "value":
      return words.value(node.value, beside);
    case "list":
      return args.map((arg) => inner(arg, beside)).join(words.say("comma", {}));
    case "var":
    case "outer":
      return named(node, words);
    case "figure":
      return figured(node, words);
    case "and":
    case "or":
      return args
        .map((arg) => grouped(arg, words))
        .join(words.say(op === "and" ? "and2" : "or2", {}));
    default:
      break;
  }
  if (EQUAL.has(op)) {
    const flag = flagged(node, words);
    if (flag !== null) return flag;
    const by = near(args);
    return words.say(NAMES[op] ?? op, { a: inner(args[0]), b: inner(args[1], by) });
  }
  if (CHAINED.has(op)) return chained(op, args, words);
  if (ARITHMETIC.has(op)) {
    if (args.length === 1) return words.say("negative", { a: inner(args[0]) });
    return args
      .map((arg) => (ARITHMETIC.has(arg.op) ? `(${inner(arg)})` : inner(arg)))
      .join(words.say(NAMES[op] ?? op, {}));
  }
  if (op === "min" || op === "max")
    return words.say(op, { a: args.map((arg) => inner(arg)).join(words.say("comma", {})) });
  if (LISTS.has(op)) return overList(node, words);
  return special(node, words);
}

/** "is a case = yes" is said as "is a case"; null where nothing is compared with yes or no. */
function flagged(node: Node, words: Vocabulary): string | null {
  const [a, b] = node.args;
  if (!a || b?.op !== "value" || typeof b.value !== "boolean" || node.op === "in") return null;
  const said = phrase(a, words);
  return b.value === (node.op === "===") ? said : words.say("not", { a: said });
}

function named(node: Node, words: Vocabulary): string {
  const name = words.fact(node.name ?? "");
  if (node.value === undefined) return name;
  return words.say("found", { a: name, b: words.value(node.value, node.name) });
}

function figured(node: Node, words: Vocabulary): string {
  const known = words.figure(node.name ?? "");
  const value = node.value ?? known?.value;
  const title = known?.title ?? node.name ?? "";
  if (value === undefined || value === null) return title;
  if (typeof value === "boolean") return words.say("found", { a: title, b: words.value(value) });
  return words.say("figure", { a: words.amount(value, known?.unit ?? ""), b: title });
}

/** In brackets where it is a sentence of its own inside another. */
function grouped(node: Node, words: Vocabulary): string {
  const text = phrase(node, words);
  return node.op === "and" || node.op === "or" ? words.say("grouped", { a: text }) : text;
}

function chained(op: string, args: readonly Node[], words: Vocabulary): string {
  const [a, b, c] = args.map((arg) => phrase(arg, words));
  const first = words.say(NAMES[op] ?? op, { a: a ?? "", b: b ?? "" });
  if (c === undefined) return first;
  const second = words.say(NAMES[op] ?? op, { a: "", b: c }).trim();
  return words.say("chain", { a: first, b: second });
}

/** Counting and adding up over a list; the value found stands behind. */
function overList(node: Node, words: Vocabulary): string {
  const [of, ...rest] = node.args;
  const traced = node.value !== undefined;
  const list = of ? (traced && of.name ? words.fact(of.name) : phrase(of, words)) : "";
  const field = rest[0]?.op === "value" ? words.fact(String(rest[0].value)) : "";
  const condition = rest.find((arg) => arg.op !== "value" && arg.op !== "element");
  const where = condition ? words.say("where", { a: phrase(condition, words) }) : "";
  const said = words.say(node.op, { a: `${list}${where}`, b: field });
  return traced ? words.say("found", { a: said, b: words.value(node.value) }) : said;
}

/** Arguments written literally that name a field of the rows, and those that name a unit. */
const FIELDS: Readonly<Record<string, readonly number[]>> = {
  window: [1],
  peak: [1, 4],
  longest_run: [1],
};
const UNITS: Readonly<Record<string, number>> = { window: 4, peak: 3, plus: 2, plusTime: 2 };

/** Only the value of a figure, where its name would stand in the way. */
function bare(arg: Node, words: Vocabulary): unknown {
  return arg.op === "figure" ? words.figure(arg.name ?? "")?.value : null;
}

/** Operators with a sentence of their own, its places filled by the arguments in order. */
function special(node: Node, words: Vocabulary): string {
  const { op, args, value } = node;
  const texts = args.map((arg, i) => {
    if (arg.op === "value" && arg.value === null) return "";
    if (FIELDS[op]?.includes(i)) return words.fact(String(arg.value));
    if (op === "day_number" && i === 2) return words.value(arg.value ?? bare(arg, words));
    if (UNITS[op] === i) return words.say(`unit_${String(arg.value)}`, {});
    return phrase(arg, words);
  });
  const [a = "", b = "", c = "", d = "", e = ""] = texts;
  const said = words.say(NAMES[op] ?? op, { a, b, c, d, e });
  const counted = value !== undefined && typeof value !== "boolean";
  return counted ? words.say("found", { a: said, b: words.value(value) }) : said;
}
