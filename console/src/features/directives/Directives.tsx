import { useMemo } from "react";
import { useNavigate } from "react-router";
import { useI18n } from "@/shared/i18n/context.tsx";
import { FilterBox, FilterSelect } from "@/shared/ui/filters.tsx";
import { KeysetTable } from "@/shared/ui/KeysetTable.tsx";
import { LoadedNote, PageHead } from "@/shared/ui/ListPage.tsx";
import { RecordDesk } from "@/shared/ui/RecordDesk.tsx";
import { useNarrow } from "@/shared/ui/useMedia.ts";
import { useFilters, useView } from "@/shared/view/useView.ts";
import { useColumns } from "./columns.tsx";
import { DirectiveCards } from "./DirectiveCards.tsx";
import { DirectivePage } from "./DirectivePage.tsx";
import { useDirectives } from "./queries.ts";
import { type Node, treeOf } from "./tree.ts";

const STATES = ["issued", "received", "signed", "in_work", "reported", "closed"] as const;

export function Directives() {
  const { t } = useI18n();
  return (
    <RecordDesk
      path="/directives"
      name={t("desk.directives")}
      list={(chosen) => <DirectiveList chosen={chosen} />}
      detail={(id) => <DirectivePage id={id} />}
    />
  );
}

/** Orders as a tree: each level under the one it came from, with its receipts. */
function DirectiveList({ chosen }: { chosen: number | null }) {
  const { t } = useI18n();
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
        <FilterSelect
          wide
          any={t("filter.anyState")}
          group="directiveState"
          codes={STATES}
          value={filters.state}
          choose={(state) => setFilters({ state })}
        />
        <FilterBox
          label={t("directives.mine")}
          value={filters.mine}
          choose={(mine) => setFilters({ mine })}
        />
        <FilterBox
          label={t("directives.overdue")}
          value={filters.overdue}
          choose={(overdue) => setFilters({ overdue })}
        />
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
