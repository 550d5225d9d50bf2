import { SafetyCertificateOutlined } from "@ant-design/icons";
import { Alert, Button, Input, type TableProps } from "antd";
import type { AuditItem } from "@/api/types.ts";
import { number } from "@/shared/format/number.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { KeysetTable } from "@/shared/ui/KeysetTable.tsx";
import { LoadedNote } from "@/shared/ui/ListPage.tsx";
import { When } from "@/shared/ui/marks.tsx";
import { useTold } from "@/shared/ui/useTold.ts";
import { useFilters } from "@/shared/view/useView.ts";
import { useAudit, useVerifyAudit } from "./queries.ts";

const NAMES = ["actor", "action", "object"] as const;

/** Who did what, when; append-only, and the chain of hashes can be checked here. */
export function Audit() {
  const { t, term } = useI18n();
  const [filters, setFilters] = useFilters(NAMES);
  const keyset = useAudit(filters);
  const verify = useVerifyAudit();
  const told = useTold();
  const columns: TableProps<AuditItem>["columns"] = [
    { key: "seq", title: t("audit.seq"), dataIndex: "seq", width: 80, className: "z-num" },
    { key: "at", title: t("audit.at"), width: 150, render: (_, a) => <When at={a.at} /> },
    { key: "actor", title: t("audit.actor"), width: 130, render: (_, a) => term("actor", a.actor) },
    {
      key: "action",
      title: t("audit.action"),
      width: 190,
      render: (_, a) => term("action", a.action),
    },
    {
      key: "object",
      title: t("audit.object"),
      dataIndex: "object",
      width: 180,
      className: "z-code",
    },
    {
      key: "facts",
      title: t("audit.facts"),
      className: "z-code",
      render: (_, a) => JSON.stringify(a.facts),
    },
    {
      key: "hash",
      title: t("audit.hash"),
      width: 110,
      className: "z-code",
      render: (_, a) => <span title={a.hash}>{a.hash.slice(0, 10)}</span>,
    },
  ];
  return (
    <>
      <div className="z-filters">
        {NAMES.map((name) => (
          <Input.Search
            key={name}
            allowClear
            size="small"
            className="z-filter"
            placeholder={t(`audit.${name}`)}
            defaultValue={filters[name] ?? ""}
            onSearch={(v) => setFilters({ [name]: v || null })}
          />
        ))}
        <span className="z-head-note">
          <LoadedNote keyset={keyset} />
        </span>
        <Button
          size="small"
          icon={<SafetyCertificateOutlined />}
          loading={verify.isPending}
          onClick={() => verify.mutate(undefined, { onError: told.failed })}
        >
          {t("audit.verify")}
        </Button>
      </div>
      {verify.data ? (
        <Alert
          className="z-gap"
          showIcon
          type={verify.data.ok ? "success" : "error"}
          title={
            verify.data.ok
              ? t("audit.intact", { n: number(verify.data.checked) })
              : t("audit.broken", { seq: verify.data.first_bad ?? 0 })
          }
        />
      ) : null}
      <KeysetTable<AuditItem>
        keyset={keyset}
        rowKey="seq"
        columns={columns}
        empty={{ title: t("audit.empty"), hint: t("list.widen") }}
      />
    </>
  );
}
