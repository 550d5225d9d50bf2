import type { ContactAction } from "./queries.ts";

/** What a person may decide about a contact, state by state; the server asks again. */
const ALLOWED: Readonly<Record<string, readonly ContactAction[]>> = {
  proposed: ["confirm", "downgrade", "exclude"],
  confirmed: ["downgrade", "exclude"],
  downgraded: ["confirm", "exclude"],
  excluded: ["reopen"],
  released: ["reopen"],
};

export const allowedIn = (state: string): readonly ContactAction[] => ALLOWED[state] ?? [];

export const KEY_OF: Readonly<Record<ContactAction, string>> = {
  confirm: "A",
  downgrade: "D",
  exclude: "X",
  reopen: "O",
};

/** The decision a key stands for, where the state allows it. */
export function actionOf(key: string, state: string): ContactAction | null {
  return allowedIn(state).find((action) => KEY_OF[action].toLowerCase() === key) ?? null;
}

/** Taking somebody off the list, or on it again, needs a reason; accepting does not. */
export const needsReason = (action: ContactAction): boolean => action !== "confirm";
