import type { PlanWord } from "@/api/types.ts";

/** Words a dispatcher has collected and not yet sent. */
export type Tray = readonly PlanWord[];

const about = (thing: string) => (one: PlanWord) => one.thing === thing;
const same = (a: PlanWord) => (b: PlanWord) =>
  a.word === b.word && a.thing === b.thing && a.to === b.to;

/** A thing is pinned to one place or kept from several, never both. */
export function put(tray: Tray, word: PlanWord): Tray {
  if (word.word === "pin") return [...tray.filter((one) => !about(word.thing)(one)), word];
  const others = tray.filter(
    (one) => !(about(word.thing)(one) && one.word === "pin") && !same(word)(one),
  );
  return [...others, word];
}

/** Each of two things is pinned to where the other goes; none when one goes nowhere or both to the
 * same place. */
export function swap(
  tray: Tray,
  a: { thing: string; at: string | null },
  b: { thing: string; at: string | null },
): Tray | null {
  if (!a.at || !b.at || a.at === b.at || a.thing === b.thing) return null;
  return put(put(tray, { word: "pin", thing: a.thing, to: b.at }), {
    word: "pin",
    thing: b.thing,
    to: a.at,
  });
}

export function drop(tray: Tray, word: PlanWord): Tray {
  return tray.filter((one) => !same(word)(one));
}

const KEPT = "zhongshu.dispatch.tray.";

/** What was collected for a plan in this window, if anything can be read. */
export function kept(plan: number): Tray {
  try {
    const read: unknown = JSON.parse(window.sessionStorage.getItem(`${KEPT}${plan}`) ?? "[]");
    return Array.isArray(read) ? (read as PlanWord[]) : [];
  } catch {
    return [];
  }
}

export function keep(plan: number, tray: Tray): void {
  if (tray.length) window.sessionStorage.setItem(`${KEPT}${plan}`, JSON.stringify(tray));
  else window.sessionStorage.removeItem(`${KEPT}${plan}`);
}
