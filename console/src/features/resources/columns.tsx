import type { TableProps } from "antd";
import { number } from "@/shared/format/number.ts";
import { day } from "@/shared/format/time.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { Day, Overdue, When } from "@/shared/ui/marks.tsx";
import { useNow } from "@/shared/view/session.tsx";
import { useView } from "@/shared/view/useView.ts";
import type { Items, Kind } from "./queries.ts";
import { Share } from "./Share.tsx";

type Columns = { [K in Kind]: NonNullable<TableProps<Items[K]>["columns"]> };
/** Findings about prices whose value is days, not a share. */
const COUNTS_DAYS: ReadonlySet<string> = new Set(["missing", "out_of_stock"]);
const share = (value: number) => `${number(Math.round(value * 1000) / 10)} %`;
const yuan = (value: number | null) => (value === null ? "–" : value.toFixed(2));
const RIGHT = { align: "right" as const, className: "z-num" };

export function useColumns(): Columns {
  const { t, term } = useI18n();
  const now = useNow();
  const { asOf } = useView();
  const today = day(asOf ?? new Date(now).toISOString());
  const unit = {
    key: "unit",
    title: t("field.unit"),
    render: (_: unknown, row: { unit: { name: string } }) => row.unit.name,
  };
  const name = {
    key: "name",
    title: t("field.name"),
    render: (_: unknown, row: { name: string }) => row.name,
  };
  const updated = {
    key: "updated",
    title: t("resource.reported"),
    render: (_: unknown, row: { updated_at: string | null }) => <When at={row.updated_at} short />,
  };
  const amount = (why: string, value: number) =>
    COUNTS_DAYS.has(why) ? t("price.days", { n: number(value) }) : share(value);
  const told = (p: Items["prices"]) => amount(p.why, p.value);
  const limit = (p: Items["prices"]) => amount(p.why, p.limit);
  return {
    sites: [
      name,
      unit,
      {
        key: "rooms",
        title: t("resource.rooms"),
        render: (_, s) => <Share free={s.rooms_free} total={s.rooms_total} />,
      },
      updated,
    ],
    hospitals: [
      name,
      { key: "tier", title: t("resource.tier"), render: (_, h) => term("tier", h.tier) },
      unit,
      {
        key: "beds",
        title: t("resource.beds"),
        render: (_, h) => <Share free={h.beds_free} total={h.beds_total} />,
      },
      {
        key: "icu",
        title: t("resource.icu"),
        render: (_, h) => <Share free={h.icu_free} total={h.icu_total} />,
      },
      updated,
    ],
    vehicles: [
      { key: "plate", title: t("resource.vehicle"), dataIndex: "plate" },
      { key: "kind", title: t("resource.kind"), render: (_, v) => term("vehicleKind", v.kind) },
      { key: "depot", title: t("resource.depot"), dataIndex: "depot" },
      unit,
      { key: "seats", title: t("resource.seats"), ...RIGHT, render: (_, v) => number(v.seats) },
      {
        key: "state",
        title: t("field.state"),
        render: (_, v) => term("vehicleState", v.state),
      },
    ],
    stocks: [
      { key: "item", title: t("resource.item"), render: (_, s) => term("item", s.item) },
      { key: "store", title: t("resource.store"), dataIndex: "store" },
      unit,
      {
        key: "quantity",
        title: t("resource.quantity"),
        ...RIGHT,
        render: (_, s) => `${number(s.quantity)} ${s.measure}`,
      },
      {
        key: "use",
        title: t("resource.dailyUse"),
        ...RIGHT,
        render: (_, s) => (s.daily_use === null ? "–" : number(s.daily_use)),
      },
      {
        key: "cover",
        title: t("resource.cover"),
        ...RIGHT,
        render: (_, s) =>
          s.days_of_cover === null ? "–" : number(Math.round(s.days_of_cover * 10) / 10),
      },
      {
        key: "expires",
        title: t("resource.expires"),
        render: (_, s) =>
          s.expires_on && s.expires_on < today ? (
            <Overdue label={t("resource.expired", { day: s.expires_on })} />
          ) : (
            <Day on={s.expires_on} />
          ),
      },
    ],
    prices: [
      { key: "why", title: t("price.why"), render: (_, p) => term("priceWhy", p.why) },
      { key: "item", title: t("resource.item"), render: (_, p) => term("item", p.item) },
      { key: "point", title: t("price.point"), render: (_, p) => p.point },
      unit,
      { key: "value", title: t("price.value"), ...RIGHT, render: (_, p) => told(p) },
      { key: "limit", title: t("price.limit"), ...RIGHT, render: (_, p) => limit(p) },
      { key: "yuan", title: t("price.yuan"), ...RIGHT, render: (_, p) => yuan(p.yuan) },
      { key: "against", title: t("price.against"), ...RIGHT, render: (_, p) => yuan(p.against) },
      {
        key: "stands",
        title: t("price.stands"),
        ...RIGHT,
        render: (_, p) => (p.stands_on === null ? "–" : number(p.stands_on)),
      },
      { key: "on", title: t("price.on"), render: (_, p) => <Day on={p.on} /> },
    ],
    points: [
      name,
      unit,
      { key: "desks", title: t("resource.desks"), ...RIGHT, render: (_, p) => number(p.desks) },
    ],
    labs: [
      name,
      unit,
      {
        key: "tubes",
        title: t("resource.tubes"),
        ...RIGHT,
        render: (_, l) => number(l.tubes_per_day),
      },
    ],
  };
}
