import { Segmented, Skeleton } from "antd";
import { useEffect } from "react";
import { useNavigate } from "react-router";
import type { ProposalBrief } from "@/api/types.ts";
import { useFormat } from "@/shared/format/useFormat.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { FilterSelect } from "@/shared/ui/filters.tsx";
import { LoadedNote, MoreButton, PageHead } from "@/shared/ui/ListPage.tsx";
import { State } from "@/shared/ui/marks.tsx";
import { Empty, Failure } from "@/shared/ui/states.tsx";
import { useNarrow } from "@/shared/ui/useMedia.ts";
import { useNow } from "@/shared/view/session.tsx";
import { useFilters, useView } from "@/shared/view/useView.ts";
import { ViewLink } from "@/shared/view/ViewLink.tsx";
import { KINDS } from "./kinds.ts";
import { useQueue } from "./queries.ts";

const STATES = ["waiting", "approved", "amended", "rejected", "all"] as const;

/** What waits for a decision, dearest to leave waiting first (the server's order). */
export function Queue({ chosen, openFirst }: { chosen: number | null; openFirst: boolean }) {
  const { t, term } = useI18n();
  const [filters, setFilters] = useFilters(["state", "kind"] as const);
  const state = filters.state ?? "waiting";
  const { to } = useView();
  const go = useNavigate();
  const narrow = useNarrow();
  const keyset = useQueue({
    ...(state === "all" ? {} : { state }),
    ...(filters.kind ? { kind: filters.kind } : {}),
  });

  // The first of the queue opens by itself: what is dearest to leave waiting is what one came for.
  const first = keyset.items[0]?.id;
  useEffect(() => {
    if (openFirst && first !== undefined && !narrow)
      void go(to(`/decisions/${first}`, filters), { replace: true });
  }, [openFirst, first, narrow, go, to, filters]);

  return (
    <section className="z-list">
      <PageHead title={t("desk.decisions")} note={<LoadedNote keyset={keyset} />} />
      <div className="z-filters">
        <Segmented
          size="small"
          aria-label={t("field.state")}
          value={state}
          onChange={(value) => setFilters({ state: value === "waiting" ? null : value })}
          options={STATES.map((value) => ({
            value,
            label: value === "all" ? t("filter.all") : term("proposalState", value),
          }))}
        />
        <FilterSelect
          wide
          any={t("decisions.anyKind")}
          group="proposalKind"
          codes={KINDS}
          value={filters.kind}
          choose={(kind) => setFilters({ kind })}
        />
      </div>
      <QueueItems keyset={keyset} chosen={chosen} filters={filters} />
    </section>
  );
}

function QueueItems({
  keyset,
  chosen,
  filters,
}: {
  keyset: ReturnType<typeof useQueue>;
  chosen: number | null;
  filters: Record<string, string | undefined>;
}) {
  const { t } = useI18n();
  if (keyset.isPending) return <Skeleton active className="z-skeleton" paragraph={{ rows: 8 }} />;
  if (keyset.error && !keyset.data)
    return <Failure error={keyset.error} retry={() => keyset.refetch()} />;
  if (keyset.items.length === 0)
    return <Empty title={t("decisions.empty")} hint={t("decisions.emptyHint")} />;
  return (
    <>
      <ol className="z-queue">
        {keyset.items.map((item) => (
          <li key={item.id}>
            <ViewLink
              path={`/decisions/${item.id}`}
              params={filters}
              className={item.id === chosen ? "z-queue-item z-chosen" : "z-queue-item"}
            >
              <QueueItem item={item} />
            </ViewLink>
          </li>
        ))}
      </ol>
      <MoreButton keyset={keyset} />
    </>
  );
}

function QueueItem({ item }: { item: ProposalBrief }) {
  const { term, text } = useI18n();
  const { ago } = useFormat();
  const now = useNow();
  return (
    <>
      <span className="z-kind">{term("proposalKind", item.kind)}</span>
      <span className="z-queue-text">
        <b>{text(item.title)}</b>
        <span className="z-queue-note">
          {item.unit.name} · {ago(item.created_at, now)}
          {item.state === "waiting" ? null : <State group="proposalState" state={item.state} />}
        </span>
        {item.waiting_cost && item.state === "waiting" ? (
          <span className="z-waiting">{text(item.waiting_cost)}</span>
        ) : null}
      </span>
    </>
  );
}
