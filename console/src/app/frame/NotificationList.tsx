import { Skeleton } from "antd";
import type { ReactNode } from "react";
import { api, must } from "@/api/client.ts";
import type { NotificationItem } from "@/api/types.ts";
import { useFormat } from "@/shared/format/useFormat.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { MoreButton } from "@/shared/ui/ListPage.tsx";
import { Overdue } from "@/shared/ui/marks.tsx";
import { Empty, Failure } from "@/shared/ui/states.tsx";
import { useNow } from "@/shared/view/session.tsx";
import { useKeyset } from "@/shared/view/useKeyset.ts";

interface Props {
  unread: boolean;
  open: (item: NotificationItem) => void;
  mark: (item: NotificationItem) => ReactNode;
}

/** Newest first; each leads to its clock. */
export function NotificationList({ unread, open, mark }: Props) {
  const { t } = useI18n();
  const keyset = useKeyset(["notifications", "list", unread], (after) =>
    must(
      api.GET("/api/v1/notifications", {
        params: { query: { ...(unread ? { unread } : {}), ...(after ? { after } : {}) } },
      }),
    ),
  );
  if (keyset.isPending) return <Skeleton active className="z-skeleton" paragraph={{ rows: 6 }} />;
  if (keyset.error && !keyset.data)
    return <Failure error={keyset.error} retry={() => keyset.refetch()} />;
  if (keyset.items.length === 0)
    return <Empty title={t(unread ? "bell.noneUnread" : "bell.none")} hint={t("bell.noneHint")} />;
  return (
    <>
      <ol className="z-inbox">
        {keyset.items.map((item) => (
          <Row key={item.id} item={item} open={() => open(item)} mark={mark} />
        ))}
      </ol>
      <MoreButton keyset={keyset} />
    </>
  );
}

function Row({
  item,
  open,
  mark,
}: {
  item: NotificationItem;
  open: () => void;
  mark: Props["mark"];
}) {
  const { t, term, text } = useI18n();
  const { ago, due } = useFormat();
  const now = useNow();
  const { clock } = item;
  const left = due(clock.due_at, now);
  return (
    <li className={item.read_at ? "z-inbox-read" : ""}>
      <button type="button" onClick={open}>
        <b>{text(clock.name)}</b>
        <span>{text(clock.subject.label)}</span>
        <span className="z-row">
          <span className="z-tag">{term("clockStep", item.step)}</span>
          {clock.state === "overdue" ? (
            <Overdue label={left} />
          ) : clock.state === "running" ? (
            left
          ) : (
            term("clockState", clock.state)
          )}
        </span>
        {item.note ? <q>{item.note}</q> : null}
        <small>
          {t("bell.to", { unit: item.unit.name })} · {term("actor", item.by)} · {ago(item.at, now)}
        </small>
      </button>
      {item.read_at ? null : mark(item)}
    </li>
  );
}
