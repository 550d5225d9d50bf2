import { number, percent } from "@/shared/format/number.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { Day, Period, Rule } from "@/shared/ui/marks.tsx";
import { ViewLink } from "@/shared/view/ViewLink.tsx";
import { Counts } from "./Drawn.tsx";
import { Free } from "./Modelled.tsx";
import type { Modelled, PlanZone } from "./types.ts";

interface Props {
  zone: PlanZone;
  /** What the outbreak model says of the zoning; nothing before it has answered. */
  told: Modelled | undefined;
}

/** One zone of a plan: why, who is inside, what they need daily, what releases it and when. */
export function ZoneStatement({ zone, told }: Props) {
  const { t, term, text } = useI18n();
  return (
    <details className="z-plan-zone">
      <summary>
        {zone.villages.map((one) => one.name).join(", ")}{" "}
        <small>
          {percent(zone.risk_share)} ·{" "}
          {t("zonePlan.persons", { n: number(zone.inside.people ?? 0) })}
        </small>
      </summary>
      <h4>{t("zonePlan.why")}</h4>
      <p className="z-units">
        {zone.cases.map((one) => (
          <ViewLink key={one.id} path={`/cases/${one.id}`}>
            {one.case_no}
          </ViewLink>
        ))}
      </p>
      <ul>
        {zone.windows.map((one) => (
          <li key={`${one.place}${one.case_no}${one.from}`}>
            {one.place} {one.case_no} {one.from ? <Period from={one.from} to={one.to} /> : null}
          </li>
        ))}
      </ul>
      <h4>{t("zonePlan.who")}</h4>
      <Counts inside={zone.inside} contacts={zone.contacts} />
      <h4>{t("zonePlan.daily")}</h4>
      <p>
        {zone.daily
          .map((one) => `${term("zoneSupply", one.item)} ${number(Math.ceil(one.amount))}`)
          .join(", ") || "–"}
      </p>
      <h4>
        {t("zone.releaseAll")}{" "}
        <small>
          {t("zone.earliest")} <Day on={zone.releases_on} />
        </small>
      </h4>
      {told?.free ? (
        <p className="z-plan-free">
          {t("zonePlan.freeAll")} <Free told={told} />
        </p>
      ) : null}
      <ul>
        {zone.conditions.map((one) => (
          <li key={one.code}>
            {text(one.text)} <Rule id={one.rule_id} />
          </li>
        ))}
      </ul>
    </details>
  );
}
