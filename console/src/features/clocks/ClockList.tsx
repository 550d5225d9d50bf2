import { Skeleton } from "antd";
import { useI18n } from "@/shared/i18n/context.tsx";
import { MoreButton } from "@/shared/ui/ListPage.tsx";
import { Empty, Failure } from "@/shared/ui/states.tsx";
import type { Chosen } from "./buckets.ts";
import { ClockRow } from "./ClockRow.tsx";
import { useClockList } from "./queries.ts";

/** Exactly what a number of the wall counts, most urgent first. */
export function ClockList({ chosen, open }: { chosen: Chosen; open: (id: number) => void }) {
  const { t } = useI18n();
  const keyset = useClockList(chosen);
  if (keyset.isPending) return <Skeleton active className="z-skeleton" paragraph={{ rows: 8 }} />;
  if (keyset.error && !keyset.data)
    return <Failure error={keyset.error} retry={() => keyset.refetch()} />;
  if (keyset.items.length === 0)
    return <Empty title={t("clocks.emptyList")} hint={t("clocks.emptyListHint")} />;
  return (
    <div className={keyset.isPlaceholderData ? "z-stale" : ""}>
      <div className="z-clockrow z-clockrow-head" aria-hidden="true">
        <span>{t("clocks.what")}</span>
        <span>{t("clocks.owner")}</span>
        <span>{t("clocks.due")}</span>
        <span>{t("clocks.share")}</span>
        <span />
      </div>
      <ol className="z-clockrows">
        {keyset.items.map((clock) => (
          <ClockRow key={clock.id} clock={clock} open={() => open(clock.id)} />
        ))}
      </ol>
      <MoreButton keyset={keyset} />
    </div>
  );
}
