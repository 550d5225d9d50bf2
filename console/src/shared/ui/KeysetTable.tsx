import { Skeleton, Table, type TableProps } from "antd";
import type { Key, ReactNode } from "react";
import type { Keyset } from "@/shared/view/useKeyset.ts";
import { MoreButton } from "./ListPage.tsx";
import { Empty, Failure } from "./states.tsx";

interface Props<T> {
  keyset: Keyset<T>;
  columns: TableProps<T>["columns"];
  rowKey: keyof T & string;
  empty: { title: string; hint?: string };
  open?: (row: T) => void;
  chosen?: T[keyof T] | undefined;
  expandable?: TableProps<T>["expandable"];
  rows?: readonly T[];
  foot?: ReactNode;
  /** Rows that are marked, for doing something with many at once. */
  marked?: { keys: readonly Key[]; mark: (keys: Key[]) => void; label: string };
}

/** A table over a keyset list; rows open with a click or Enter. */
export function KeysetTable<T extends object>(props: Props<T>) {
  const { keyset, columns, rowKey, empty, open, chosen, expandable, rows, foot, marked } = props;
  if (keyset.isPending)
    return <Skeleton active title={false} paragraph={{ rows: 10 }} className="z-skeleton" />;
  if (keyset.error && !keyset.data)
    return <Failure error={keyset.error} retry={() => keyset.refetch()} />;
  if (keyset.items.length === 0) return <Empty {...empty} />;
  return (
    <div className={keyset.isPlaceholderData ? "z-table z-stale" : "z-table"}>
      <Table<T>
        size="small"
        sticky
        tableLayout="auto"
        scroll={columns?.length === 1 ? {} : { x: "max-content" }}
        pagination={false}
        columns={columns}
        dataSource={rows ?? keyset.items}
        rowKey={rowKey}
        expandable={expandable}
        {...(marked
          ? {
              rowSelection: {
                selectedRowKeys: [...marked.keys],
                onChange: marked.mark,
                columnWidth: 32,
                // The head is drawn twice, once hidden for measuring: it holds nothing to focus.
                hideSelectAll: true,
                columnTitle: <span className="z-unseen">{marked.label}</span>,
                getCheckboxProps: () => ({ "aria-label": marked.label }),
              },
            }
          : {})}
        rowClassName={(row) => (chosen !== undefined && row[rowKey] === chosen ? "z-chosen" : "")}
        onRow={(row) =>
          open
            ? {
                tabIndex: 0,
                className: "z-open",
                onClick: () => open(row),
                onKeyDown: (event) => {
                  if (event.key === "Enter" && event.target === event.currentTarget) open(row);
                },
              }
            : {}
        }
      />
      {foot}
      <MoreButton keyset={keyset} />
    </div>
  );
}
