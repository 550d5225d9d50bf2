import { number, percent } from "@/shared/format/number.ts";
import { useFormat } from "@/shared/format/useFormat.ts";
import { useI18n } from "@/shared/i18n/context.tsx";

export interface Words {
  /** "1,159 persons"; a number without a unit stands alone. */
  amount: (value: number, unit: string) => string;
  name: (key: string) => string;
  /** A share of the bound; one that is not nought is never told as 0 %. */
  gap: (share: number) => string;
  /** A code with facts after colons ("overtime:V7"): the word, and the facts behind it. */
  coded: (group: string, code: string) => string;
}

/** Figures and codes of plans in words of the language one reads. */
export function useWords(): Words {
  const { term } = useI18n();
  const { unit: unitOf } = useFormat();
  return {
    amount: (value, unit) => [number(rounded(value)), unitOf(unit)].filter(Boolean).join(" "),
    gap: (share) => (share > 0 && share < 0.0005 ? "<0.1%" : percent(share)),
    name: (key) => term("dispatchFigure", key),
    coded: (group, code) => {
      const [head = "", ...facts] = code.split(":");
      const word = term(group, head);
      return facts.length ? `${word} (${facts.join(", ")})` : word;
    },
  };
}

/** Decimals only where they tell something. */
function rounded(value: number): number {
  return Math.abs(value) >= 100 ? Math.round(value) : Math.round(value * 10) / 10;
}
