import { Select, Switch, Table, type TableProps } from "antd";
import { useNavigate } from "react-router";
import type { PackBrief } from "@/api/types.ts";
import { number } from "@/shared/format/number.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { Day } from "@/shared/ui/marks.tsx";
import { Answered, Empty } from "@/shared/ui/states.tsx";
import { useNarrow } from "@/shared/ui/useNarrow.ts";
import { useFilters, useView } from "@/shared/view/useView.ts";
import { ViewLink } from "@/shared/view/ViewLink.tsx";
import { usePacks } from "./queries.ts";

const addressOf = (pack: PackBrief): string => `/admin/packs/${encodeURIComponent(pack.id)}`;

/** Every pack, those in force first; how many of its figures were read in a source. */
export function Packs() {
  const packs = usePacks();
  return <Answered query={packs}>{(data) => <PackList packs={data} />}</Answered>;
}

function PackList({ packs }: { packs: PackBrief[] }) {
  const { t, term } = useI18n();
  const [filters, setFilters] = useFilters(["topic", "past"] as const);
  const { to } = useView();
  const go = useNavigate();
  const columns = useColumns();
  const narrow = useNarrow();
  const topics = [...new Set(packs.map((pack) => pack.topic))].sort();
  const shown = packs
    .filter((pack) => !filters.topic || pack.topic === filters.topic)
    .filter((pack) => filters.past || pack.in_force)
    .sort((a, b) => Number(b.in_force) - Number(a.in_force) || a.disease.localeCompare(b.disease));
  const open = (pack: PackBrief) => void go(to(addressOf(pack)));
  return (
    <>
      <div className="z-filters">
        <Select
          allowClear
          size="small"
          className="z-filter-wide"
          aria-label={t("packs.anyTopic")}
          placeholder={t("packs.anyTopic")}
          value={filters.topic}
          onChange={(v?: string) => setFilters({ topic: v ?? null })}
          options={topics.map((value) => ({ value, label: term("packTopic", value) }))}
        />
        {/* biome-ignore lint/a11y/noLabelWithoutControl: the switch inside is the control */}
        <label className="z-row">
          <Switch
            size="small"
            checked={Boolean(filters.past)}
            onChange={(on) => setFilters({ past: on ? "1" : null })}
          />
          {t("packs.showPast")}
        </label>
        <span className="z-head-note">
          {t("packs.count", {
            n: number(shown.length),
            force: number(packs.filter((pack) => pack.in_force).length),
          })}
        </span>
      </div>
      {shown.length === 0 ? (
        <Empty title={t("pack.none")} hint={t("packs.emptyHint")} />
      ) : (
        <Table<PackBrief>
          size="small"
          sticky
          pagination={false}
          rowKey="id"
          columns={columns}
          dataSource={shown}
          scroll={narrow ? {} : { x: "max-content" }}
          onRow={(pack) => ({ className: "z-open", onClick: () => open(pack) })}
        />
      )}
    </>
  );
}

/** For a phone all of it in one cell. */
function Card({ pack }: { pack: PackBrief }) {
  const { t, term, text } = useI18n();
  return (
    <span className="z-cell-card">
      <b>
        <ViewLink path={addressOf(pack)} onClick={(event) => event.stopPropagation()}>
          {text(pack.edition)}
        </ViewLink>
      </b>
      <small>
        {term("disease", pack.disease)} · {term("packTopic", pack.topic)} ·{" "}
        {t(pack.in_force ? "packs.inForce" : "packs.notInForce")}
      </small>
      <Verified of={pack.figures} read={pack.verified_figures} />
    </span>
  );
}

function useColumns(): TableProps<PackBrief>["columns"] {
  const { t, term, text } = useI18n();
  const narrow = useNarrow();
  if (narrow)
    return [
      {
        key: "card",
        title: t("packs.edition"),
        className: "z-wrap",
        render: (_, p) => <Card pack={p} />,
      },
    ];
  return [
    {
      key: "edition",
      title: t("packs.edition"),
      className: "z-wrap",
      render: (_, pack) => (
        <>
          <ViewLink path={addressOf(pack)} onClick={(event) => event.stopPropagation()}>
            {text(pack.edition)}
          </ViewLink>
          <div className="z-code">{pack.version ?? pack.id}</div>
        </>
      ),
    },
    { key: "disease", title: t("packs.disease"), render: (_, p) => term("disease", p.disease) },
    { key: "topic", title: t("packs.topic"), render: (_, p) => term("packTopic", p.topic) },
    {
      key: "force",
      title: t("packs.force"),
      render: (_, pack) => (
        <span className={pack.in_force ? "z-tag z-tag-go" : "z-tag z-tag-done"}>
          {t(pack.in_force ? "packs.inForce" : "packs.notInForce")}
        </span>
      ),
    },
    {
      key: "dates",
      title: t("packs.dates"),
      render: (_, pack) => (
        <>
          <Day on={pack.effective_from} /> –{" "}
          {pack.effective_to ? <Day on={pack.effective_to} /> : t("pack.open")}
        </>
      ),
    },
    {
      key: "verified",
      title: t("packs.verified"),
      render: (_, pack) => <Verified of={pack.figures} read={pack.verified_figures} />,
    },
  ];
}

/** How many figures were read in a source, of how many: a bar doubled by its numbers. */
export function Verified({ of, read }: { of: number; read: number }) {
  const share = of ? (100 * read) / of : 0;
  return (
    <span className="z-share">
      <span className="z-bar" aria-hidden="true">
        <i className="z-bar-full" style={{ width: `${share}%` }} />
      </span>
      <span className="z-num">
        {number(read)} / {number(of)}
      </span>
    </span>
  );
}
