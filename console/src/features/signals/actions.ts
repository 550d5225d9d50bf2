import type { SignalAction } from "./queries.ts";

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
