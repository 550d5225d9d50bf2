import { type Draft, MOST_OPTIONS, type OptionDraft } from "./draft.ts";

/** One thing that has to be put right: where it is, and the word for it. */
export interface Trouble {
  /** The key of the option; null: of the question itself. */
  option: string | null;
  /** "name", "areas.0.to_hour", "isolation.days". */
  path: string;
  said: "name" | "twice" | "hours" | "isolationDays" | "title" | "options";
}

/** What the engine would refuse, told before it is asked. */
export function troubles(draft: Draft): Trouble[] {
  const found: Trouble[] = [];
  if (!draft.title.trim()) found.push({ option: null, path: "title", said: "title" });
  if (draft.options.length > MOST_OPTIONS)
    found.push({ option: null, path: "options", said: "options" });
  const names = draft.options.map((one) => one.name.trim());
  for (const [place, option] of draft.options.entries()) {
    const name = option.name.trim();
    const at = (path: string, said: Trouble["said"]) =>
      found.push({ option: option.key, path, said });
    if (!name) at("name", "name");
    else if (names.indexOf(name) < place) at("name", "twice");
    for (const path of backwards(option)) at(path, "hours");
    const { contacts, days } = option.isolation;
    if (contacts !== "none" && days < 1) at("isolation.days", "isolationDays");
  }
  return found;
}

/** Parts that end before they begin. */
function backwards(option: OptionDraft): string[] {
  const ends = (part: { from_hour: number; to_hour: number | null }): boolean =>
    part.to_hour !== null && part.to_hour <= part.from_hour;
  return [
    ...option.areas.flatMap((one, n) => (ends(one) ? [`areas.${n}.to_hour`] : [])),
    ...option.closures.flatMap((one, n) => (ends(one) ? [`closures.${n}.to_hour`] : [])),
    ...(ends(option.masks) ? ["masks.to_hour"] : []),
  ];
}
