import { Button, Input, type TableProps } from "antd";
import { type Key, useState } from "react";
import type { PlanDetail, PlanRow, PlanTable } from "@/api/types.ts";
import { useFormat } from "@/shared/format/useFormat.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { KeysetTable } from "@/shared/ui/KeysetTable.tsx";
import { LoadedNote } from "@/shared/ui/ListPage.tsx";
import { useTold } from "@/shared/ui/useTold.ts";
import { type Worded, wordedOf } from "../planners.ts";
import { useRows } from "../queries.ts";
import { Cell } from "./Cell.tsx";
import { isNumber } from "./cells.ts";
import type { Thing } from "./ThingsSelect.tsx";
import { put, swap, type Tray } from "./tray.ts";
import { type Saying, WordDialog } from "./WordDialog.tsx";

interface Props {
  plan: PlanDetail;
  table: PlanTable;
  tray: Tray;
  setTray: (tray: Tray) => void;
  text: string | undefined;
  find: (text: string | null) => void;
}

/** A table of the plan, page by page; its rows can be pinned, kept from somewhere, or swapped. */
export function TableView({ plan, table, tray, setTray, text, find }: Props) {
  const { t } = useI18n();
  const keyset = useRows(plan.id, table.key, text ?? "");
  const columns = useColumns(table);
  const worded = plan.may.includes("again") ? wordedOf(plan.planner, table.key) : null;
  const [keys, setKeys] = useState<Key[]>([]);
  const rows = keyset.items.filter((row) => keys.includes(row.no));
  return (
    <>
      <div className="z-filters">
        <Input.Search
          key={text ?? ""}
          size="small"
          allowClear
          className="z-filter-wide"
          maxLength={50}
          aria-label={t("dispatch.find")}
          placeholder={t("dispatch.find")}
          defaultValue={text ?? ""}
          onSearch={(words) => find(words.trim() || null)}
        />
        <span className="z-hint">
          <LoadedNote keyset={keyset} />
        </span>
        {worded ? (
          <Wording
            plan={plan}
            table={table}
            worded={worded}
            rows={rows}
            tray={tray}
            setTray={setTray}
          />
        ) : null}
      </div>
      <KeysetTable<PlanRow>
        keyset={keyset}
        rowKey="no"
        columns={columns}
        empty={
          table.key === "unserved" && !text
            ? { title: t("dispatch.allServed") }
            : { title: t("dispatch.noRows"), ...(text ? { hint: t("dispatch.noRowsHint") } : {}) }
        }
        {...(worded ? { marked: { keys, mark: setKeys, label: t("dispatch.mark") } } : {})}
      />
    </>
  );
}

const ID = (table: PlanTable) => table.columns.find((one) => one.kind === "id")?.key ?? "id";

interface WordingProps extends Pick<Props, "plan" | "table" | "tray" | "setTray"> {
  worded: Worded;
  rows: PlanRow[];
}

/** What can be said of the marked rows; where none is marked, the dialog asks of which. */
function Wording({ plan, table, worded, rows, tray, setTray }: WordingProps) {
  const { t } = useI18n();
  const { refused } = useTold();
  const [asked, setAsked] = useState<Saying | null>(null);
  const id = worded.thing ?? ID(table);
  const at = (row: PlanRow) => {
    const value = worded.at ? row.cells[worded.at] : null;
    return value === null || value === undefined || value === "" ? null : String(value);
  };
  const marked = rows.map((row) => ({ thing: String(row.cells[id]), at: at(row) }));
  const collect = (saying: Saying, things: readonly Thing[], to: string) => {
    const [a, b] = things;
    const next =
      saying !== "swap"
        ? things.reduce<Tray>((all, { thing }) => put(all, { word: saying, thing, to }), tray)
        : a && b
          ? swap(tray, a, b)
          : null;
    if (next) setTray(next);
    else refused(t("dispatch.cannotSwap"));
    setAsked(null);
  };
  const say = (saying: Saying) => {
    const asks = marked.length === 0 || (worded.targets && saying !== "swap");
    if (asks) setAsked(saying);
    else collect(saying, marked, "");
  };
  return (
    <span className="z-row z-dispatch-wording">
      <span className={rows.length ? "" : "z-hint"}>
        {rows.length ? t("dispatch.marked", { n: rows.length }) : t("dispatch.markHint")}
      </span>
      {worded.words.map((word) => (
        <Button key={word} size="small" onClick={() => say(word)}>
          {t(`dispatch.${word}`)}
        </Button>
      ))}
      {worded.targets ? (
        <Button size="small" disabled={![0, 2].includes(rows.length)} onClick={() => say("swap")}>
          {t("dispatch.swap")}
        </Button>
      ) : null}
      {asked ? (
        <WordDialog
          plan={plan}
          worded={worded}
          saying={asked}
          things={marked}
          close={() => setAsked(null)}
          done={(things, to) => collect(asked, things, to)}
        />
      ) : null}
    </span>
  );
}

function useColumns(table: PlanTable): TableProps<PlanRow>["columns"] {
  const { term } = useI18n();
  const { unit } = useFormat();
  return table.columns.map((column) => ({
    key: column.key,
    title: head(term("dispatchColumn", column.key), unit(column.unit)),
    ...(isNumber(column) ? { align: "right" as const, className: "z-dispatch-number" } : {}),
    render: (_: unknown, row: PlanRow) => <Cell column={column} value={row.cells[column.key]} />,
  }));
}

const head = (name: string, unit: string): string =>
  unit && unit !== name ? `${name} (${unit})` : name;
