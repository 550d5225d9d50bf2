import type { Node, Outcome } from "./node.ts";
import { phrase } from "./phrase.ts";
import type { Vocabulary } from "./vocabulary.ts";

/** A rule as an indented list: a sentence, how it came out, and the sentences it stands on. */
export interface Line {
  text: string;
  outcome: Outcome;
  parts: Line[];
}

const COUNTING = new Set(["count", "count_distinct", "sum", "max_of", "min_of", "filter"]);

export function linesOf(node: Node, words: Vocabulary): Line {
  const { op, args, outcome } = node;
  const line = (text: string, parts: Line[] = []): Line => ({ text, outcome, parts });
  const all = (nodes: readonly Node[]): Line[] => nodes.map((one) => linesOf(one, words));
  switch (op) {
    case "and":
      return line(words.say("all", {}), all(args));
    case "or":
      return line(words.say("any", {}), all(args));
    case "!":
      return negated(node, words);
    case "if":
      return line(words.say("ifHead", {}), branches(args, words));
    case "some":
    case "every":
      return overEach(node, words);
    case "element":
      return line(words.value(node.value), all(args));
    default:
      return line(phrase(node, words), all(decidingElements(node)));
  }
}

function negated(node: Node, words: Vocabulary): Line {
  const [of] = node.args;
  const structured = of && ["and", "or", "if", "some", "every"].includes(of.op);
  if (of && structured)
    return { text: words.say("notHead", {}), outcome: node.outcome, parts: [linesOf(of, words)] };
  return { text: phrase(node, words), outcome: node.outcome, parts: [] };
}

/** If - then - otherwise; a trace has only the branch that was taken. */
function branches(args: readonly Node[], words: Vocabulary): Line[] {
  const [guard, first, second] = args;
  const under = (name: string, node: Node | undefined): Line[] =>
    node ? [{ text: words.say(name, {}), outcome: null, parts: [linesOf(node, words)] }] : [];
  const condition = guard ? [linesOf(guard, words)] : [];
  const traced = guard?.outcome !== null;
  if (traced) return [...condition, ...under("taken", first)];
  return [...condition, ...under("then", first), ...under("otherwise", second)];
}

function overEach(node: Node, words: Vocabulary): Line {
  const [of, ...rest] = node.args;
  const list = of ? (of.name ? words.fact(of.name) : phrase(of, words)) : "";
  const rows = Array.isArray(of?.value) ? of.value.length : null;
  const a = rows === null ? list : words.say("listOf", { a: list, n: rows });
  return {
    text: words.say(node.op, { a }),
    outcome: node.outcome,
    parts: rest.map((one) => linesOf(one, words)),
  };
}

/** In a trace, the rows of a list that decided a number inside this sentence. */
function decidingElements(node: Node): Node[] {
  const own = COUNTING.has(node.op) ? node.args.filter((arg) => arg.op === "element") : [];
  return [
    ...own,
    ...node.args.flatMap((arg) => (arg.op === "element" ? [] : decidingElements(arg))),
  ];
}
