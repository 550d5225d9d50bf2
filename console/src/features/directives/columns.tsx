import type { TableProps } from "antd";
import type { DirectiveBrief } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { State } from "@/shared/ui/marks.tsx";
import { DueMark } from "./DueMark.tsx";
import { Receipts } from "./Receipts.tsx";
import type { Node } from "./tree.ts";

/** Beside an open directive only the columns that tell them apart are kept. */
export function useColumns(beside: boolean): TableProps<Node>["columns"] {
  const { t, text } = useI18n();
  const title = {
    key: "title",
    title: t("directive.title"),
    className: "z-wrap",
    render: (_: unknown, d: DirectiveBrief) => (
      <span className="z-directive-title">
        {text(d.title).startsWith(d.to_unit.name) ? null : <b>{d.to_unit.name} </b>}
        {text(d.title)}
        <small>{d.number}</small>
      </span>
    ),
  };
  const state = {
    key: "state",
    title: t("field.state"),
    render: (_: unknown, d: DirectiveBrief) => <State group="directiveState" state={d.state} />,
  };
  const receipts = {
    key: "receipts",
    title: t("directive.receipts"),
    render: (_: unknown, d: DirectiveBrief) => <Receipts receipts={d.receipts} />,
  };
  const due = {
    key: "due",
    title: t("directive.due"),
    render: (_: unknown, d: DirectiveBrief) => <DueMark directive={d} />,
  };
  const from = {
    key: "from",
    title: t("directive.from"),
    render: (_: unknown, d: DirectiveBrief) => d.from_unit.name,
  };
  return beside ? [title, state, due] : [title, from, state, receipts, due];
}
