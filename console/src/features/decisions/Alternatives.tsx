import type { Alternative, Cost } from "@/api/types.ts";
import { number, signed } from "@/shared/format/number.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { Amount } from "./CostTable.tsx";

/** What an option differs by from the proposed one; null where either is not known. */
export function difference(option: Cost | undefined, chosen: Cost | undefined): number | null {
  if (typeof option?.value !== "number" || typeof chosen?.value !== "number") return null;
  return option.value - chosen.value;
}

/** Options as rows, costs as columns, and under each figure the difference to what is proposed. */
export function Alternatives({ alternatives }: { alternatives: Alternative[] }) {
  const { t, text } = useI18n();
  const chosen = alternatives.find((a) => a.chosen);
  const columns = (chosen ?? alternatives[0])?.costs ?? [];
  return (
    <table className="z-alternatives">
      <thead>
        <tr>
          <th>{t("proposal.option")}</th>
          {columns.map((cost) => (
            <th key={cost.key}>{text(cost.label)}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {alternatives.map((option) => (
          <tr key={option.key} className={option.chosen ? "z-chosen" : ""}>
            <th>
              {text(option.label)}
              {option.chosen ? <small>{t("proposal.proposed")}</small> : null}
            </th>
            {columns.map((column) => {
              const cost = option.costs.find((c) => c.key === column.key);
              const by = option.chosen ? null : difference(cost, column);
              return (
                <td key={column.key}>
                  {cost ? <Amount cost={cost} /> : "–"}
                  {by !== null ? (
                    <small className="z-num">
                      {by === 0
                        ? t("proposal.same")
                        : cost?.unit === "share"
                          ? `${signed(Math.round(by * 1000) / 10)}%`
                          : signed(by)}
                    </small>
                  ) : null}
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
      {chosen ? (
        <caption>{t("proposal.differences", { n: number(alternatives.length - 1) })}</caption>
      ) : null}
    </table>
  );
}
