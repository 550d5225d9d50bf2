import { Tabs, type TabsProps } from "antd";
import { lazy, Suspense } from "react";
import type { PlanDetail, PlanTable } from "@/api/types.ts";
import { number } from "@/shared/format/number.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { useFilters } from "@/shared/view/useView.ts";
import { JobTable } from "../jobs/JobTable.tsx";
import { TableView } from "./TableView.tsx";
import { Timeline } from "./Timeline.tsx";
import type { Tray } from "./tray.ts";

const PlanMap = lazy(async () => ({ default: (await import("./PlanMap.tsx")).PlanMap }));

interface Props {
  plan: PlanDetail;
  tray: Tray;
  setTray: (tray: Tray) => void;
}

/** The same plan as a map, along time, in tables and as jobs; the address says which. */
export function Parts({ plan, tray, setTray }: Props) {
  const { t, term } = useI18n();
  const [{ tab, thing }, change] = useFilters(["tab", "thing"] as const);
  const name = (table: PlanTable) => (
    <>
      {term("dispatchTable", table.key)} <small className="z-num">{number(table.total)}</small>
    </>
  );
  const choose = (chosen: string | null) => change({ thing: chosen });
  const items: NonNullable<TabsProps["items"]> = [
    ...(plan.features.length
      ? [
          {
            key: "map",
            label: t("dispatch.map"),
            children: (
              <Suspense fallback={null}>
                <PlanMap plan={plan} thing={thing} choose={choose} />
              </Suspense>
            ),
          },
        ]
      : []),
    ...(plan.bars.length
      ? [
          {
            key: "timeline",
            label: t("dispatch.timeline"),
            children: <Timeline bars={plan.bars} thing={thing} choose={choose} />,
          },
        ]
      : []),
    ...plan.tables.map((table) => ({
      key: table.key,
      label: name(table),
      children: (
        <TableView
          plan={plan}
          table={table}
          tray={tray}
          setTray={setTray}
          text={thing}
          find={choose}
        />
      ),
    })),
    ...(plan.jobs.total
      ? [
          {
            key: "jobs",
            label: (
              <>
                {t("dispatch.jobs")} <small className="z-num">{number(plan.jobs.total)}</small>
              </>
            ),
            children: <JobTable filters={{ plan: plan.id }} />,
          },
        ]
      : []),
  ];
  const first = items[0]?.key;
  const active = items.some((one) => one.key === tab) ? tab : first;
  return (
    <Tabs
      className="z-tabs"
      items={items}
      {...(active ? { activeKey: active } : {})}
      onChange={(key) => change({ tab: key === first ? null : key })}
      destroyOnHidden
    />
  );
}
