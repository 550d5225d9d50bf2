import { Table } from "antd";
import type { ProposalDetail } from "@/api/types.ts";
import { groupOf } from "@/shared/format/codes.ts";
import { number } from "@/shared/format/number.ts";
import { minute } from "@/shared/format/time.ts";
import { useFormat } from "@/shared/format/useFormat.ts";
import { useI18n } from "@/shared/i18n/context.tsx";

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d/;

/** A cell as the reader wants it: numbers grouped, instants in Beijing time, both-language text in his. */
export function cell(value: unknown, lang: "zh" | "en"): string {
  if (value === null || value === undefined) return "–";
  if (typeof value === "number") return number(value);
  if (typeof value === "string") return INSTANT.test(value) ? minute(value) : value;
  if (Array.isArray(value)) return value.map((part) => cell(part, lang)).join(", ");
  if (typeof value === "object" && "zh" in value && "en" in value) return String(value[lang]);
  if (typeof value === "object" && "name" in value) return String(value.name);
  if (typeof value === "boolean") return value ? "✓" : "–";
  return JSON.stringify(value);
}

/** What the service tells as codes, several after one another too, in words. */
export function coded(
  value: unknown,
  group: string | undefined,
  term: (group: string, code: string) => string,
): unknown {
  if (!group || (typeof value !== "string" && typeof value !== "number") || value === "")
    return value;
  return String(value)
    .split(", ")
    .map((code) => term(group, code))
    .join(", ");
}

/** The rows behind the proposal; says when it shows only the first of them. */
export function DetailRows({ detail }: { detail: ProposalDetail["detail"] }) {
  const { t, term, text, lang } = useI18n();
  const { unit } = useFormat();
  const { columns: shown = [], rows: found = [], total } = detail;
  if (found.length === 0) return null;
  const columns = shown.map(({ key, unit: of, label }) => {
    const [name, measured] = [text(label), of ? unit(of) : ""];
    const told = (row: Record<string, unknown>) => coded(row[key], groupOf(key), term);
    const figures = found.some((row) => typeof told(row) === "number");
    return {
      key,
      title: measured && measured !== name ? `${name} (${measured})` : name,
      className: "z-num",
      ...(figures ? { align: "right" as const } : {}),
      render: (_: unknown, row: Record<string, unknown>) => cell(told(row), lang),
    };
  });
  const rows = found.map((row, i) => ({ ...row, "row-number": i }));
  return (
    <section className="z-proposal-rows">
      <h3>
        {t("proposal.rows")}{" "}
        <small>
          {total > rows.length
            ? t("proposal.firstOf", { n: number(rows.length), total: number(total) })
            : t("proposal.allRows", { n: number(total) })}
        </small>
      </h3>
      <Table
        size="small"
        rowKey="row-number"
        columns={columns}
        dataSource={rows}
        pagination={
          rows.length > 20 ? { pageSize: 20, size: "small", showSizeChanger: false } : false
        }
        scroll={{ x: "max-content" }}
      />
    </section>
  );
}
