import { Segmented } from "antd";
import { useI18n } from "@/shared/i18n/context.tsx";
import { DeskTabs } from "@/shared/ui/DeskTabs.tsx";
import { FilterSelect } from "@/shared/ui/filters.tsx";
import { useFilters } from "@/shared/view/useView.ts";
import { AllSources } from "./AllSources.tsx";
import { SourceDrawer } from "./SourceDrawer.tsx";
import { SourceList } from "./SourceList.tsx";
import { STATES, STREAMS } from "./states.ts";

/** Whether departments' daily reports come: counties by streams, or as a list. */
export function Sources() {
  const { t } = useI18n();
  const [filters, setFilters] = useFilters(["shown", "stream", "state", "source"] as const);
  const asList = filters.shown === "list";
  const stream = STREAMS.find((one) => one === filters.stream);
  const state = STATES.find((one) => one === filters.state);
  const open = (source: string) => setFilters({ source });
  const narrowed = { ...(stream ? { stream } : {}), ...(state ? { state } : {}) };
  return (
    <section className="z-page z-list">
      <DeskTabs desk="signals" />
      <div className="z-filters">
        <Segmented
          size="small"
          aria-label={t("sources.view")}
          value={asList ? "list" : "matrix"}
          onChange={(value) => setFilters({ shown: value === "list" ? "list" : null })}
          options={[
            { value: "matrix", label: t("sources.matrix") },
            { value: "list", label: t("sources.list") },
          ]}
        />
        <FilterSelect
          any={t("sources.anyStream")}
          group="stream"
          codes={STREAMS}
          value={stream}
          choose={(stream) => setFilters({ stream })}
        />
        <FilterSelect
          any={t("filter.anyState")}
          group="sourceState"
          codes={STATES}
          value={state}
          choose={(state) => setFilters({ state })}
        />
        <span className="z-hint">{t("sources.outageHint")}</span>
      </div>
      {asList ? (
        <SourceList filters={narrowed} chosen={filters.source} open={open} />
      ) : (
        <AllSources
          filters={narrowed}
          chosen={filters.source}
          open={open}
          choose={(state) => setFilters({ state })}
        />
      )}
      <SourceDrawer id={filters.source} close={() => setFilters({ source: null })} />
    </section>
  );
}
