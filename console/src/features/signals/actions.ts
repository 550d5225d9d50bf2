export const ACTIONS = [
  "take",
  "verify",
  "check",
  "assess",
  "declare_event",
  "dismiss",
  "reopen",
] as const;
export type SignalAction = (typeof ACTIONS)[number];

/** What may be done with a signal in a state, as in the service's state table, which asks again. */
export function actionsFor(state: string): SignalAction[] {
  switch (state) {
    case "raised":
      return ["take", "dismiss"];
    case "taken":
      return ["verify", "dismiss"];
    case "verified":
      return ["check", "dismiss"];
    case "checked":
      return ["assess", "dismiss"];
    case "assessed":
      return ["declare_event", "dismiss"];
    case "false_alarm":
      return ["reopen"];
    default:
      return [];
  }
}

/** Nobody has verified it yet: it may be silenced. */
export const mayBeSnoozed = (state: string): boolean => state === "raised" || state === "taken";

/** A reason has to be given, or what was found. */
export const needsReason = (action: SignalAction): boolean =>
  action === "check" || action === "assess" || action === "reopen";
