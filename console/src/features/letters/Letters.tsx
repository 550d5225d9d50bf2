import { Segmented } from "antd";
import { useNavigate } from "react-router";
import type { Letter } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { DeskTabs } from "@/shared/ui/DeskTabs.tsx";
import { FilterBox, FilterSelect } from "@/shared/ui/filters.tsx";
import { KeysetTable } from "@/shared/ui/KeysetTable.tsx";
import { LoadedNote } from "@/shared/ui/ListPage.tsx";
import { useLetterColumns } from "@/shared/ui/letterColumns.tsx";
import { RecordDesk } from "@/shared/ui/RecordDesk.tsx";
import { useFilters, useView } from "@/shared/view/useView.ts";
import { LetterPage } from "./LetterPage.tsx";
import { DIRECTIONS, STATES, useLetters } from "./queries.ts";

/** Letters between counties: whom to find, by when, and what came back. */
export function Letters() {
  const { t } = useI18n();
  return (
    <RecordDesk
      path="/letters"
      name={t("desk.letters")}
      list={(chosen) => <LetterList chosen={chosen} />}
      detail={(id) => <LetterPage id={id} />}
      listSize="42%"
    />
  );
}

function LetterList({ chosen }: { chosen: number | null }) {
  const { t, term } = useI18n();
  const [filters, setFilters] = useFilters(["direction", "state", "overdue"] as const);
  const { to } = useView();
  const go = useNavigate();
  const direction = DIRECTIONS.find((one) => one === filters.direction);
  const state = STATES.find((one) => one === filters.state);
  const keyset = useLetters({
    ...(direction ? { direction } : {}),
    ...(state ? { state } : {}),
    ...(filters.overdue ? { overdue: true } : {}),
  });
  const columns = useLetterColumns(chosen === null ? "list" : "beside");
  return (
    <section className="z-list">
      <DeskTabs desk="tracing" note={<LoadedNote keyset={keyset} />} />
      <div className="z-filters">
        <Segmented
          size="small"
          aria-label={t("letters.direction")}
          value={filters.direction ?? ""}
          onChange={(value) => setFilters({ direction: value || null })}
          options={["", ...DIRECTIONS].map((value) => ({
            value,
            label: value ? term("letterDirection", value) : t("filter.all"),
          }))}
        />
        <FilterSelect
          any={t("filter.anyState")}
          group="letterState"
          codes={STATES}
          value={filters.state}
          choose={(state) => setFilters({ state })}
        />
        <FilterBox
          label={t("mark.overdue")}
          value={filters.overdue}
          choose={(overdue) => setFilters({ overdue })}
        />
      </div>
      <KeysetTable<Letter>
        keyset={keyset}
        rowKey="id"
        columns={columns}
        chosen={chosen ?? undefined}
        open={(row) => void go(to(`/letters/${row.id}`, filters))}
        empty={{ title: t("letters.empty"), hint: t("letters.emptyHint") }}
      />
    </section>
  );
}
