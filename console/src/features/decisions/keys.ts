import type { Verdict } from "./DecisionDialog.tsx";

/** The verdict a key stands for; none while one is typing or a modifier is held. */
export function verdictOf(
  event: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "target">,
): Verdict | null {
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  const target = event.target;
  if (
    target !== null &&
    "closest" in target &&
    typeof target.closest === "function" &&
    target.closest("input, textarea, select, [contenteditable], .ant-modal")
  )
    return null;
  switch (event.key.toLowerCase()) {
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
