import { Segmented, type TableProps } from "antd";
import { useNavigate } from "react-router";
import type { TubeItem } from "@/api/types.ts";
import { number } from "@/shared/format/number.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { DeskTabs } from "@/shared/ui/DeskTabs.tsx";
import { KeysetTable } from "@/shared/ui/KeysetTable.tsx";
import { LoadedNote } from "@/shared/ui/ListPage.tsx";
import { When } from "@/shared/ui/marks.tsx";
import { RecordDesk } from "@/shared/ui/RecordDesk.tsx";
import { useNarrow } from "@/shared/ui/useMedia.ts";
import { useMay } from "@/shared/view/session.tsx";
import { useFilters, useView } from "@/shared/view/useView.ts";
import { ViewLink } from "@/shared/view/ViewLink.tsx";
import { Due } from "./Due.tsx";
import { STATES, useTubes } from "./queries.ts";
import { share } from "./share.ts";
import { TubePage } from "./TubePage.tsx";

/** Tubes of several persons found positive: who waits to be sampled again, and since when. */
export function Tubes() {
  const { t } = useI18n();
  return (
    <RecordDesk
      path="/tubes"
      name={t("desk.tubes")}
      list={(chosen) => <TubeList chosen={chosen} />}
      detail={(id) => <TubePage id={id} />}
    />
  );
}

function TubeList({ chosen }: { chosen: number | null }) {
  const { t, term } = useI18n();
  const [filters, setFilters] = useFilters(["state"] as const);
  const { to, asOf } = useView();
  const go = useNavigate();
  const plans = useMay("dispatch.plan") && !asOf;
  const state = STATES.find((one) => one === filters.state) ?? "open";
  const keyset = useTubes(state);
  const columns = useColumns(chosen !== null);
  return (
    <section className="z-list">
      <DeskTabs desk="resources" note={<LoadedNote keyset={keyset} />}>
        {plans ? (
          <ViewLink path="/dispatch" params={{ planner: "recollect" }}>
            {t("tubes.plan")}
          </ViewLink>
        ) : null}
      </DeskTabs>
      <div className="z-filters">
        <Segmented
          size="small"
          aria-label={t("field.state")}
          value={state}
          onChange={(value) => setFilters({ state: value === "open" ? null : value })}
          options={STATES.map((value) => ({ value, label: term("tubeState", value) }))}
        />
      </div>
      <KeysetTable<TubeItem>
        keyset={keyset}
        rowKey="id"
        columns={columns}
        chosen={chosen ?? undefined}
        open={(row) => void go(to(`/tubes/${row.id}`, filters))}
        empty={{ title: t("tubes.empty"), hint: t("tubes.emptyHint") }}
      />
    </section>
  );
}

/** For a phone all of it in one cell. */
function Card({ tube }: { tube: TubeItem }) {
  const { t, term } = useI18n();
  return (
    <span className="z-cell-card">
      <span className="z-row">
        <b>{tube.code}</b> {term("tubeResult", tube.result)} {tube.unit.name}
      </span>
      <span>
        {t("tubes.again")} {share(tube.recollected, tube.swabs)} · {t("tubes.resulted")}{" "}
        {share(tube.resulted, tube.swabs)}
      </span>
      <small>
        {t("tubes.due")} <Due tube={tube} />
      </small>
    </span>
  );
}

function useColumns(beside: boolean): TableProps<TubeItem>["columns"] {
  const { t, term } = useI18n();
  const narrow = useNarrow();
  if (narrow)
    return [{ key: "card", title: t("desk.tubes"), render: (_, one) => <Card tube={one} /> }];
  const few: NonNullable<TableProps<TubeItem>["columns"]> = [
    { key: "code", title: t("tubes.code"), dataIndex: "code" },
    { key: "unit", title: t("tubes.point"), render: (_, one) => one.unit.name },
    {
      key: "again",
      title: t("tubes.again"),
      className: "z-num",
      render: (_, one) => share(one.recollected, one.swabs),
    },
    {
      key: "due",
      title: t("tubes.due"),
      render: (_, one) => <Due tube={one} />,
    },
    {
      key: "reported",
      title: t("tubes.reported"),
      render: (_, one) => <When at={one.reported_at} short />,
    },
  ];
  if (beside) return few;
  return [
    ...few.slice(0, 1),
    { key: "result", title: t("tubes.result"), render: (_, one) => term("tubeResult", one.result) },
    ...few.slice(1),
    {
      key: "resulted",
      title: t("tubes.resulted"),
      className: "z-num",
      render: (_, one) => share(one.resulted, one.swabs),
    },
    {
      key: "positive",
      title: t("tubes.positive"),
      className: "z-num",
      render: (_, one) => number(one.positive),
    },
    { key: "laboratory", title: t("tubes.laboratory"), dataIndex: "laboratory" },
  ];
}
