import type { TableProps } from "antd";
import type { Letter } from "@/api/types.ts";
import { number } from "@/shared/format/number.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { ViewLink } from "@/shared/view/ViewLink.tsx";
import { LetterDue } from "./LetterDue.tsx";
import { Rule, State, When } from "./marks.tsx";

type Columns = NonNullable<TableProps<Letter>["columns"]>;

/** Letters as rows; beside an open letter only what tells them apart, on a case page not the case. */
export function useLetterColumns(where: "list" | "beside" | "of-case"): Columns {
  const { t, term } = useI18n();
  const no: Columns[number] = {
    key: "no",
    title: t("letter.no"),
    render: (_, l) =>
      where === "of-case" ? <ViewLink path={`/letters/${l.id}`}>{l.no}</ViewLink> : <b>{l.no}</b>,
  };
  const to: Columns[number] = { key: "to", title: t("letter.to"), render: (_, l) => l.to.name };
  const state: Columns[number] = {
    key: "state",
    title: t("field.state"),
    render: (_, l) => <State group="letterState" state={l.state} />,
  };
  const due: Columns[number] = {
    key: "due",
    title: t("letter.due"),
    render: (_, l) => (
      <>
        <LetterDue letter={l} /> <Rule id={l.rule_id} verified={l.verified} />
      </>
    ),
  };
  const persons: Columns[number] = {
    key: "persons",
    title: t("letter.persons"),
    align: "right",
    className: "z-num",
    render: (_, l) => number(l.persons),
  };
  const from: Columns[number] = {
    key: "from",
    title: t("letter.from"),
    render: (_, l) => l.from.name,
  };
  const about: Columns[number] = {
    key: "case",
    title: t("search.case"),
    render: (_, l) => <ViewLink path={`/cases/${l.case.id}`}>{l.case.case_no}</ViewLink>,
  };
  const kind: Columns[number] = {
    key: "kind",
    title: t("letter.kind"),
    render: (_, l) => (
      <>
        {term("letterKind", l.kind)}{" "}
        {l.supplement_to ? <small>{t("letter.supplement", { no: l.supplement_to })}</small> : null}
      </>
    ),
  };
  const made: Columns[number] = {
    key: "made",
    title: t("letter.made"),
    render: (_, l) => <When at={l.made_at} short />,
  };
  switch (where) {
    case "beside":
      return [no, about, to, persons, state];
    case "of-case":
      return [no, kind, to, persons, made, state, due];
    case "list":
      return [no, kind, about, from, to, persons, made, state, due];
  }
}
