import { isFrom, spotsOf } from "./shapes.ts";

/** What a code is called beside it, so that either can be recognised. */
export const named = (code: string, name: string | undefined): string =>
  name && name !== code ? `${name} ${code}` : code;

/** Names of the places on a plan's map by their codes; where people live has none. */
export function namesOf(features: readonly unknown[]): ReadonlyMap<string, string> {
  const places = spotsOf(features).filter(({ properties }) => !isFrom(properties.role));
  return new Map(places.map(({ properties: { id, label } }) => [String(id), String(label ?? "")]));
}
