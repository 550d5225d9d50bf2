import { number, percent } from "@/shared/format/number.ts";
import { monthDay } from "@/shared/format/time.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import type { HandedCounty, Handover } from "../comparison.ts";

interface Props {
  handover: Handover;
  options: readonly string[];
}

/** Which counties are simulated person by person, from which day under each option, and why. */
export function Handed({ handover, options }: Props) {
  const { t, term } = useI18n();
  const { counties, left } = handover;
  const n = number(handover.threshold);
  return (
    <section>
      <h2 className="z-sub">{t("whatif.handed")}</h2>
      <p>{t(counties.length || left.length ? "whatif.handedHint" : "whatif.handedNone", { n })}</p>
      {counties.length ? (
        <div className="z-whatif-scroll">
          <table className="z-plain z-whatif-handed">
            <thead>
              <tr>
                <th>{t("whatif.handedCounty")}</th>
                <th>{t("whatif.handedWhy")}</th>
                <th className="z-num">{t("whatif.handedPeople")}</th>
                <th className="z-num">{t("whatif.handedFactor")}</th>
                {counties.every(atOnce) ? (
                  <th />
                ) : (
                  options.map((name) => <th key={name}>{name}</th>)
                )}
              </tr>
            </thead>
            <tbody>
              {counties.map((one) => (
                <County key={one.code} county={one} together={counties.every(atOnce)} />
              ))}
            </tbody>
          </table>
        </div>
      ) : null}
      {[...new Set(left.map((one) => one.reason))].map((reason) => (
        <p key={reason} className="z-hint">
          {t("whatif.handedLeft", {
            name: left
              .filter((one) => one.reason === reason)
              .map((one) => one.name)
              .join(t("whatif.calibrationAnd")),
            why: term("whatifLeft", reason),
          })}
        </p>
      ))}
    </section>
  );
}

const atOnce = ({ reason }: HandedCounty): boolean => reason === "registered";

function County({ county, together }: { county: HandedCounty; together: boolean }) {
  const { t } = useI18n();
  const first = atOnce(county);
  return (
    <tr>
      <th scope="row">{county.name}</th>
      <td>
        {t(first ? "whatif.handedRegistered" : "whatif.handedSimulated", {
          n: number(county.registered),
        })}
      </td>
      <td className="z-num">{number(county.people)}</td>
      <td className="z-num">{county.transmission.toFixed(2)}</td>
      {first ? (
        <td colSpan={together ? 1 : county.options.length}>{t("whatif.handedFirst")}</td>
      ) : (
        county.options.map((one) => (
          <td key={one.option}>
            {one.day_q50
              ? t("whatif.handedFrom", {
                  day: monthDay(one.day_q50),
                  low: monthDay(one.day_q10 ?? one.day_q50),
                  high: monthDay(one.day_q90 ?? one.day_q50),
                  share: percent(one.share),
                })
              : t("whatif.handedNever")}
          </td>
        ))
      )}
    </tr>
  );
}
