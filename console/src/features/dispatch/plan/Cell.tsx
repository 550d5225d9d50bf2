import type { TableColumn } from "@/api/types.ts";
import { groupOf } from "@/shared/format/codes.ts";
import { number } from "@/shared/format/number.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { Day, When } from "@/shared/ui/marks.tsx";

/** One cell of a plan's table, by the kind of its column. */
export function Cell({ column, value }: { column: TableColumn; value: unknown }) {
  const { t, term } = useI18n();
  if (value === null || value === undefined || value === "")
    return <span className="z-none">–</span>;
  // Other ways of a round: "pool-5", "hours-12".
  const way = (code: string): string | null => {
    const [kind, n = ""] = code.split("-");
    if (column.key !== "key") return null;
    if (kind === "pool") return t("dispatch.wayPool", { n });
    return kind === "hours" ? t("dispatch.wayHours", { n }) : t("dispatch.wayChosen");
  };
  if (column.key === "degree") return <>{term("degree", told(value))}</>;
  switch (column.kind) {
    case "number":
    case "km":
    case "persons":
      return (
        <span className="z-num">{typeof value === "number" ? number(value) : told(value)}</span>
      );
    case "id":
      return <>{way(told(value)) ?? told(value)}</>;
    case "moment":
      return <When at={told(value)} short />;
    case "date":
      return <Day on={told(value)} />;
    case "code":
      return <>{term(groupOf(column.key) ?? "dispatchCode", told(value))}</>;
    case "flag":
      return <>{t(value === true ? "dispatch.yes" : "dispatch.no")}</>;
    case "flags":
      return <Flags codes={Array.isArray(value) ? value.map(told) : [told(value)]} />;
    default:
      return <>{told(value)}</>;
  }
}

function Flags({ codes }: { codes: readonly string[] }) {
  const { term } = useI18n();
  if (codes.length === 0) return <span className="z-none">–</span>;
  return (
    <span className="z-row z-nowrap">
      {codes.map((code) => (
        <span key={code} className="z-dispatch-flag">
          {term("dispatchFlag", code)}
        </span>
      ))}
    </span>
  );
}

/** A unit is told by its name, everything else as it is. */
function told(value: unknown): string {
  if (typeof value === "object" && value !== null && "name" in value) return String(value.name);
  if (typeof value === "number") return number(value);
  return String(value);
}
