import type { Cost } from "@/api/types.ts";
import { number, percent } from "@/shared/format/number.ts";
import { useFormat } from "@/shared/format/useFormat.ts";
import { useI18n } from "@/shared/i18n/context.tsx";

/** A value with its interval, where there is one. */
export function Amount({ cost }: { cost: Cost }) {
  const { unit } = useFormat();
  if (cost.value === null || cost.value === undefined) return <span className="z-none">–</span>;
  const banded = typeof cost.low === "number" && typeof cost.high === "number";
  const said = cost.unit === "share" ? percent : number;
  return (
    <span className="z-num">
      {said(cost.value)}
      {banded ? (
        <small className="z-interval">
          {" "}
          ({said(cost.low ?? 0)} – {said(cost.high ?? 0)})
        </small>
      ) : null}
      {cost.unit === "share" ? null : <small> {unit(cost.unit)}</small>}
    </span>
  );
}

/** Risk and social cost beside each other: what is gained and what it asks of people. */
export function CostTable({ costs }: { costs: Cost[] }) {
  const { t, text } = useI18n();
  if (costs.length === 0) return <p className="z-hint">{t("proposal.noCost")}</p>;
  return (
    <div className="z-costs">
      {costs.map((cost) => (
        <div key={cost.key}>
          <span>{text(cost.label)}</span>
          <b>
            <Amount cost={cost} />
          </b>
        </div>
      ))}
    </div>
  );
}
