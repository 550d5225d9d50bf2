import { Button, Segmented, Table, type TableProps } from "antd";
import { useState } from "react";
import { number } from "@/shared/format/number.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { DeskTabs } from "@/shared/ui/DeskTabs.tsx";
import { Answered, Empty } from "@/shared/ui/states.tsx";
import { useMay } from "@/shared/view/session.tsx";
import { useFilters, useView } from "@/shared/view/useView.ts";
import { Conversions } from "./Conversions.tsx";
import { ConvertDialog } from "./ConvertDialog.tsx";
import { type Total, totals } from "./kinds.ts";
import { useReadiness } from "./queries.ts";

const HOURS = [6, 12, 24, 72] as const;
const DAY = 24;
const RIGHT = { align: "right" as const, className: "z-num" };

/** What is open, what could be within some hours, and what emergency use would add. */
export function Readiness() {
  const { t } = useI18n();
  const { asOf } = useView();
  const may = useMay("resource.write") && !asOf;
  const [filters, setFilters] = useFilters(["hours"] as const);
  const hours = HOURS.find((one) => String(one) === filters.hours) ?? DAY;
  const ready = useReadiness(hours);
  const [turning, setTurning] = useState(false);
  return (
    <section className="z-page z-list">
      <DeskTabs desk="resources">
        {may ? (
          <Button size="small" onClick={() => setTurning(true)}>
            {t("registry.convert")}
          </Button>
        ) : null}
      </DeskTabs>
      <div className="z-filters">
        <Segmented<number>
          size="small"
          aria-label={t("registry.within")}
          value={hours}
          onChange={(value) => setFilters({ hours: String(value) })}
          options={HOURS.map((n) => ({ value: n, label: t("registry.withinH", { n }) }))}
        />
        <span className="z-head-note">{t("registry.readyHint")}</span>
      </div>
      <Answered query={ready} rows={10}>
        {(data) =>
          data.rows.length === 0 ? (
            <Empty title={t("registry.empty")} hint={t("registry.emptyHint")} />
          ) : (
            <ReadyTable rows={data.rows} />
          )
        }
      </Answered>
      <Conversions may={may} />
      {turning ? <ConvertDialog close={() => setTurning(false)} /> : null}
    </section>
  );
}

function ReadyTable({ rows }: { rows: Parameters<typeof totals>[0] }) {
  const columns = useColumns();
  const { t } = useI18n();
  return (
    <Table<Total>
      size="small"
      pagination={false}
      rowKey={(one) => `${one.kind}/${one.pool}`}
      dataSource={totals(rows)}
      columns={columns}
      expandable={{
        columnTitle: <span className="z-unseen">{t("registry.byUnit")}</span>,
        expandedRowRender: (one) => (
          <table className="z-plain" aria-label={t("registry.byUnit")}>
            <tbody>
              {rows
                .filter((row) => row.kind === one.kind && row.pool === one.pool)
                .map((row) => (
                  <tr key={row.unit.code}>
                    <th scope="row">{row.unit.name}</th>
                    <td className="z-num">
                      {t("registry.unitLine", {
                        open: number(row.open),
                        held: number(row.held),
                        opening: number(row.opening),
                        emergency: number(row.emergency),
                      })}
                    </td>
                  </tr>
                ))}
            </tbody>
          </table>
        ),
      }}
    />
  );
}

function useColumns(): TableProps<Total>["columns"] {
  const { t, term } = useI18n();
  const figure = (key: "things" | "open" | "held" | "opening" | "emergency", title: string) => ({
    key,
    title,
    ...RIGHT,
    render: (_: unknown, one: Total) => number(one[key]),
  });
  return [
    { key: "kind", title: t("resource.kind"), render: (_, one) => term("thingKind", one.kind) },
    { key: "pool", title: t("registry.pools"), render: (_, one) => term("pool", one.pool) },
    figure("things", t("registry.things")),
    figure("open", t("registry.open")),
    figure("held", t("registry.held")),
    figure("opening", t("registry.opening")),
    figure("emergency", t("registry.emergency")),
  ];
}
