import type { TableProps } from "antd";
import { useNavigate } from "react-router";
import type { SignalItem } from "@/api/types.ts";
import { number, probability } from "@/shared/format/number.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { DeskTabs } from "@/shared/ui/DeskTabs.tsx";
import { FilterSelect } from "@/shared/ui/filters.tsx";
import { KeysetTable } from "@/shared/ui/KeysetTable.tsx";
import { LoadedNote } from "@/shared/ui/ListPage.tsx";
import { Day, Grade, State } from "@/shared/ui/marks.tsx";
import { RecordDesk } from "@/shared/ui/RecordDesk.tsx";
import { useFilters, useView } from "@/shared/view/useView.ts";
import { useSignals } from "./queries.ts";
import { SignalPage } from "./SignalPage.tsx";

const STATES = [
  "open",
  "raised",
  "taken",
  "verified",
  "checked",
  "assessed",
  "event",
  "false_alarm",
] as const;

export function Signals() {
  const { t } = useI18n();
  return (
    <RecordDesk
      path="/signals"
      name={t("desk.signals")}
      list={(chosen) => <SignalList chosen={chosen} />}
      detail={(id) => <SignalPage id={id} />}
    />
  );
}

function SignalList({ chosen }: { chosen: number | null }) {
  const { t } = useI18n();
  const [filters, setFilters] = useFilters(["state"] as const);
  const { to } = useView();
  const go = useNavigate();
  const keyset = useSignals(filters);
  const columns = useColumns(chosen !== null);
  return (
    <section className="z-list">
      <DeskTabs desk="signals" note={<LoadedNote keyset={keyset} />} />
      <div className="z-filters">
        <FilterSelect
          any={t("filter.anyState")}
          group="signalState"
          codes={STATES}
          value={filters.state}
          choose={(state) => setFilters({ state })}
        />
      </div>
      <KeysetTable<SignalItem>
        keyset={keyset}
        rowKey="id"
        columns={columns}
        chosen={chosen ?? undefined}
        open={(row) => void go(to(`/signals/${row.id}`, filters))}
        empty={{ title: t("signals.empty"), hint: t("signals.emptyHint") }}
      />
    </section>
  );
}

function useColumns(beside: boolean): TableProps<SignalItem>["columns"] {
  const { t, term } = useI18n();
  const few: NonNullable<TableProps<SignalItem>["columns"]> = [
    { key: "grade", title: t("signal.grade"), render: (_, s) => <Grade grade={s.grade} /> },
    { key: "unit", title: t("field.unit"), render: (_, s) => s.unit.name },
    { key: "stream", title: t("signal.stream"), render: (_, s) => term("stream", s.stream) },
    { key: "date", title: t("signal.date"), render: (_, s) => <Day on={s.date} /> },
    {
      key: "observed",
      title: t("signal.observed"),
      align: "right",
      className: "z-num",
      render: (_, s) => number(s.observed),
    },
    {
      key: "state",
      title: t("field.state"),
      render: (_, s) => <State group="signalState" state={s.state} />,
    },
  ];
  if (beside) return few;
  return [
    ...few.slice(0, 5),
    {
      key: "expected",
      title: t("signal.expected"),
      align: "right",
      className: "z-num",
      render: (_, s) => number(s.expected),
    },
    {
      key: "z",
      title: t("signal.z"),
      align: "right",
      className: "z-num",
      render: (_, s) => number(s.z),
    },
    {
      key: "p",
      title: t("signal.p"),
      align: "right",
      className: "z-num",
      render: (_, s) => probability(s.p_value),
    },
    { key: "method", title: t("signal.method"), dataIndex: "method" },
    ...few.slice(5),
  ];
}
