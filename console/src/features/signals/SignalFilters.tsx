import { Segmented } from "antd";
import { useI18n } from "@/shared/i18n/context.tsx";
import { FilterSelect } from "@/shared/ui/filters.tsx";
import { useFilters } from "@/shared/view/useView.ts";
import type { Narrowed } from "./queries.ts";
import { GRADES } from "./triage.ts";

export const SHOWN = ["list", "matrix", "snoozed"] as const;
/** "open" unless another is chosen: that is what waits for somebody. */
const STATES = [
  "open",
  "all",
  "raised",
  "taken",
  "verified",
  "checked",
  "assessed",
  "event",
  "false_alarm",
] as const;
/** What a signal can be of. */
export const STREAMS = [
  "fever_clinic",
  "pharmacy_sales",
  "school_absences",
  "joint",
  "cases",
] as const;

/** What the address asks for; a word it does not know asks for nothing. */
export function useNarrowed(): { filters: Record<string, string>; narrowed: Narrowed } {
  const [filters] = useFilters(["shown", "state", "grade", "stream"] as const);
  const state = STATES.find((one) => one === filters.state) ?? "open";
  const grade = GRADES.find((one) => one === filters.grade);
  return {
    filters,
    narrowed: {
      ...(state === "all" ? {} : { state }),
      ...(grade ? { grade } : {}),
      ...(filters.stream ? { stream: filters.stream } : {}),
    },
  };
}

/** How the desk is looked at, and what of it; all in the address. */
export function SignalFilters() {
  const { t, term } = useI18n();
  const [filters, setFilters] = useFilters(["shown", "state", "grade", "stream"] as const);
  const shown = SHOWN.find((one) => one === filters.shown) ?? "list";
  const switcher = (
    <Segmented
      size="small"
      aria-label={t("signals.view")}
      value={shown}
      onChange={(value) => setFilters({ shown: value === "list" ? null : value })}
      options={SHOWN.map((value) => ({ value, label: term("signalsShown", value) }))}
    />
  );
  if (shown === "snoozed") return <div className="z-filters">{switcher}</div>;
  return (
    <div className="z-filters">
      {switcher}
      <FilterSelect
        any={term("signalState", "open")}
        group="signalState"
        codes={STATES}
        value={filters.state ?? "open"}
        choose={(state) => setFilters({ state: state === "open" ? null : state })}
      />
      <FilterSelect
        any={t("signals.anyGrade")}
        group="grade"
        codes={GRADES}
        value={filters.grade}
        choose={(grade) => setFilters({ grade })}
      />
      <FilterSelect
        any={t("sources.anyStream")}
        group="stream"
        codes={STREAMS}
        value={filters.stream}
        choose={(stream) => setFilters({ stream })}
      />
    </div>
  );
}
