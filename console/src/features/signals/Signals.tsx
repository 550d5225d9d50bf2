import { Select, type TableProps } from "antd";
import { useNavigate } from "react-router";
import type { SignalItem } from "@/api/types.ts";
import { number, probability } from "@/shared/format/number.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { Desk } from "@/shared/ui/Desk.tsx";
import { KeysetTable } from "@/shared/ui/KeysetTable.tsx";
import { LoadedNote, PageHead } from "@/shared/ui/ListPage.tsx";
import { Day, Grade, State } from "@/shared/ui/marks.tsx";
import { NotFound } from "@/shared/ui/NotFound.tsx";
import { useRecordId } from "@/shared/view/useRecordId.ts";
import { useFilters, useView } from "@/shared/view/useView.ts";
import { useSignals } from "./queries.ts";
import { SignalPage } from "./SignalPage.tsx";

const STATES = ["open", "raised", "taken", "verified", "event", "false_alarm"] as const;

export function Signals() {
  const { t } = useI18n();
  const id = useRecordId();
  const chosen = id === "bad" ? null : id;
  const none = <NotFound back="/signals" name={t("desk.signals")} />;
  return (
    <Desk
      path="/signals"
      list={<SignalList chosen={chosen} />}
      detail={id === "bad" ? none : id === null ? null : <SignalPage key={id} id={id} />}
    />
  );
}

function SignalList({ chosen }: { chosen: number | null }) {
  const { t, term } = useI18n();
  const [filters, setFilters] = useFilters(["state"] as const);
  const { to } = useView();
  const go = useNavigate();
  const keyset = useSignals(filters);
  const columns = useColumns(chosen !== null);
  return (
    <section className="z-list">
      <PageHead title={t("desk.signals")} note={<LoadedNote keyset={keyset} />} />
      <div className="z-filters">
        <Select
          allowClear
          size="small"
          className="z-filter"
          aria-label={t("filter.anyState")}
          placeholder={t("filter.anyState")}
          value={filters.state}
          onChange={(v?: string) => setFilters({ state: v ?? null })}
          options={STATES.map((value) => ({ value, label: term("signalState", value) }))}
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
