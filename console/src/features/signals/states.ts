import type { SignalDeed } from "@/api/types.ts";

const LEADS: Readonly<Record<string, string>> = {
  take: "taken",
  verify: "verified",
  check: "checked",
  assess: "assessed",
  declare_event: "event",
  dismiss: "false_alarm",
  reopen: "raised",
};

/** The state a signal was in after what had been done about it by then. */
export function stateAfter(deeds: readonly SignalDeed[]): string {
  return deeds.reduce((state, { action }) => LEADS[action] ?? state, "raised");
}
