import { Button, Input, type TableProps } from "antd";
import { useState } from "react";
import { useNavigate } from "react-router";
import type { ThingItem } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { DeskTabs } from "@/shared/ui/DeskTabs.tsx";
import { FilterSelect } from "@/shared/ui/filters.tsx";
import { KeysetTable } from "@/shared/ui/KeysetTable.tsx";
import { LoadedNote } from "@/shared/ui/ListPage.tsx";
import { When } from "@/shared/ui/marks.tsx";
import { RecordDesk } from "@/shared/ui/RecordDesk.tsx";
import { useMay } from "@/shared/view/session.tsx";
import { useFilters, useView } from "@/shared/view/useView.ts";
import { EnterDialog } from "./EnterDialog.tsx";
import { KINDS, STATES, tightest } from "./kinds.ts";
import { Pool, ThingState } from "./marks.tsx";
import { nameOf } from "./naming.ts";
import { useThings } from "./queries.ts";
import { ThingPage } from "./ThingPage.tsx";

const FILTERS = ["kind", "state", "mode", "text", "part_of"] as const;
const MODES = ["ordinary", "emergency"] as const;

/** Everything the headquarters can dispose of: what it is, how it stands, what of it is free. */
export function Registry() {
  const { t } = useI18n();
  return (
    <RecordDesk
      path="/registry"
      name={t("desk.registry")}
      list={(chosen) => <ThingList chosen={chosen} />}
      detail={(id) => <ThingPage id={id} />}
    />
  );
}

function ThingList({ chosen }: { chosen: number | null }) {
  const { t } = useI18n();
  const [filters, setFilters] = useFilters(FILTERS);
  const { to } = useView();
  const go = useNavigate();
  const keyset = useThings(filters);
  const columns = useColumns(chosen !== null);
  return (
    <section className="z-list">
      <DeskTabs desk="resources" note={<LoadedNote keyset={keyset} />}>
        <Enter kind={filters.kind} />
      </DeskTabs>
      <div className="z-filters">
        <FilterSelect
          any={t("registry.anyKind")}
          group="thingKind"
          codes={KINDS}
          value={filters.kind}
          choose={(kind) => setFilters({ kind, state: null, part_of: null })}
        />
        <FilterSelect
          any={t("filter.anyState")}
          group="thingState"
          codes={STATES[filters.kind ?? ""] ?? []}
          value={filters.state}
          choose={(state) => setFilters({ state })}
        />
        <FilterSelect
          any={t("registry.anyMode")}
          group="thingMode"
          codes={MODES}
          value={filters.mode}
          choose={(mode) => setFilters({ mode })}
        />
        <Input.Search
          key={filters.text ?? ""}
          size="small"
          allowClear
          className="z-filter-wide"
          maxLength={50}
          aria-label={t("registry.find")}
          placeholder={t("registry.find")}
          defaultValue={filters.text ?? ""}
          onSearch={(text) => setFilters({ text: text.trim() || null })}
        />
      </div>
      <KeysetTable<ThingItem>
        keyset={keyset}
        rowKey="id"
        columns={columns}
        chosen={chosen ?? undefined}
        open={(row) => void go(to(`/registry/${row.id}`, filters))}
        empty={{ title: t("registry.empty"), hint: t("registry.emptyHint") }}
      />
    </section>
  );
}

function Enter({ kind }: { kind: string | undefined }) {
  const { t } = useI18n();
  const { asOf } = useView();
  const may = useMay("resource.write");
  const [asking, setAsking] = useState(false);
  if (!may || asOf) return null;
  return (
    <>
      <Button size="small" onClick={() => setAsking(true)}>
        {t("registry.enter")}
      </Button>
      {asking ? <EnterDialog kind={kind ?? "site"} close={() => setAsking(false)} /> : null}
    </>
  );
}

function useColumns(beside: boolean): TableProps<ThingItem>["columns"] {
  const { t, term } = useI18n();
  const wide: TableProps<ThingItem>["columns"] = [
    { key: "unit", title: t("field.unit"), render: (_, row) => row.unit.name },
    {
      key: "since",
      title: t("registry.since"),
      render: (_, row) => <When at={row.state_since} short />,
    },
    { key: "mode", title: t("registry.mode"), render: (_, row) => term("thingMode", row.mode) },
  ];
  return [
    { key: "kind", title: t("resource.kind"), render: (_, row) => term("thingKind", row.kind) },
    { key: "name", title: t("field.name"), render: (_, row) => nameOf(row, term) },
    { key: "state", title: t("field.state"), render: (_, row) => <ThingState thing={row} /> },
    {
      key: "free",
      title: t("registry.free"),
      render: (_, row) => {
        const pool = tightest(row.pools);
        return pool ? <Pool pool={pool} /> : <span className="z-none">–</span>;
      },
    },
    ...(beside ? [] : wide),
  ];
}
