export type Press = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "target">;

/** The key in small letters; null while one is typing, in a dialog, or with a modifier held. */
export function plainKey(event: Press): string | null {
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  const target = event.target;
  if (
    target !== null &&
    "closest" in target &&
    typeof target.closest === "function" &&
    target.closest("input, textarea, select, [contenteditable], .ant-modal")
  )
    return null;
  return event.key.toLowerCase();
}
