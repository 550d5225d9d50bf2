import { useI18n } from "@/shared/i18n/context.tsx";
import { DeskTabs } from "@/shared/ui/DeskTabs.tsx";
import { FilterSelect } from "@/shared/ui/filters.tsx";
import { useFilters } from "@/shared/view/useView.ts";
import { OpenEvents } from "../OpenEvents.tsx";
import { JOB_STATES, PLANNERS } from "../planners.ts";
import { JobTable } from "./JobTable.tsx";

const FILTERS = ["planner", "state"] as const;

/** What vehicles, sites, stores and teams have to do by approved plans. */
export function Jobs() {
  const { t } = useI18n();
  const [filters, setFilters] = useFilters(FILTERS);
  return (
    <section className="z-page z-list">
      <DeskTabs desk="dispatch" />
      <OpenEvents />
      <div className="z-filters">
        <FilterSelect
          wide
          any={t("dispatch.anyPlanner")}
          group="dispatchPlanner"
          codes={PLANNERS}
          value={filters.planner}
          choose={(planner) => setFilters({ planner })}
        />
        <FilterSelect
          any={t("filter.anyState")}
          group="jobState"
          codes={JOB_STATES}
          value={filters.state}
          choose={(state) => setFilters({ state })}
        />
      </div>
      <JobTable filters={filters} />
    </section>
  );
}
