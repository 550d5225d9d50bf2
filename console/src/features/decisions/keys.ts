import { type Press, plainKey } from "@/shared/ui/keys.ts";
import type { Verdict } from "./DecisionDialog.tsx";

/** The verdict a key stands for; none while one is typing or a modifier is held. */
export function verdictOf(event: Press): Verdict | null {
  switch (plainKey(event)) {
    case "a":
      return "approve";
    case "e":
      return "amend";
    case "r":
      return "reject";
    default:
      return null;
  }
}
