import { useMemo } from "react";
import type { PlanDetail, PlanEvent, PlanWord } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { named, namesOf } from "./names.ts";

/** Events about somebody or something that is carried; all others are about a place or a vehicle. */
const CARRIED: readonly string[] = ["not_home", "refused", "declined"];

interface Told {
  /** What a word is about: "contact 15800". */
  thing: (code: string) => string;
  /** "Contact 15800 must go to Hotel Yingze G0001". */
  word: (word: PlanWord) => string;
  /** What an event is about. */
  about: (event: Pick<PlanEvent, "kind" | "thing">) => string;
}

/** Words and events of a plan, its places by their names. */
export function useWordText(plan: Pick<PlanDetail, "planner" | "features">): Told {
  const { t, term } = useI18n();
  const names = useMemo(() => namesOf(plan.features), [plan.features]);
  const place = (code: string) => named(code, names.get(code));
  const thing = (code: string) =>
    names.has(code) ? place(code) : `${term("dispatchThing", plan.planner)} ${code}`;
  return {
    thing,
    word: ({ word, thing: code, to }) => {
      const what = { thing: thing(code), to: place(to) };
      return to
        ? t(word === "pin" ? "dispatch.pinned" : "dispatch.forbidden", what)
        : t(word === "pin" ? "dispatch.pinnedAlone" : "dispatch.forbiddenAlone", what);
    },
    about: ({ kind, thing: code }) => (CARRIED.includes(kind) ? thing(code) : place(code)),
  };
}
