import type { TableProps } from "antd";
import { useNavigate } from "react-router";
import type { CodeItem } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { DeskTabs } from "@/shared/ui/DeskTabs.tsx";
import { FilterSelect } from "@/shared/ui/filters.tsx";
import { KeysetTable } from "@/shared/ui/KeysetTable.tsx";
import { LoadedNote } from "@/shared/ui/ListPage.tsx";
import { Day, Grade, Rule, When } from "@/shared/ui/marks.tsx";
import { RecordDesk } from "@/shared/ui/RecordDesk.tsx";
import { useNarrow } from "@/shared/ui/useMedia.ts";
import { useFilters, useView } from "@/shared/view/useView.ts";
import { CodePage } from "./CodePage.tsx";
import { COLOURS, useCodes } from "./queries.ts";

/** Colours of health codes, each with the epidemic reason it must have and the day it ends. */
export function Codes() {
  const { t } = useI18n();
  return (
    <RecordDesk
      path="/codes"
      name={t("desk.codes")}
      list={(chosen) => <CodeList chosen={chosen} />}
      detail={(id) => <CodePage id={id} />}
    />
  );
}

function CodeList({ chosen }: { chosen: number | null }) {
  const { t } = useI18n();
  const [filters, setFilters] = useFilters(["colour"] as const);
  const { to } = useView();
  const go = useNavigate();
  const keyset = useCodes(filters);
  const columns = useColumns(chosen !== null);
  return (
    <section className="z-list">
      <DeskTabs desk="contacts" note={<LoadedNote keyset={keyset} />} />
      <div className="z-filters">
        <FilterSelect
          any={t("codes.anyColour")}
          group="grade"
          codes={COLOURS}
          value={filters.colour}
          choose={(colour) => setFilters({ colour })}
        />
      </div>
      <KeysetTable<CodeItem>
        keyset={keyset}
        rowKey="id"
        columns={columns}
        chosen={chosen ?? undefined}
        open={(row) => void go(to(`/codes/${row.id}`, filters))}
        empty={{ title: t("codes.empty"), hint: t("codes.emptyHint") }}
      />
    </section>
  );
}

/** For a phone all of it in one cell. */
function Card({ code }: { code: CodeItem }) {
  const { t, text } = useI18n();
  return (
    <span className="z-cell-card">
      <span className="z-row">
        <Grade grade={code.colour} /> <b>{code.person}</b> {code.unit.name}
      </span>
      <span>{text(code.reason)}</span>
      <small>
        {t("codes.until")} {code.until ? <Day on={code.until} /> : t("codes.noEnd")}
      </small>
    </span>
  );
}

function useColumns(beside: boolean): TableProps<CodeItem>["columns"] {
  const { t, term, text } = useI18n();
  const narrow = useNarrow();
  if (narrow)
    return [
      {
        key: "card",
        title: t("desk.codes"),
        className: "z-wrap",
        render: (_, c) => <Card code={c} />,
      },
    ];
  const few: NonNullable<TableProps<CodeItem>["columns"]> = [
    { key: "colour", title: t("codes.colour"), render: (_, c) => <Grade grade={c.colour} /> },
    { key: "person", title: t("contact.name"), dataIndex: "person" },
    { key: "unit", title: t("case.unit"), render: (_, c) => c.unit.name },
    {
      key: "until",
      title: t("codes.until"),
      render: (_, c) => (c.until ? <Day on={c.until} /> : t("codes.noEnd")),
    },
  ];
  if (beside) return few;
  return [
    ...few.slice(0, 3),
    {
      key: "reason",
      title: t("codes.reason"),
      className: "z-wrap",
      render: (_, c) => (
        <>
          {text(c.reason)} <Rule id={c.rule_id} verified={c.verified} />
        </>
      ),
    },
    { key: "since", title: t("codes.since"), render: (_, c) => <When at={c.since} short /> },
    ...few.slice(3),
    { key: "by", title: t("codes.setBy"), render: (_, c) => term("actor", c.set_by) },
  ];
}
