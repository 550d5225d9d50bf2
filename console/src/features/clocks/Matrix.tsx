import { type KeyboardEvent, type ReactNode, useRef, useState } from "react";
import type { Counts } from "@/api/types.ts";
import { number } from "@/shared/format/number.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { type Place, step } from "@/shared/ui/steps.ts";
import { BucketName } from "./BucketName.tsx";
import { BUCKETS, type Bucket } from "./buckets.ts";

export interface MatrixRow {
  key: string;
  name: string;
  head: ReactNode;
  counts: Counts;
  /** What the row's name does: go down to the unit, or list all of the kind. */
  enter: () => void;
  open: (bucket: Bucket) => void;
}
const COLUMNS = BUCKETS.length + 1;

/** Rows by buckets; one tab stop, arrow keys inside, Enter opens. */
export function Matrix({
  label,
  corner,
  rows,
}: {
  label: string;
  corner: string;
  rows: MatrixRow[];
}) {
  const table = useRef<HTMLTableElement>(null);
  const [at, setAt] = useState<Place>({ row: 0, column: 0 });
  const size = { rows: rows.length, columns: COLUMNS };
  const onKeyDown = (event: KeyboardEvent) => {
    const next = step(at, event.key, size);
    if (!next) return;
    event.preventDefault();
    setAt(next);
    table.current?.querySelector<HTMLElement>(`[data-at="${next.row}-${next.column}"]`)?.focus();
  };
  const stop = (row: number, column: number) => ({
    "data-at": `${row}-${column}`,
    tabIndex: at.row === row && at.column === column ? 0 : -1,
    onFocus: () => setAt({ row, column }),
    onKeyDown,
  });
  return (
    <table ref={table} className="z-matrix" aria-label={label}>
      <thead>
        <tr>
          <th scope="col">{corner}</th>
          {BUCKETS.map((bucket) => (
            <th key={bucket} scope="col">
              <BucketName bucket={bucket} short />
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, i) => (
          <tr key={row.key}>
            <th scope="row">
              <button type="button" onClick={row.enter} {...stop(i, 0)}>
                {row.head}
              </button>
            </th>
            {BUCKETS.map((bucket, k) => (
              <Cell key={bucket} row={row} bucket={bucket} place={stop(i, k + 1)} />
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Cell({ row, bucket, place }: { row: MatrixRow; bucket: Bucket; place: object }) {
  const { t, term } = useI18n();
  const n = row.counts[bucket];
  return (
    <td className={n ? `z-cell-${bucket}` : "z-cell-zero"}>
      <button
        type="button"
        className="z-num"
        aria-label={t("clocks.openCell", { n, name: row.name, bucket: term("bucket", bucket) })}
        onClick={() => row.open(bucket)}
        {...place}
      >
        {number(n)}
      </button>
    </td>
  );
}
