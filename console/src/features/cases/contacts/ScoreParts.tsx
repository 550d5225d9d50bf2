import type { ContactDetail } from "@/api/types.ts";
import { number } from "@/shared/format/number.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { partsOf } from "./shares.ts";

/** Why he ranks where he does: each part as a small bar, in words. */
export function ScoreParts({ contact }: { contact: ContactDetail }) {
  const { t, term } = useI18n();
  const { score_parts, score } = contact;
  return (
    <>
      <dl className="z-parts">
        {partsOf(score_parts, score).map(({ name, value, share, unit }) => (
          <div key={name} className={name === "score" ? "z-part-sum" : ""}>
            <dt>{term("scorePart", name)}</dt>
            <dd>
              <span className="z-bar">
                <i
                  className={name === "imputed_min" ? "z-bar-imputed" : "z-bar-full"}
                  style={{ width: `${share * 100}%` }}
                />
              </span>
              <span className="z-num">
                {unit === "min"
                  ? t("contact.minutesOf", { n: number(Math.round(value)) })
                  : value.toFixed(2)}
              </span>
            </dd>
          </div>
        ))}
      </dl>
      {score_parts.household ? <p className="z-hint">{t("contact.livesTogether")}</p> : null}
    </>
  );
}
