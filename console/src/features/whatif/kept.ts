import { type Draft, draftOf, type Loose } from "./draft.ts";

/** A question that was begun and left: kept in this browser until it is asked or thrown away. */
const keyOf = (unit: string): string => `zhongshu.whatif.draft.${unit}`;
/** Another form of the draft is another version: an older one is not read. */
const VERSION = 2;

export function keep(unit: string, draft: Draft, store: Storage = window.localStorage): void {
  try {
    store.setItem(keyOf(unit), JSON.stringify({ version: VERSION, draft }));
  } catch {
    // A full or closed store loses the draft when the page is left, as if there were none.
  }
}

export function kept(unit: string, store: Storage = window.localStorage): Draft | null {
  try {
    const read: unknown = JSON.parse(store.getItem(keyOf(unit)) ?? "null");
    return isKept(read) ? again(read.draft) : null;
  } catch {
    return null;
  }
}

export function forget(unit: string, store: Storage = window.localStorage): void {
  try {
    store.removeItem(keyOf(unit));
  } catch {
    // As above: nothing is there to be forgotten.
  }
}

/** With keys of this page, so that no option added to it has one that is there already. */
function again(draft: Draft): Draft {
  const against = draft.options.find((one) => one.key === draft.against)?.name ?? "";
  return draftOf(draft.options as readonly object[] as readonly Loose[], { ...draft, against });
}

function isKept(read: unknown): read is { draft: Draft } {
  const one = read as { version?: unknown; draft?: Partial<Draft> } | null;
  return (
    one?.version === VERSION && Array.isArray(one.draft?.options) && one.draft.options.length > 0
  );
}
