import { percent } from "@/shared/format/number.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import type { Said } from "./draft.ts";

const SHARES = ["masks", "compliance"];

/** What an option does, in short phrases. */
export function useSaid(): (said: readonly Said[]) => string[] {
  const { t, term } = useI18n();
  return (said) =>
    said.map(({ what, code = "", n = 0, m = 0 }) => {
      const figure = SHARES.includes(what) ? percent(n) : n;
      const group = { area: "whatifArea", tracing: "whatifDepth" }[what as string] ?? "whatifWhere";
      return t(
        `whatifSaid.${what}${what === "area" && n === 0 ? "All" : ""}` as "whatifSaid.area",
        {
          what: term(group, code),
          n: figure,
          m,
        },
      );
    });
}
