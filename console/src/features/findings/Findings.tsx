import { Segmented, type TableProps } from "antd";
import { useNavigate } from "react-router";
import type { FindingItem } from "@/api/types.ts";
import { number } from "@/shared/format/number.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { DeskTabs } from "@/shared/ui/DeskTabs.tsx";
import { FilterSelect } from "@/shared/ui/filters.tsx";
import { KeysetTable } from "@/shared/ui/KeysetTable.tsx";
import { LoadedNote } from "@/shared/ui/ListPage.tsx";
import { Day, Overdue, Rule, State } from "@/shared/ui/marks.tsx";
import { RecordDesk } from "@/shared/ui/RecordDesk.tsx";
import { SubjectLink } from "@/shared/ui/SubjectLink.tsx";
import { useNarrow } from "@/shared/ui/useMedia.ts";
import { useFilters, useView } from "@/shared/view/useView.ts";
import { FindingPage } from "./FindingPage.tsx";
import { KINDS, useFindings } from "./queries.ts";

/** Red findings: measures held past their release, areas too large, tests and colours without ground. */
export function Findings() {
  const { t } = useI18n();
  return (
    <RecordDesk
      path="/findings"
      name={t("desk.findings")}
      list={(chosen) => <FindingList chosen={chosen} />}
      detail={(id) => <FindingPage id={id} />}
    />
  );
}

const STATES = ["open", "resolved"] as const;

function FindingList({ chosen }: { chosen: number | null }) {
  const { t, term } = useI18n();
  const [filters, setFilters] = useFilters(["kind", "state"] as const);
  const { to } = useView();
  const go = useNavigate();
  const state = STATES.find((one) => one === filters.state) ?? "open";
  const keyset = useFindings({
    ...(filters.kind ? { kind: filters.kind } : {}),
    open: state === "open",
  });
  const columns = useColumns(chosen !== null);
  return (
    <section className="z-list">
      <DeskTabs desk="clocks" note={<LoadedNote keyset={keyset} />} />
      <div className="z-filters">
        <Segmented
          size="small"
          aria-label={t("field.state")}
          value={state}
          onChange={(value) => setFilters({ state: value === "open" ? null : value })}
          options={STATES.map((value) => ({ value, label: term("findingState", value) }))}
        />
        <FilterSelect
          wide
          any={t("findings.anyKind")}
          group="findingKind"
          codes={KINDS}
          value={filters.kind}
          choose={(kind) => setFilters({ kind })}
        />
      </div>
      <KeysetTable<FindingItem>
        keyset={keyset}
        rowKey="id"
        columns={columns}
        chosen={chosen ?? undefined}
        open={(row) => void go(to(`/findings/${row.id}`, filters))}
        empty={{ title: t("findings.empty"), hint: t("findings.emptyHint") }}
      />
    </section>
  );
}

/** For a phone all of it in one cell. */
function Card({ finding }: { finding: FindingItem }) {
  const { term, text } = useI18n();
  return (
    <span className="z-cell-card">
      <b>{term("findingKind", finding.kind)}</b>
      <span>{text(finding.text)}</span>
      <SubjectLink subject={finding.subject} />
      <Open finding={finding} />
    </span>
  );
}

function Open({ finding }: { finding: FindingItem }) {
  const { t } = useI18n();
  if (finding.resolved_at) return <State group="findingState" state="resolved" />;
  const n = finding.days;
  const label = n ? t("findings.daysOpen", { n, count: number(n) }) : t("findings.today");
  return <Overdue label={label} />;
}

function useColumns(beside: boolean): TableProps<FindingItem>["columns"] {
  const { t, term, text } = useI18n();
  const narrow = useNarrow();
  if (narrow)
    return [
      {
        key: "card",
        title: t("findings.kind"),
        className: "z-wrap",
        render: (_, f) => <Card finding={f} />,
      },
    ];
  const few: NonNullable<TableProps<FindingItem>["columns"]> = [
    {
      key: "kind",
      title: t("findings.kind"),
      className: "z-wrap",
      render: (_, f) => (
        <>
          <b className="z-finding-kind">{term("findingKind", f.kind)}</b>
          {beside ? null : <div>{text(f.text)}</div>}
        </>
      ),
    },
    { key: "unit", title: t("field.unit"), render: (_, f) => f.unit.name },
    {
      key: "days",
      title: t("findings.days"),
      className: "z-num",
      render: (_, f) => <Open finding={f} />,
    },
  ];
  if (beside) return few;
  return [
    ...few.slice(0, 2),
    {
      key: "subject",
      title: t("findings.subject"),
      render: (_, f) => <SubjectLink subject={f.subject} />,
    },
    { key: "since", title: t("findings.since"), render: (_, f) => <Day on={f.since} /> },
    ...few.slice(2),
    {
      key: "rule",
      title: t("clock.rule"),
      render: (_, f) => <Rule id={f.rule_id} verified={f.verified} />,
    },
  ];
}
