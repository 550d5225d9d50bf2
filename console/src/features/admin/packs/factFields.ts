import type { FactWords } from "@/shared/rules/vocabulary.ts";

/** How a fact is asked for in the form. */
export type Field = "moment" | "day" | "number" | "flag" | "text" | "json";

export function fieldOf(fact: FactWords | null): Field {
  switch (fact?.type) {
    case "moment":
      return "moment";
    case "day":
      return "day";
    case "number":
      return "number";
    case "flag":
      return "flag";
    case "list":
      return "json";
    default:
      return "text";
  }
}

/** What a field's text means; undefined for nothing said. Throws where a list is not JSON. */
export function factFrom(field: Field, text: unknown): unknown {
  if (text === undefined || text === null || text === "") return undefined;
  switch (field) {
    case "flag":
      return text === "yes";
    case "number":
      return Number(text);
    case "json":
      return JSON.parse(String(text));
    case "moment":
    case "day":
    case "text":
      return text;
  }
}
