import { useMemo } from "react";
import { useNavigate } from "react-router";
import { useI18n } from "@/shared/i18n/context.tsx";
import { DeskTabs } from "@/shared/ui/DeskTabs.tsx";
import { Grade } from "@/shared/ui/marks.tsx";
import { Answered, Empty } from "@/shared/ui/states.tsx";
import { useCells } from "@/shared/ui/useCells.ts";
import { useView } from "@/shared/view/useView.ts";
import { type Cell, filled, type Row, rowsOf } from "./matrix.ts";
import { useCounts, useNewest } from "./queries.ts";
import { SignalFilters, STREAMS, useNarrowed } from "./SignalFilters.tsx";
import { SmallCurve } from "./SignalMarks.tsx";

const MOST = 20;

/** Small multiples: the worst counties by streams, each cell drawn the same way. */
export function Matrix({ chosen }: { chosen: number | null }) {
  const { t } = useI18n();
  const { narrowed } = useNarrowed();
  const newest = useNewest(narrowed);
  const counts = useCounts();
  const rows = useMemo(
    () => filled(rowsOf(newest.data?.items ?? [], MOST), counts.items),
    [newest.data, counts.items],
  );
  return (
    <section className="z-list">
      <DeskTabs desk="signals" note={newest.data ? t("matrix.note", { n: rows.length }) : null} />
      <SignalFilters />
      <Answered query={newest} rows={10}>
        {() =>
          rows.length ? (
            <Grid rows={rows} chosen={chosen} />
          ) : (
            <Empty title={t("signals.empty")} hint={t("signals.emptyHint")} />
          )
        }
      </Answered>
    </section>
  );
}

function Grid({ rows, chosen }: { rows: readonly Row[]; chosen: number | null }) {
  const { t, term } = useI18n();
  const { to } = useView();
  const { filters } = useNarrowed();
  const go = useNavigate();
  const streams = useMemo(() => {
    const extra = rows.flatMap((row) => Object.keys(row.cells));
    const known: readonly string[] = STREAMS.filter((one) => one !== "joint" && one !== "cases");
    return [...new Set([...known, ...extra])];
  }, [rows]);
  const { table, onKeyDown, cell } = useCells({ rows: rows.length, columns: streams.length });
  const open = (id: number) => void go(to(`/signals/${id}`, filters));
  return (
    <table ref={table} className="z-multiples" aria-label={t("matrix.label")}>
      <thead>
        <tr>
          <th scope="col">{t("sources.county")}</th>
          {streams.map((stream) => (
            <th key={stream} scope="col">
              {term("stream", stream)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody onKeyDown={onKeyDown}>
        {rows.map((row, i) => (
          <tr key={row.unit.code}>
            <th scope="row">
              <Grade grade={row.worst.grade} word={false} /> {row.unit.name}
            </th>
            {streams.map((stream, k) => (
              <td key={stream}>
                <Multiple
                  county={row.unit.name}
                  stream={stream}
                  cell={row.cells[stream]}
                  {...cell(i, k)}
                  chosen={chosen}
                  open={open}
                />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface MultipleProps {
  county: string;
  stream: string;
  cell: Cell | undefined;
  at: string;
  tab: 0 | -1;
  chosen: number | null;
  focus: () => void;
  open: (id: number) => void;
}

function Multiple({ county, stream, cell, at, tab, chosen, focus, open }: MultipleProps) {
  const { t, term } = useI18n();
  const signal = cell?.signal ?? null;
  const said = signal
    ? t("matrix.signal", { grade: term("grade", signal.grade) })
    : t(cell ? "matrix.quiet" : "matrix.nothing");
  const marked = signal !== null && signal.id === chosen;
  return (
    <button
      type="button"
      data-at={at}
      tabIndex={tab}
      aria-disabled={!signal}
      className={`z-multiple${signal ? "" : " z-multiple-quiet"}${marked ? " z-chosen" : ""}`}
      aria-label={t("matrix.cell", { county, stream: term("stream", stream), said })}
      onFocus={focus}
      onClick={() => signal && open(signal.id)}
    >
      {cell?.curve.history.some((day) => day.count !== null) ? (
        <SmallCurve curve={cell.curve} />
      ) : (
        <span className="z-none">–</span>
      )}
      {signal && signal.stream !== "joint" ? <Grade grade={signal.grade} word={false} /> : null}
    </button>
  );
}
