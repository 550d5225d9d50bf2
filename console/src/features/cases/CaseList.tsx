import type { TableProps } from "antd";
import { useNavigate } from "react-router";
import type { CaseBrief } from "@/api/types.ts";
import { number } from "@/shared/format/number.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { KeysetTable } from "@/shared/ui/KeysetTable.tsx";
import { LoadedNote, PageHead } from "@/shared/ui/ListPage.tsx";
import { Day, State, Unit, When } from "@/shared/ui/marks.tsx";
import { useFilters, useView } from "@/shared/view/useView.ts";
import { CaseFilterBar } from "./CaseFilterBar.tsx";
import { CASE_FILTERS, useCases } from "./queries.ts";

/** The line list; filters live in the URL, the pages follow the server's cursor. */
export function CaseList() {
  const { t } = useI18n();
  const [filters, setFilters] = useFilters(CASE_FILTERS);
  const { to } = useView();
  const go = useNavigate();
  const keyset = useCases(filters);
  const columns = useColumns();
  return (
    <section className="z-page z-list">
      <PageHead title={t("desk.cases")} note={<LoadedNote keyset={keyset} />} />
      <CaseFilterBar filters={filters} change={setFilters} />
      <KeysetTable<CaseBrief>
        keyset={keyset}
        rowKey="id"
        columns={columns}
        open={(row) => void go(to(`/cases/${row.id}`))}
        empty={{ title: t("cases.empty"), hint: t("list.widen") }}
      />
    </section>
  );
}

function useColumns(): TableProps<CaseBrief>["columns"] {
  const { t, term } = useI18n();
  return [
    { key: "case_no", title: t("case.no"), dataIndex: "case_no", className: "z-num" },
    {
      key: "category",
      title: t("case.category"),
      render: (_, c) => term("caseCategory", c.category),
    },
    {
      key: "state",
      title: t("field.state"),
      render: (_, c) => <State group="caseState" state={c.state} />,
    },
    { key: "county", title: t("case.county"), render: (_, c) => c.county.name },
    { key: "unit", title: t("case.unit"), render: (_, c) => <Unit unit={c.unit} /> },
    {
      key: "age",
      title: t("case.ageSex"),
      render: (_, c) => `${c.age_band} ${term("sex", c.sex)}`,
    },
    { key: "onset", title: t("case.onset"), render: (_, c) => <Day on={c.onset_date} /> },
    {
      key: "confirmed",
      title: t("case.confirmed"),
      render: (_, c) => <When at={c.confirmed_at} short />,
    },
    {
      key: "reported",
      title: t("case.reported"),
      render: (_, c) => <When at={c.reported_at} short />,
    },
    { key: "found", title: t("case.foundBy"), render: (_, c) => term("foundBy", c.found_by) },
    { key: "severity", title: t("case.severity"), render: (_, c) => term("severity", c.severity) },
    {
      key: "close",
      title: t("case.close"),
      align: "right",
      className: "z-num",
      render: (_, c) => number(c.contacts_close),
    },
    {
      key: "second",
      title: t("case.second"),
      align: "right",
      className: "z-num",
      render: (_, c) => number(c.contacts_second),
    },
    {
      key: "flags",
      title: t("case.flags"),
      render: (_, c) => c.flags.map((flag) => term("flag", flag)).join(", "),
    },
  ];
}
