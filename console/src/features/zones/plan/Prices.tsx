import { number, percent } from "@/shared/format/number.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import type { Plan } from "./types.ts";

/** What each further per cent of the evidence costs; bars from zero, figures beside them. */
export function Prices({ points }: { points: Plan["curve"] }) {
  const { t } = useI18n();
  const most = Math.max(1, ...points.map((one) => one.cost));
  if (points.length === 0) return null;
  return (
    <table className="z-plan-prices">
      <caption>{t("zonePlan.prices")}</caption>
      <thead>
        <tr>
          <th scope="col">{t("zonePlan.covered")}</th>
          <th scope="col">{t("zonePlan.cost")}</th>
          <th scope="col">{t("zonePlan.perCent")}</th>
        </tr>
      </thead>
      <tbody>
        {points.map((one) => (
          <tr key={one.share}>
            <td className="z-num">{percent(one.share)}</td>
            <td>
              <span style={{ width: `${(one.cost / most) * 55}%` }} />
              <b className="z-num">{number(Math.round(one.cost))}</b>
            </td>
            <td className="z-num">
              {one.per_cent_price === null ? "–" : number(Math.round(one.per_cent_price))}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
