import type { DrillChoice, DrillDecided } from "@/api/types.ts";
import { number } from "@/shared/format/number.ts";
import { monthDay } from "@/shared/format/time.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { When } from "@/shared/ui/marks.tsx";

/** What was decided, on what was known then, by whom; the last first. */
export function History({ decisions }: { decisions: readonly DrillDecided[] }) {
  const { t } = useI18n();
  const said = useOrdered();
  if (decisions.length === 0) return null;
  return (
    <>
      <h2 className="z-sub">{t("drill.history")}</h2>
      <div className="z-whatif-scroll">
        <table className="z-plain">
          <thead>
            <tr>
              <th>{t("drill.day")}</th>
              <th className="z-num">{t("drill.casesKnown")}</th>
              <th className="z-num">{t("drill.casesNew")}</th>
              <th className="z-num">{t("drill.contactsKnown")}</th>
              <th className="z-num">{t("drill.personDays")}</th>
              <th>{t("drill.decided")}</th>
              <th>{t("drill.by")}</th>
            </tr>
          </thead>
          <tbody>
            {decisions.toReversed().map((one) => (
              <tr key={one.step}>
                <td>{t("drill.evening", { n: one.day + 1, on: monthDay(one.date) })}</td>
                <td className="z-num">{number(one.known)}</td>
                <td className="z-num">{number(one.new)}</td>
                <td className="z-num">{number(one.contacts)}</td>
                <td className="z-num">{number(one.person_days)}</td>
                <td>{said(one.choice)}</td>
                <td>
                  {one.by} <When at={one.at} short />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

/** An order in a few words. */
function useOrdered(): (choice: DrillChoice) => string {
  const { t, term } = useI18n();
  return (choice) => {
    const parts = [
      ...choice.degrees.map((degree) => term("drillDegree", String(degree))),
      ...(choice.degrees.length && typeof choice.most === "number"
        ? [t("drill.atMost", { n: choice.most })]
        : []),
      ...(choice.areas.length ? [t("drill.nAreas", { n: choice.areas.length })] : []),
      ...(choice.round ? [t("drill.round")] : []),
      ...(choice.protect ? [t("drill.protect")] : []),
      ...(choice.lock ? [t("drill.lock")] : []),
    ];
    return parts.join(" · ") || t("drill.nothing");
  };
}
