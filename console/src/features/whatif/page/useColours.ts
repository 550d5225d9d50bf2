import { useMemo } from "react";
import type { Colours } from "../charts.ts";

/** The options' colours, as the tokens of the page have them. */
export function useColours(): Colours {
  return useMemo(() => {
    const style = getComputedStyle(document.documentElement);
    return Array.from({ length: 8 }, (_, at) => style.getPropertyValue(`--option-${at}`).trim());
  }, []);
}
