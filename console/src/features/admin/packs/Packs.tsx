import { Switch, Table } from "antd";
import { useNavigate } from "react-router";
import type { PackBrief } from "@/api/types.ts";
import { number } from "@/shared/format/number.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { FilterSelect } from "@/shared/ui/filters.tsx";
import { Answered, Empty } from "@/shared/ui/states.tsx";
import { useNarrow } from "@/shared/ui/useMedia.ts";
import { useFilters, useView } from "@/shared/view/useView.ts";
import { addressOf, usePackColumns } from "./packColumns.tsx";
import { usePacks } from "./queries.ts";

/** Every pack, those in force first; how many of its figures were read in a source. */
export function Packs() {
  const packs = usePacks();
  return <Answered query={packs}>{(data) => <PackList packs={data} />}</Answered>;
}

function PackList({ packs }: { packs: PackBrief[] }) {
  const { t } = useI18n();
  const [filters, setFilters] = useFilters(["topic", "past"] as const);
  const { to } = useView();
  const go = useNavigate();
  const columns = usePackColumns();
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
        <FilterSelect
          wide
          any={t("packs.anyTopic")}
          group="packTopic"
          codes={topics}
          value={filters.topic}
          choose={(topic) => setFilters({ topic })}
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
