import { PlusOutlined } from "@ant-design/icons";
import { Button, type TableProps } from "antd";
import { useState } from "react";
import { useNavigate } from "react-router";
import type { PlanItem } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { DeskTabs } from "@/shared/ui/DeskTabs.tsx";
import { FilterSelect } from "@/shared/ui/filters.tsx";
import { KeysetTable } from "@/shared/ui/KeysetTable.tsx";
import { LoadedNote, MoreButton } from "@/shared/ui/ListPage.tsx";
import { When } from "@/shared/ui/marks.tsx";
import { Empty } from "@/shared/ui/states.tsx";
import { useKeys } from "@/shared/ui/useKeys.ts";
import { useNarrow } from "@/shared/ui/useMedia.ts";
import { useMay } from "@/shared/view/session.tsx";
import { useFilters, useView } from "@/shared/view/useView.ts";
import { ViewLink } from "@/shared/view/ViewLink.tsx";
import { NewPlan } from "./form/NewPlan.tsx";
import { Done, Gap, PlanState } from "./marks.tsx";
import { OpenEvents } from "./OpenEvents.tsx";
import { PLANNERS, STATES } from "./planners.ts";
import { usePlans } from "./queries.ts";
import { useWords } from "./useWords.ts";

const FILTERS = ["planner", "state"] as const;

/** Plans of all planners, newest first; what went wrong meanwhile stands above them. */
export function Dispatch() {
  const { t } = useI18n();
  const { to, asOf } = useView();
  const [filters, setFilters] = useFilters(FILTERS);
  const go = useNavigate();
  const narrow = useNarrow();
  const keyset = usePlans(filters);
  const columns = useColumns();
  const may = useMay("dispatch.plan") && !asOf;
  const [asking, setAsking] = useState(false);
  useKeys(may && !asking, (key) => {
    if (key !== "n") return false;
    setAsking(true);
    return true;
  });
  const filtered = Boolean(filters.planner || filters.state);
  const none = keyset.data !== undefined && keyset.items.length === 0 && !filtered;
  const ask = may ? (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => setAsking(true)}>
      {t("dispatch.new")}
      {narrow ? null : <kbd>N</kbd>}
    </Button>
  ) : null;
  return (
    <section className="z-page z-list">
      <DeskTabs desk="dispatch" note={<LoadedNote keyset={keyset} />}>
        {none ? null : ask}
      </DeskTabs>
      <OpenEvents />
      {none ? (
        <First action={ask} may={may} />
      ) : (
        <>
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
              group="dispatchState"
              codes={STATES}
              value={filters.state}
              choose={(state) => setFilters({ state })}
            />
          </div>
          {narrow && keyset.items.length ? (
            <PlanCards keyset={keyset} />
          ) : (
            <KeysetTable<PlanItem>
              keyset={keyset}
              rowKey="id"
              columns={columns}
              open={(row) => void go(to(`/dispatch/${row.id}`))}
              empty={{ title: t("dispatch.noneSuch"), hint: t("list.widen") }}
            />
          )}
        </>
      )}
      {asking ? <NewPlan close={() => setAsking(false)} planner={filters.planner} /> : null}
    </section>
  );
}

/** The same list for a phone: one card for each plan. */
function PlanCards({ keyset }: { keyset: ReturnType<typeof usePlans> }) {
  const { t, term } = useI18n();
  return (
    <div className="z-cards">
      {keyset.items.map((one) => (
        <ViewLink key={one.id} path={`/dispatch/${one.id}`} className="z-card">
          <span className="z-row">
            <PlanState state={one.state} />
          </span>
          <b>{one.title}</b>
          <Outcome of={one} />
          <small>
            {term("dispatchPlanner", one.planner)} · {t("dispatch.number", { n: one.id })} ·{" "}
            {one.unit.name} · <When at={one.created_at} short />
          </small>
        </ViewLink>
      ))}
      <MoreButton keyset={keyset} />
    </div>
  );
}

/** What there is to be planned, while nothing is. */
function First({ action, may }: { action: React.ReactNode; may: boolean }) {
  const { t, term } = useI18n();
  return (
    <div className="z-dispatch-first">
      <Empty
        title={t("dispatch.none")}
        hint={t(may ? "dispatch.noneHint" : "dispatch.noneMayNot")}
        action={action}
      />
      <dl>
        {PLANNERS.map((planner) => (
          <div key={planner}>
            <dt>{term("dispatchPlanner", planner)}</dt>
            <dd>{term("dispatchPlannerHint", planner)}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

function useColumns(): TableProps<PlanItem>["columns"] {
  const { t, term } = useI18n();
  return [
    {
      key: "title",
      title: t("dispatch.plan"),
      className: "z-wrap",
      render: (_, one) => (
        <span className="z-directive-title">
          <b>{one.title}</b>
          <small>
            {term("dispatchPlanner", one.planner)} · {t("dispatch.number", { n: one.id })}
            {one.follows ? ` · ${t("dispatch.follows", { n: one.follows })}` : ""}
          </small>
        </span>
      ),
    },
    { key: "unit", title: t("field.unit"), render: (_, one) => one.unit.name },
    { key: "state", title: t("field.state"), render: (_, one) => <PlanState state={one.state} /> },
    {
      key: "figures",
      title: t("dispatch.outcome"),
      className: "z-wrap",
      render: (_, one) => <Outcome of={one} />,
    },
    {
      key: "gap",
      title: t("dispatch.gap"),
      align: "right",
      render: (_, one) => <Gap gap={one.gap} answered={one.figures.length > 0} />,
    },
    {
      key: "jobs",
      title: t("dispatch.jobsDone"),
      render: (_, one) =>
        one.jobs.total ? <Done of={one.jobs} /> : <span className="z-none">–</span>,
    },
    {
      key: "at",
      title: t("dispatch.asked"),
      render: (_, one) => (
        <span className="z-directive-title">
          <When at={one.created_at} short />
          <small>{term("actor", one.created_by)}</small>
        </span>
      ),
    },
  ];
}

/** The first figures, or why there are none. */
function Outcome({ of }: { of: PlanItem }) {
  const { text } = useI18n();
  const { amount, name } = useWords();
  if (of.refusal)
    return <span className="z-dispatch-outcome z-whatif-refused">{text(of.refusal.message)}</span>;
  if (!of.figures.length) return <span className="z-none">–</span>;
  return (
    <span className="z-dispatch-outcome">
      {of.figures.slice(0, 4).map((one) => (
        <span key={one.key} className={one.key === "unserved" && one.value ? "z-worse" : ""}>
          {name(one.key)} <b className="z-num">{amount(one.value, one.unit)}</b>
        </span>
      ))}
    </span>
  );
}
