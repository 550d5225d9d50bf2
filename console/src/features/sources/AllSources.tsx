import { Skeleton } from "antd";
import { useMemo } from "react";
import { number } from "@/shared/format/number.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { Empty, Failure } from "@/shared/ui/states.tsx";
import { useAllSources } from "./queries.ts";
import { SourceMark } from "./SourceMark.tsx";
import { SourceMatrix } from "./SourceMatrix.tsx";
import { having, rowsOf, type SourceState, STATES, STREAMS, tally } from "./states.ts";

interface Props {
  filters: { stream?: string; state?: string };
  chosen: string | undefined;
  open: (id: string) => void;
  choose: (state: SourceState | null) => void;
}

/** How many sources are in each state, and the matrix of those asked for. */
export function AllSources({ filters, chosen, open, choose }: Props) {
  const { t } = useI18n();
  const keyset = useAllSources();
  const rows = useMemo(() => rowsOf(keyset.items), [keyset.items]);
  const streams = filters.stream ? [filters.stream] : STREAMS;
  if (keyset.error) return <Failure error={keyset.error} retry={() => keyset.refetch()} />;
  if (keyset.isPending || keyset.hasNextPage)
    return (
      <>
        <p className="z-hint">{t("sources.reading")}</p>
        <Skeleton active title={false} paragraph={{ rows: 10 }} className="z-skeleton" />
      </>
    );
  if (rows.length === 0) return <Empty title={t("sources.none")} hint={t("sources.noneHint")} />;
  const counts = tally(rows, streams);
  const shown = having(rows, streams, filters.state);
  return (
    <div className={keyset.isPlaceholderData ? "z-stale" : ""}>
      <div className="z-sourcetotals">
        {STATES.map((state) => (
          <button
            key={state}
            type="button"
            className={`z-sourcetotal z-sourcecell-${state}`}
            aria-pressed={filters.state === state}
            onClick={() => choose(filters.state === state ? null : state)}
          >
            <SourceMark state={state} />
            <b className="z-num">{number(counts[state])}</b>
          </button>
        ))}
        <span className="z-head-note">{t("sources.counties", { n: shown.length })}</span>
      </div>
      {shown.length === 0 ? (
        <Empty title={t("sources.empty")} hint={t("sources.emptyHint")} />
      ) : (
        <SourceMatrix rows={shown} streams={streams} chosen={chosen} open={open} />
      )}
    </div>
  );
}
