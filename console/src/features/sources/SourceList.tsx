import type { TableProps } from "antd";
import type { SourceItem } from "@/api/types.ts";
import { number, percent } from "@/shared/format/number.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { KeysetTable } from "@/shared/ui/KeysetTable.tsx";
import { LoadedNote } from "@/shared/ui/ListPage.tsx";
import { Day, When } from "@/shared/ui/marks.tsx";
import { useSources } from "./queries.ts";
import { At } from "./SourceDrawer.tsx";
import { SourceMark } from "./SourceMark.tsx";

interface Props {
  filters: { stream?: string; state?: string };
  chosen: string | undefined;
  open: (id: string) => void;
}

export function SourceList({ filters, chosen, open }: Props) {
  const { t } = useI18n();
  const keyset = useSources(filters);
  return (
    <>
      <p className="z-head-note">
        <LoadedNote keyset={keyset} />
      </p>
      <KeysetTable<SourceItem>
        keyset={keyset}
        rowKey="id"
        columns={useColumns()}
        chosen={chosen}
        open={(row) => open(row.id)}
        empty={{ title: t("sources.empty"), hint: t("sources.emptyHint") }}
      />
    </>
  );
}

const RIGHT = { align: "right" as const, className: "z-num" };

function useColumns(): TableProps<SourceItem>["columns"] {
  const { t, term } = useI18n();
  return [
    { key: "unit", title: t("sources.county"), render: (_, s) => s.unit.name },
    { key: "stream", title: t("sources.stream"), render: (_, s) => term("stream", s.stream) },
    { key: "state", title: t("field.state"), render: (_, s) => <SourceMark state={s.state} /> },
    { key: "since", title: t("sources.since"), render: (_, s) => <Day on={s.since} /> },
    {
      key: "completeness",
      title: t("sources.completeness"),
      ...RIGHT,
      render: (_, s) => (s.completeness === null ? "–" : percent(s.completeness)),
    },
    {
      key: "reports",
      title: t("sources.reports"),
      ...RIGHT,
      render: (_, s) =>
        s.expected === null ? "–" : `${number(s.received)} / ${number(s.expected)}`,
    },
    { key: "sites", title: t("sources.sites"), ...RIGHT, render: (_, s) => number(s.sites) },
    {
      key: "delay",
      title: t("sources.delay"),
      render: (_, s) =>
        s.delay_h ? (
          <>
            <At hours={s.delay_h.median} /> / <At hours={s.delay_h.p90} />
          </>
        ) : (
          "–"
        ),
    },
    { key: "day", title: t("sources.lastDay"), render: (_, s) => <Day on={s.last_day} /> },
    { key: "at", title: t("sources.lastAt"), render: (_, s) => <When at={s.last_at} short /> },
    { key: "sender", title: t("sources.sender"), dataIndex: "sender" },
  ];
}
