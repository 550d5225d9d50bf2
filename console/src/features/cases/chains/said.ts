import type { ChainNode } from "@/api/types.ts";
import { countText } from "@/shared/format/count.ts";
import type { I18n } from "@/shared/i18n/context.tsx";

/** How many persons a place or a "more" node stands for; too few are not told. */
export const personsOf = (node: ChainNode): string =>
  countText({ value: node.count, below: node.below ?? null, about: false }, "");

/** Close or secondary contact, place, case. */
export function kindOf(node: ChainNode, term: I18n["term"]): string {
  return node.degree && node.kind !== "place"
    ? term("degree", node.state === "downgraded" ? "general" : String(node.degree))
    : term("chainNode", node.kind);
}

/** A node in one sentence, for those who hear the drawing. */
export function spokenOf(node: ChainNode, { t, term, text }: I18n): string {
  const state =
    node.state && node.kind !== "more"
      ? term(node.kind === "case" ? "caseState" : "contactState", node.state)
      : "";
  const persons =
    node.count === null && !node.below ? "" : t("chains.persons", { n: personsOf(node) });
  return [kindOf(node, term), text(node.label), persons, state].filter(Boolean).join(" · ");
}
