import { Button, DatePicker, Input } from "antd";
import dayjs, { type Dayjs } from "dayjs";
import { useI18n } from "@/shared/i18n/context.tsx";
import { FilterSelect } from "@/shared/ui/filters.tsx";
import type { CaseFilters } from "./queries.ts";

const CATEGORIES = ["confirmed", "asymptomatic", "suspected"] as const;
const STATES = [
  "reported",
  "confirmed",
  "admitted",
  "recovered",
  "died",
  "excluded",
  "closed",
] as const;
type Change = (params: Partial<Record<keyof CaseFilters, string | null>>) => void;

export function CaseFilterBar({ filters, change }: { filters: CaseFilters; change: Change }) {
  const { t } = useI18n();
  const any = Object.values(filters).some(Boolean);
  const clear = () =>
    change({
      category: null,
      state: null,
      reported_from: null,
      reported_to: null,
      onset_from: null,
      onset_to: null,
      q: null,
    });
  return (
    <div className="z-filters">
      <Input.Search
        key={filters.q ?? ""}
        allowClear
        size="small"
        className="z-filter-wide"
        aria-label={t("cases.search")}
        placeholder={t("cases.search")}
        defaultValue={filters.q ?? ""}
        onSearch={(q) => change({ q: q.trim() || null })}
      />
      <FilterSelect
        any={t("case.category")}
        group="caseCategory"
        codes={CATEGORIES}
        value={filters.category}
        choose={(category) => change({ category })}
      />
      <FilterSelect
        any={t("filter.anyState")}
        group="caseState"
        codes={STATES}
        value={filters.state}
        choose={(state) => change({ state })}
      />
      <Range
        label={t("case.reported")}
        from={filters.reported_from}
        to={filters.reported_to}
        change={(from, to) => change({ reported_from: from, reported_to: to })}
      />
      <Range
        label={t("case.onset")}
        from={filters.onset_from}
        to={filters.onset_to}
        change={(from, to) => change({ onset_from: from, onset_to: to })}
      />
      {any ? (
        <Button size="small" type="link" onClick={clear}>
          {t("filter.clear")}
        </Button>
      ) : null}
    </div>
  );
}

interface RangeProps {
  label: string;
  from: string | undefined;
  to: string | undefined;
  change: (from: string | null, to: string | null) => void;
}

function Range({ label, from, to, change }: RangeProps) {
  const { t } = useI18n();
  const read = (text: string | undefined): Dayjs | null => (text ? dayjs(text) : null);
  return (
    <span className="z-range">
      {label}
      <DatePicker.RangePicker
        size="small"
        allowEmpty={[true, true]}
        placeholder={[t("filter.from"), t("filter.to")]}
        value={[read(from), read(to)]}
        onChange={(range) =>
          change(range?.[0]?.format("YYYY-MM-DD") ?? null, range?.[1]?.format("YYYY-MM-DD") ?? null)
        }
      />
    </span>
  );
}
