/** Share of the minutes that rests on an assumed time out; null where no minutes are recorded. */
export function imputedShare(
  exposures: readonly { minutes: number; imputed: boolean }[],
): number | null {
  const all = exposures.reduce((sum, one) => sum + one.minutes, 0);
  if (all <= 0) return null;
  return exposures.reduce((sum, one) => sum + (one.imputed ? one.minutes : 0), 0) / all;
}

export interface Part {
  name: "confirmed_min" | "imputed_min" | "link" | "via" | "score";
  value: number;
  /** Length of the bar, 0 to 1. */
  share: number;
  unit: "min" | "share";
}

/** The parts of a score as bars: minutes to the longest of the two, scores to 1. */
export function partsOf(
  parts: { confirmed_min: number; imputed_min: number; link: number; via: number | null },
  score: number,
): Part[] {
  const most = Math.max(parts.confirmed_min, parts.imputed_min);
  const minutes = (name: "confirmed_min" | "imputed_min"): Part => ({
    name,
    value: parts[name],
    share: most > 0 ? parts[name] / most : 0,
    unit: "min",
  });
  const share = (name: "link" | "via" | "score", value: number): Part => ({
    name,
    value,
    share: Math.min(1, Math.max(0, value)),
    unit: "share",
  });
  return [
    minutes("confirmed_min"),
    minutes("imputed_min"),
    share("link", parts.link),
    ...(parts.via === null ? [] : [share("via", parts.via)]),
    share("score", score),
  ];
}
