/** A lot is named by its store and the code of its goods; the goods are told in words. */
export function nameOf(
  { kind, name }: { kind: string; name: string },
  term: (group: string, code: string) => string,
): string {
  if (kind !== "lot") return name;
  const at = name.lastIndexOf(" ");
  return `${name.slice(0, at + 1)}${term("item", name.slice(at + 1))}`;
}
