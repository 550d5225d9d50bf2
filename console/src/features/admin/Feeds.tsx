import { DownloadOutlined } from "@ant-design/icons";
import { Table, type TableProps } from "antd";
import type { FeedItem, FeedState } from "@/api/types.ts";
import { number } from "@/shared/format/number.ts";
import { useFormat } from "@/shared/format/useFormat.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { KeysetTable } from "@/shared/ui/KeysetTable.tsx";
import { LoadedNote } from "@/shared/ui/ListPage.tsx";
import { Day, Overdue, State, When } from "@/shared/ui/marks.tsx";
import { Answered } from "@/shared/ui/states.tsx";
import { useNow } from "@/shared/view/session.tsx";
import { useFeedSources, useFeeds } from "./queries.ts";

const RIGHT = { align: "right" as const, className: "z-num", width: 96 };

/** What came in: per feed how fresh it is, per file what was accepted and what went back. */
export function Feeds() {
  const { t } = useI18n();
  const keyset = useFeeds();
  const sources = useFeedSources();
  return (
    <>
      <h3>{t("feeds.sources")}</h3>
      <Answered query={sources}>{(data) => <Sources feeds={data} />}</Answered>
      <h3>
        {t("feeds.files")}{" "}
        <small>
          <LoadedNote keyset={keyset} />
        </small>
      </h3>
      <KeysetTable<FeedItem>
        keyset={keyset}
        rowKey="id"
        columns={useFileColumns()}
        empty={{ title: t("feeds.empty"), hint: t("feeds.emptyHint") }}
      />
    </>
  );
}

function Sources({ feeds }: { feeds: FeedState[] }) {
  const { t, term } = useI18n();
  const { ago } = useFormat();
  const now = useNow();
  const columns: TableProps<FeedState>["columns"] = [
    { key: "feed", title: t("feeds.feed"), render: (_, f) => term("feed", f.feed) },
    { key: "sender", title: t("feeds.sender"), dataIndex: "sender" },
    { key: "day", title: t("feeds.lastDay"), render: (_, f) => <Day on={f.last_data_date} /> },
    {
      key: "received",
      title: t("feeds.lastReceived"),
      render: (_, f) => (f.last_received_at ? ago(f.last_received_at, now) : t("feeds.never")),
    },
    { key: "rows", title: t("feeds.rows"), ...RIGHT, render: (_, f) => number(f.rows) },
    { key: "rejected", title: t("feeds.rejected"), ...RIGHT, render: (_, f) => number(f.rejected) },
    {
      key: "late",
      title: "",
      width: 90,
      render: (_, f) => (f.late ? <Overdue label={t("feeds.late")} /> : null),
    },
  ];
  return (
    <Table
      size="small"
      pagination={false}
      rowKey={(f) => `${f.feed}-${f.sender}`}
      columns={columns}
      dataSource={feeds}
    />
  );
}

function useFileColumns(): TableProps<FeedItem>["columns"] {
  const { t, term, text } = useI18n();
  return [
    {
      key: "name",
      title: t("feeds.file"),
      render: (_, f) => <span title={f.sha256 ?? undefined}>{f.name}</span>,
    },
    { key: "kind", title: t("feeds.feed"), render: (_, f) => term("feed", f.kind) },
    { key: "sender", title: t("feeds.sender"), dataIndex: "sender" },
    {
      key: "received",
      title: t("feeds.receivedAt"),
      width: 110,
      render: (_, f) => <When at={f.received_at} short />,
    },
    { key: "in", title: t("feeds.rowsIn"), ...RIGHT, render: (_, f) => number(f.rows_in) },
    { key: "accepted", title: t("feeds.accepted"), ...RIGHT, render: (_, f) => number(f.accepted) },
    {
      key: "rejected",
      title: t("feeds.rejected"),
      ...RIGHT,
      render: (_, f) => <span className={f.rejected ? "z-worse" : ""}>{number(f.rejected)}</span>,
    },
    {
      key: "duplicates",
      title: t("feeds.duplicates"),
      ...RIGHT,
      render: (_, f) => number(f.duplicates),
    },
    { key: "flagged", title: t("feeds.flagged"), ...RIGHT, render: (_, f) => number(f.flagged) },
    {
      key: "state",
      title: t("field.state"),
      width: 100,
      render: (_, f) => <State group="feedState" state={f.state} />,
    },
    {
      key: "reason",
      title: t("feeds.repair"),
      render: (_, f) =>
        f.has_repair ? (
          <a href={`/api/v1/feeds/${f.id}/repair`}>
            <DownloadOutlined /> {t("feeds.repairFile")}
          </a>
        ) : (
          text(f.reason)
        ),
    },
  ];
}
