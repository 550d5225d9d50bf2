import type { WhatIfArea } from "./places.ts";

/** Digits that the code of a township shares with its villages, and that of a county with both. */
const SHARED = { county: 6, township: 9 } as const;

/** Whether one area lies in another: codes below the county go on where those above end. */
function holds(outer: WhatIfArea, inner: WhatIfArea): boolean {
  if (outer.code === inner.code || inner.kind === "county") return false;
  const digits = SHARED[outer.kind as keyof typeof SHARED];
  return digits !== undefined && inner.code.startsWith(outer.code.slice(0, digits));
}

/** Those a map shows: villages of one county, else counties. */
export function spots(areas: readonly WhatIfArea[]): WhatIfArea[] {
  const villages = areas.filter((one) => one.kind === "village");
  return villages.length ? villages : areas.filter((one) => one.kind === "county");
}

/** The spots that are chosen, by themselves or with the township or county they lie in. */
export function covered(areas: readonly WhatIfArea[], value: readonly string[]): Set<string> {
  const chosen = areas.filter((one) => value.includes(one.code));
  return new Set(
    spots(areas)
      .filter((one) => value.includes(one.code) || chosen.some((outer) => holds(outer, one)))
      .map((one) => one.code),
  );
}

/** With one spot more, or without it: what held it then gives way to its other spots. */
export function toggled(
  areas: readonly WhatIfArea[],
  value: readonly string[],
  code: string,
): string[] {
  const spot = areas.find((one) => one.code === code);
  if (!spot || !covered(areas, value).has(code)) return [...value, code];
  const outer = areas.filter((one) => value.includes(one.code) && holds(one, spot));
  const gone = new Set([code, ...outer.map((one) => one.code)]);
  const others = spots(areas).filter(
    (one) => one.code !== code && outer.some((holder) => holds(holder, one)),
  );
  const kept = value.filter((one) => !gone.has(one));
  return [...new Set([...kept, ...others.map((one) => one.code)])];
}

/** With all of these, once each, as far as they are not chosen yet. */
export function added(
  areas: readonly WhatIfArea[],
  value: readonly string[],
  codes: readonly string[],
): string[] {
  const there = covered(areas, value);
  return [...value, ...codes.filter((one) => !there.has(one))];
}
