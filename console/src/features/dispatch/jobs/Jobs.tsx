import { CloseOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useI18n } from "@/shared/i18n/context.tsx";
import { DeskTabs } from "@/shared/ui/DeskTabs.tsx";
import { FilterSelect } from "@/shared/ui/filters.tsx";
import { useFilters } from "@/shared/view/useView.ts";
import { OpenEvents } from "../OpenEvents.tsx";
import { JOB_STATES, PLANNERS } from "../planners.ts";
import { JobTable } from "./JobTable.tsx";

const ALL = "all";
const FILTERS = ["planner", "state", "plan"] as const;

/** What vehicles, sites, stores and teams have to do by approved plans. */
export function Jobs() {
  const { t } = useI18n();
  const [{ planner, state: asked, plan }, setFilters] = useFilters(FILTERS);
  // What is over is asked for: whoever opens this has something to do.
  const state = asked === ALL ? undefined : (asked ?? "open");
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
          value={planner}
          choose={(chosen) => setFilters({ planner: chosen })}
        />
        <FilterSelect
          any={t("filter.anyState")}
          group="jobState"
          codes={JOB_STATES}
          value={state}
          choose={(chosen) => setFilters({ state: chosen === "open" ? null : (chosen ?? ALL) })}
        />
        {plan ? (
          <Button onClick={() => setFilters({ plan: null })}>
            {t("dispatch.onlyPlan", { n: plan })} <CloseOutlined />
          </Button>
        ) : null}
      </div>
      <JobTable
        filters={{
          ...(planner ? { planner } : {}),
          ...(state ? { state } : {}),
          ...(plan ? { plan: Number(plan) } : {}),
        }}
      />
    </section>
  );
}
