import { Select, type TableProps } from "antd";
import { useNavigate } from "react-router";
import type { CodeItem } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { Desk } from "@/shared/ui/Desk.tsx";
import { DeskTabs } from "@/shared/ui/DeskTabs.tsx";
import { KeysetTable } from "@/shared/ui/KeysetTable.tsx";
import { LoadedNote } from "@/shared/ui/ListPage.tsx";
import { Day, Grade, Rule, When } from "@/shared/ui/marks.tsx";
import { NotFound } from "@/shared/ui/NotFound.tsx";
import { useNarrow } from "@/shared/ui/useNarrow.ts";
import { useRecordId } from "@/shared/view/useRecordId.ts";
import { useFilters, useView } from "@/shared/view/useView.ts";
import { CodePage } from "./CodePage.tsx";
import { COLOURS, useCodes } from "./queries.ts";

/** Colours of health codes, each with the epidemic reason it must have and the day it ends. */
export function Codes() {
  const { t } = useI18n();
  const id = useRecordId();
  const none = <NotFound back="/codes" name={t("desk.codes")} />;
  return (
    <Desk
      path="/codes"
      list={<CodeList chosen={id === "bad" ? null : id} />}
      detail={id === "bad" ? none : id === null ? null : <CodePage key={id} id={id} />}
    />
  );
}

function CodeList({ chosen }: { chosen: number | null }) {
  const { t, term } = useI18n();
  const [filters, setFilters] = useFilters(["colour"] as const);
  const { to } = useView();
  const go = useNavigate();
  const keyset = useCodes(filters);
  const columns = useColumns(chosen !== null);
  return (
    <section className="z-list">
      <DeskTabs desk="contacts" note={<LoadedNote keyset={keyset} />} />
      <div className="z-filters">
        <Select
          allowClear
          size="small"
          className="z-filter"
          aria-label={t("codes.anyColour")}
          placeholder={t("codes.anyColour")}
          value={filters.colour}
          onChange={(colour?: string) => setFilters({ colour: colour ?? null })}
          options={COLOURS.map((value) => ({ value, label: term("grade", value) }))}
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
