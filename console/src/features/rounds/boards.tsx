import { Table, type TableProps } from "antd";
import type { RoundDetail } from "@/api/types.ts";
import { number } from "@/shared/format/number.ts";
import { useI18n } from "@/shared/i18n/context.tsx";

const RIGHT = { align: "right" as const, className: "z-num" };
type Hop = RoundDetail["hops"][number];
type Laboratory = RoundDetail["laboratories"][number];
type Area = RoundDetail["areas"][number];

/** A right-hand column of whole numbers. */
function figure<T>(key: string, title: string, of: (row: T) => number) {
  return { key, title, ...RIGHT, render: (_: unknown, row: T) => number(of(row)) };
}

/** Came = waiting + void + went on, at every hop; and whether both sides tell the same. */
export function Hops({ round }: { round: RoundDetail }) {
  const { t, term } = useI18n();
  const columns: TableProps<Hop>["columns"] = [
    { key: "hop", title: t("rounds.hop"), render: (_, row) => term("roundHop", row.hop) },
    figure<Hop>("came", t("rounds.came"), (row) => row.came),
    figure<Hop>("waiting", t("rounds.waiting"), (row) => row.waiting),
    figure<Hop>("void", t("rounds.void"), (row) => row.void),
    figure<Hop>("went", t("rounds.went"), (row) => row.went),
    figure<Hop>("gap", t("rounds.gap"), (row) => row.gap),
  ];
  return (
    <>
      <h3>{t("rounds.board")}</h3>
      <Table<Hop>
        size="small"
        pagination={false}
        rowKey="hop"
        columns={columns}
        dataSource={round.hops}
      />
    </>
  );
}

export function Laboratories({ round }: { round: RoundDetail }) {
  const { t } = useI18n();
  const columns: TableProps<Laboratory>["columns"] = [
    { key: "code", title: t("resource.labs"), render: (_, row) => row.code },
    figure<Laboratory>("received", t("rounds.came"), (row) => row.received),
    figure<Laboratory>("tested", t("rounds.tested"), (row) => row.tested),
    figure<Laboratory>("reported", t("rounds.reported"), (row) => row.reported),
    figure<Laboratory>("positive", t("rounds.positive"), (row) => row.positive),
    figure<Laboratory>("void", t("rounds.void"), (row) => row.void),
  ];
  if (round.laboratories.length === 0) return null;
  return (
    <>
      <h3>{t("rounds.byLaboratory")}</h3>
      <Table<Laboratory>
        size="small"
        pagination={false}
        rowKey="code"
        columns={columns}
        dataSource={round.laboratories}
      />
    </>
  );
}

export function Areas({ round }: { round: RoundDetail }) {
  const { t } = useI18n();
  const columns: TableProps<Area>["columns"] = [
    { key: "unit", title: t("field.unit"), render: (_, row) => row.unit.name },
    figure<Area>("sampled", t("rounds.sampled"), (row) => row.board.sampled),
    figure<Area>("in_transit", t("rounds.in_transit"), (row) => row.board.in_transit),
    figure<Area>("received", t("rounds.received"), (row) => row.board.received),
    figure<Area>("reported", t("rounds.reported"), (row) => row.board.reported),
    figure<Area>("positive", t("rounds.positive"), (row) => row.board.positive),
  ];
  if (round.areas.length === 0) return null;
  return (
    <>
      <h3>{t("rounds.byArea")}</h3>
      <Table<Area>
        size="small"
        pagination={false}
        rowKey={(row) => row.unit.code}
        columns={columns}
        dataSource={round.areas}
      />
    </>
  );
}
