import { Checkbox, Select } from "antd";
import { useMemo } from "react";
import { useNavigate } from "react-router";
import { useI18n } from "@/shared/i18n/context.tsx";
import { Desk } from "@/shared/ui/Desk.tsx";
import { KeysetTable } from "@/shared/ui/KeysetTable.tsx";
import { LoadedNote, PageHead } from "@/shared/ui/ListPage.tsx";
import { NotFound } from "@/shared/ui/NotFound.tsx";
import { useNarrow } from "@/shared/ui/useNarrow.ts";
import { useRecordId } from "@/shared/view/useRecordId.ts";
import { useFilters, useView } from "@/shared/view/useView.ts";
import { useColumns } from "./columns.tsx";
import { DirectiveCards } from "./DirectiveCards.tsx";
import { DirectivePage } from "./DirectivePage.tsx";
import { useDirectives } from "./queries.ts";
import { type Node, treeOf } from "./tree.ts";

const STATES = ["issued", "received", "signed", "in_work", "reported", "closed"] as const;

export function Directives() {
  const { t } = useI18n();
  const id = useRecordId();
  const chosen = id === "bad" ? null : id;
  const none = <NotFound back="/directives" name={t("desk.directives")} />;
  return (
    <Desk
      path="/directives"
      list={<DirectiveList chosen={chosen} />}
      detail={id === "bad" ? none : id === null ? null : <DirectivePage key={id} id={id} />}
    />
  );
}

/** Orders as a tree: each level under the one it came from, with its receipts. */
function DirectiveList({ chosen }: { chosen: number | null }) {
  const { t, term } = useI18n();
  const [filters, setFilters] = useFilters(["state", "mine", "overdue"] as const);
  const { to } = useView();
  const go = useNavigate();
  const narrow = useNarrow();
  const keyset = useDirectives({
    ...(filters.state ? { state: filters.state } : {}),
    ...(filters.mine ? { mine: true } : {}),
    ...(filters.overdue ? { overdue: true } : {}),
  });
  const columns = useColumns(chosen !== null);
  const tree = useMemo(() => treeOf(keyset.items), [keyset.items]);
  const empty = { title: t("directives.empty"), hint: t("directives.emptyHint") };
  const open = (row: Node) => void go(to(`/directives/${row.id}`, filters));
  return (
    <section className="z-list">
      <PageHead title={t("desk.directives")} note={<LoadedNote keyset={keyset} />} />
      <div className="z-filters">
        <Select
          allowClear
          size="small"
          className="z-filter-wide"
          aria-label={t("filter.anyState")}
          placeholder={t("filter.anyState")}
          value={filters.state}
          onChange={(state?: string) => setFilters({ state: state ?? null })}
          options={STATES.map((value) => ({ value, label: term("directiveState", value) }))}
        />
        <Checkbox
          checked={Boolean(filters.mine)}
          onChange={(event) => setFilters({ mine: event.target.checked ? "true" : null })}
        >
          {t("directives.mine")}
        </Checkbox>
        <Checkbox
          checked={Boolean(filters.overdue)}
          onChange={(event) => setFilters({ overdue: event.target.checked ? "true" : null })}
        >
          {t("directives.overdue")}
        </Checkbox>
      </div>
      {narrow ? (
        <DirectiveCards keyset={keyset} empty={empty} />
      ) : (
        <KeysetTable<Node>
          key={keyset.dataUpdatedAt ? "loaded" : "loading"}
          keyset={keyset}
          rows={tree}
          rowKey="id"
          columns={columns}
          chosen={chosen ?? undefined}
          open={open}
          empty={empty}
          expandable={{ defaultExpandAllRows: true, indentSize: 14 }}
        />
      )}
    </section>
  );
}
