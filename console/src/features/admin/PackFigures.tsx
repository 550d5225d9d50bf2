import { Checkbox, Input, Table, type TableProps } from "antd";
import type { Pack } from "@/api/types.ts";
import { number } from "@/shared/format/number.ts";
import { useFormat } from "@/shared/format/useFormat.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { Rule } from "@/shared/ui/marks.tsx";
import { Answered, Empty } from "@/shared/ui/states.tsx";
import { useSession } from "@/shared/view/session.tsx";
import { useFilters } from "@/shared/view/useView.ts";
import { usePack } from "./queries.ts";

type Row = Pack["figures"][number];

/** Every figure the system applies, with its rule, its source, and whether it was read there. */
export function PackFigures() {
  const { t } = useI18n();
  const { incident } = useSession();
  const [filters] = useFilters(["pack"] as const);
  const id = filters.pack ?? incident?.pack;
  return id ? <Figures id={id} /> : <Empty title={t("pack.none")} />;
}

function said(value: Row["value"]): string {
  if (Array.isArray(value)) return value.map((one) => said(one)).join(", ");
  if (typeof value === "object" && value !== null) return JSON.stringify(value);
  return typeof value === "number" ? number(value) : String(value);
}

function Figures({ id }: { id: string }) {
  const { t, text } = useI18n();
  const { unit } = useFormat();
  const pack = usePack(id);
  const [filters, setFilters] = useFilters(["find", "recalled"] as const);
  const find = (filters.find ?? "").toLowerCase();
  const columns: TableProps<Row>["columns"] = [
    {
      key: "key",
      title: t("pack.key"),
      render: (_, f) => (
        <>
          {text(f.title)} <span className="z-code">{f.key}</span>
        </>
      ),
    },
    {
      key: "value",
      width: 130,
      title: t("pack.value"),
      className: "z-num",
      render: (_, f) => `${said(f.value)} ${unit(f.unit)}`,
    },
    {
      key: "rule",
      title: t("pack.rule"),
      width: 150,
      render: (_, f) => <Rule id={f.rule_id} verified={f.verified} />,
    },
    {
      key: "verified",
      title: t("pack.verified"),
      width: 110,
      render: (_, f) => t(f.verified ? "rule.verifiedShort" : "rule.recalledShort"),
    },
    { key: "source", title: t("pack.source"), dataIndex: "source", width: "24%" },
    { key: "note", title: t("pack.note"), dataIndex: "note", width: "22%" },
  ];
  return (
    <Answered query={pack} rows={12}>
      {(data) => {
        const rows = data.figures.filter(
          (f) =>
            (!filters.recalled || !f.verified) &&
            (!find ||
              f.key.toLowerCase().includes(find) ||
              f.rule_id.toLowerCase().includes(find) ||
              text(f.title).toLowerCase().includes(find)),
        );
        return (
          <>
            <p className="z-head-note">
              <b>{data.version}</b> · {text(data.edition)} · {data.effective_from} –{" "}
              {data.effective_to ?? t("pack.open")} ·{" "}
              {t("pack.count", {
                n: rows.length,
                unverified: data.figures.filter((f) => !f.verified).length,
              })}
            </p>
            <div className="z-filters">
              <Input.Search
                allowClear
                size="small"
                className="z-filter-wide"
                placeholder={t("pack.find")}
                defaultValue={filters.find ?? ""}
                onSearch={(v) => setFilters({ find: v || null })}
              />
              <Checkbox
                checked={Boolean(filters.recalled)}
                onChange={(event) => setFilters({ recalled: event.target.checked ? "1" : null })}
              >
                {t("pack.onlyRecalled")}
              </Checkbox>
            </div>
            <Table
              size="small"
              sticky
              pagination={false}
              rowKey="key"
              columns={columns}
              dataSource={rows}
            />
          </>
        );
      }}
    </Answered>
  );
}
