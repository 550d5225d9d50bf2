const TABS = [
  { key: "course", permission: null },
  { key: "contacts", permission: "contact.read" },
  { key: "chains", permission: "contact.read" },
  { key: "changes", permission: "contact.read" },
  { key: "letters", permission: "letter.read" },
] as const;
export type CaseTab = (typeof TABS)[number]["key"];

/** The parts one's posts allow, in order. */
export function tabsFor(permissions: readonly string[]): readonly CaseTab[] {
  return TABS.filter((tab) => tab.permission === null || permissions.includes(tab.permission)).map(
    (tab) => tab.key,
  );
}

/** What the address names, or the first part. */
export function tabOf(text: string | undefined, tabs: readonly CaseTab[]): CaseTab {
  return tabs.find((tab) => tab === text) ?? "course";
}

/** Where an arrow leads among the tabs; round at the ends, as tabs do. */
export function nextTab(tabs: readonly CaseTab[], at: CaseTab, key: string): CaseTab | null {
  const here = tabs.indexOf(at);
  switch (key) {
    case "ArrowRight":
      return tabs[(here + 1) % tabs.length] ?? null;
    case "ArrowLeft":
      return tabs[(here - 1 + tabs.length) % tabs.length] ?? null;
    case "Home":
      return tabs[0] ?? null;
    case "End":
      return tabs.at(-1) ?? null;
    default:
      return null;
  }
}
