import { Button, Segmented, type TableProps } from "antd";
import { lazy, Suspense } from "react";
import { useNavigate } from "react-router";
import type { ZoneItem } from "@/api/types.ts";
import { number } from "@/shared/format/number.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { FilterSelect } from "@/shared/ui/filters.tsx";
import { KeysetTable } from "@/shared/ui/KeysetTable.tsx";
import { LoadedNote, PageHead } from "@/shared/ui/ListPage.tsx";
import { Day, Grade, Overdue, State } from "@/shared/ui/marks.tsx";
import { RecordDesk } from "@/shared/ui/RecordDesk.tsx";
import { useFilters, useView } from "@/shared/view/useView.ts";
import { useZones } from "./queries.ts";
import { ZonePage } from "./ZonePage.tsx";

const LEVELS = ["all", "high", "medium", "low"] as const;
const STATES = ["standing", "proposed", "active", "released", "withdrawn"] as const;
const KINDS = ["risk_area", "county"] as const;

const PlanDesk = lazy(async () => ({ default: (await import("./plan/PlanDesk.tsx")).PlanDesk }));
/** In the address instead of a unit: which one is still to be chosen. */
const ANY = "any";

export function Zones() {
  const { t } = useI18n();
  const [{ draw }] = useFilters(["draw"] as const);
  if (draw)
    return (
      <Suspense fallback={null}>
        <PlanDesk unit={draw === ANY ? null : draw} />
      </Suspense>
    );
  return (
    <RecordDesk
      path="/zones"
      name={t("desk.zones")}
      list={(chosen) => <ZoneList chosen={chosen} />}
      detail={(id) => <ZonePage id={id} />}
    />
  );
}

function ZoneList({ chosen }: { chosen: number | null }) {
  const { t, term } = useI18n();
  const [filters, setFilters] = useFilters(["level", "state", "kind"] as const);
  const { to, scope } = useView();
  const go = useNavigate();
  const keyset = useZones(filters);
  const columns = useColumns(chosen !== null);
  return (
    <section className="z-list">
      <PageHead title={t("desk.zones")} note={<LoadedNote keyset={keyset} />}>
        <Button size="small" onClick={() => void go(to("/zones", { draw: scope ?? ANY }))}>
          {t("zonePlan.open")}
        </Button>
      </PageHead>
      <div className="z-filters">
        <Segmented
          size="small"
          aria-label={t("zone.level")}
          value={filters.level ?? "all"}
          onChange={(v) => setFilters({ level: v === "all" ? null : v })}
          options={LEVELS.map((value) => ({
            value,
            label: value === "all" ? t("filter.all") : term("grade", value),
          }))}
        />
        <FilterSelect
          any={t("filter.anyState")}
          group="zoneState"
          codes={STATES}
          value={filters.state}
          choose={(state) => setFilters({ state })}
        />
        <FilterSelect
          any={t("zone.anyKind")}
          group="zoneKind"
          codes={KINDS}
          value={filters.kind}
          choose={(kind) => setFilters({ kind })}
        />
      </div>
      <KeysetTable<ZoneItem>
        keyset={keyset}
        rowKey="id"
        columns={columns}
        chosen={chosen ?? undefined}
        open={(row) => void go(to(`/zones/${row.id}`, filters))}
        empty={{ title: t("zones.empty"), hint: t("zones.emptyHint") }}
      />
    </section>
  );
}

function useColumns(beside: boolean): TableProps<ZoneItem>["columns"] {
  const { t, term } = useI18n();
  const level = {
    key: "level",
    title: t("zone.level"),
    render: (_: unknown, z: ZoneItem) => <Grade grade={z.level} />,
  };
  const unit = {
    key: "unit",
    title: t("field.unit"),
    render: (_: unknown, z: ZoneItem) => z.unit.name,
  };
  const kind = {
    key: "kind",
    title: t("zone.kind"),
    render: (_: unknown, z: ZoneItem) => term("zoneKind", z.kind),
  };
  const state = {
    key: "state",
    title: t("field.state"),
    render: (_: unknown, z: ZoneItem) => <State group="zoneState" state={z.state} />,
  };
  const since = {
    key: "since",
    title: t("zone.since"),
    render: (_: unknown, z: ZoneItem) => <Day on={z.since} />,
  };
  const residents = {
    key: "residents",
    title: t("zone.residents"),
    align: "right" as const,
    className: "z-num",
    render: (_: unknown, z: ZoneItem) => number(z.residents),
  };
  const days = {
    key: "days",
    title: t("zone.personDays"),
    align: "right" as const,
    className: "z-num",
    render: (_: unknown, z: ZoneItem) => number(z.person_days),
  };
  const met = {
    key: "met",
    title: t("zone.release"),
    render: (_: unknown, z: ZoneItem) =>
      z.overdue_release ? <Overdue label={t("zone.overdueShort")} /> : <Progress zone={z} />,
  };
  return beside
    ? [level, unit, state, met]
    : [level, unit, kind, state, since, residents, days, met];
}

function Progress({ zone }: { zone: ZoneItem }) {
  const { t } = useI18n();
  const { conditions = [], earliest_on = null } = zone.release;
  return (
    <span className="z-num">
      {t("zone.met", { n: conditions.filter((c) => c.met).length, of: conditions.length })}
      {earliest_on ? (
        <>
          {" "}
          · <Day on={earliest_on} />
        </>
      ) : null}
    </span>
  );
}
