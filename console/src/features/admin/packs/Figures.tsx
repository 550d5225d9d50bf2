import { Checkbox, Input, Table } from "antd";
import type { Pack } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { Empty } from "@/shared/ui/states.tsx";
import { useFilters } from "@/shared/view/useView.ts";
import { type Row, useFigureColumns } from "./figureColumns.tsx";

/** Every figure the system applies, with its rule, its source, and whether it was read there. */
export function Figures({ pack }: { pack: Pack }) {
  const { t, text } = useI18n();
  const [filters, setFilters] = useFilters(["find", "recalled"] as const);
  const columns = useFigureColumns(pack);
  const find = (filters.find ?? "").toLowerCase();
  const rows = pack.figures
    .filter((figure) => !filters.recalled || !figure.verified)
    .filter((figure) =>
      [figure.key, figure.rule_id, text(figure.title)].some((one) =>
        one.toLowerCase().includes(find),
      ),
    );
  return (
    <>
      <div className="z-filters">
        <Input.Search
          allowClear
          size="small"
          className="z-filter-wide"
          aria-label={t("pack.find")}
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
        {pack.may_tighten.length ? (
          <span className="z-head-note">
            {t("pack.mayTighten", { keys: pack.may_tighten.join(t("expr.comma")) })}
          </span>
        ) : (
          <span className="z-head-note">{t("pack.mayNotTighten")}</span>
        )}
      </div>
      {rows.length === 0 ? (
        <Empty title={t("pack.noFigure")} hint={t("list.widen")} />
      ) : (
        <Table<Row>
          size="small"
          sticky
          pagination={false}
          rowKey="key"
          columns={columns}
          dataSource={rows}
          scroll={columns?.length === 1 ? {} : { x: 900 }}
        />
      )}
    </>
  );
}
