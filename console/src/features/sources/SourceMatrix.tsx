import type { SourceItem } from "@/api/types.ts";
import { percent } from "@/shared/format/number.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { useCells } from "@/shared/ui/useCells.ts";
import { SourceMark } from "./SourceMark.tsx";
import type { CountyRow } from "./states.ts";

interface Props {
  rows: readonly CountyRow[];
  streams: readonly string[];
  chosen: string | undefined;
  open: (id: string) => void;
}

/** Counties by streams; one tab stop, arrow keys inside, Enter opens. */
export function SourceMatrix({ rows, streams, chosen, open }: Props) {
  const { t, term } = useI18n();
  const { table, onKeyDown, cell } = useCells({ rows: rows.length, columns: streams.length });
  return (
    <table ref={table} className="z-sources" aria-label={t("desk.sources")}>
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
            <th scope="row">{row.unit.name}</th>
            {streams.map((stream, k) => {
              const item = row.cells[stream];
              return (
                <td key={stream}>
                  {item ? (
                    <Cell
                      item={item}
                      {...cell(i, k)}
                      chosen={chosen === item.id}
                      open={() => open(item.id)}
                    />
                  ) : null}
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface CellProps {
  item: SourceItem;
  at: string;
  tab: number;
  chosen: boolean;
  focus: () => void;
  open: () => void;
}

function Cell({ item, at, tab, chosen, focus, open }: CellProps) {
  const { t, term } = useI18n();
  const words = {
    unit: item.unit.name,
    stream: term("stream", item.stream),
    state: term("sourceState", item.state),
  };
  const share = item.completeness;
  return (
    <button
      type="button"
      data-at={at}
      tabIndex={tab}
      className={`z-sourcecell z-sourcecell-${item.state}${chosen ? " z-chosen" : ""}`}
      aria-label={
        share === null
          ? t("sources.openUnknown", words)
          : t("sources.open", { ...words, share: percent(share) })
      }
      onFocus={focus}
      onClick={open}
    >
      <SourceMark state={item.state} />
      <Days item={item} />
      <span className="z-num">{share === null ? "–" : percent(share)}</span>
    </button>
  );
}

/** Fourteen days in the size of a word: what came of what was expected, a gap where nothing did. */
function Days({ item }: { item: SourceItem }) {
  return (
    <span className="z-days" aria-hidden="true">
      {item.history.map((day) => {
        const expected = day.expected ?? 0;
        const share = expected ? Math.min(1, day.received / expected) : day.received ? 1 : 0;
        const nothing = expected > 0 && (day.received === 0 || day.doubted);
        const kind = !nothing
          ? expected
            ? ""
            : "z-day-rest"
          : day.due
            ? "z-day-silent"
            : "z-day-wait";
        return (
          <i
            key={day.date}
            className={kind}
            style={nothing ? {} : { height: `${Math.round(share * 100)}%` }}
          />
        );
      })}
    </span>
  );
}
