import { useI18n } from "@/shared/i18n/context.tsx";
import { isTier } from "./answer.ts";

/** Tiers the engine makes where none is named. */
const UNNAMED = ["room", "bed"];

/** A measure in words, and what it is counted in. */
export function useMeasure(): {
  name: (measure: string) => string;
  unit: (measure: string) => string;
} {
  const { term } = useI18n();
  return {
    name: (measure) => {
      if (!isTier(measure)) return term("whatifMeasure", measure);
      const [kind, ...tier] = measure.split(".");
      const word = tier.join(".");
      const used = term("whatifMeasure", kind ?? "");
      return UNNAMED.includes(word) ? used : `${used} · ${term("whatifTier", word)}`;
    },
    unit: (measure) =>
      term("whatifMeasureUnit", isTier(measure) ? (measure.split(".")[0] ?? "") : measure),
  };
}
