import type { KeyboardEvent } from "react";
import type { CaseDetail } from "@/api/types.ts";
import { number } from "@/shared/format/number.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { useKeys } from "@/shared/ui/useKeys.ts";
import { useSession } from "@/shared/view/session.tsx";
import { useFilters } from "@/shared/view/useView.ts";
import { type CaseTab, nextTab, tabOf, tabsFor } from "./tabs.ts";

export type { CaseTab };

/** The part of the case page that is open; in the address, so that a link shows the same. */
export function useCaseTab(): [CaseTab, (tab: CaseTab) => void] {
  const { permissions } = useSession();
  const [{ tab }, setFilters] = useFilters(["tab"] as const);
  const tabs = tabsFor(permissions);
  return [
    tabOf(tab, tabs),
    (to) => setFilters({ tab: to === "course" ? null : to } as { tab: string | null }),
  ];
}

interface Props {
  found: CaseDetail;
  tab: CaseTab;
  go: (tab: CaseTab) => void;
}

/** Parts of the case page; the numbers 1 to 5 open them, arrows walk. */
export function CaseTabs({ found, tab, go }: Props) {
  const { t, term } = useI18n();
  const { permissions } = useSession();
  const tabs = tabsFor(permissions);
  useKeys(true, (key) => {
    const to = tabs[Number(key) - 1];
    if (to) go(to);
    return to !== undefined;
  });
  const press = (event: KeyboardEvent) => {
    const to = nextTab(tabs, tab, event.key);
    if (!to) return;
    event.preventDefault();
    go(to);
    document.getElementById(`case-tab-${to}`)?.focus();
  };
  return (
    <div className="z-casetabs" role="tablist" aria-label={t("case.parts")} onKeyDown={press}>
      {tabs.map((one, i) => (
        <button
          key={one}
          id={`case-tab-${one}`}
          type="button"
          role="tab"
          aria-selected={one === tab}
          tabIndex={one === tab ? 0 : -1}
          onClick={() => go(one)}
        >
          {term("casePart", one)}
          {one === "contacts" ? (
            <small className="z-num">
              {number(found.contacts_close)} + {number(found.contacts_second)}
            </small>
          ) : null}
          <kbd>{i + 1}</kbd>
        </button>
      ))}
    </div>
  );
}
