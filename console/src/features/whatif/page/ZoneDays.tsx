import type { Comparison } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { interval, rounded } from "../answer.ts";
import type { Closed } from "../comparison.ts";
import { complete, type Loose } from "../draft.ts";
import { OptionMark } from "../marks.tsx";
import { useWhatIfForm } from "../queries.ts";

const NAMED = 4; // areas told by name

/** For how many days each restricted area of each option is closed; areas end by themselves. */
export function ZoneDays({ comparison, closed }: { comparison: Comparison; closed: Closed[] }) {
  const { t, term } = useI18n();
  const form = useWhatIfForm(comparison.unit.code).data;
  const options = comparison.options.map((raw) => complete(raw as Loose, ""));
  const names = new Map(form?.areas.map((one) => [one.code, one.name]));
  const where = (units: readonly string[]) =>
    units.length === 0
      ? t("whatif.everywhere")
      : units
          .slice(0, NAMED)
          .map((code) => names.get(code) ?? code)
          .join(t("whatif.calibrationAnd")) +
        (units.length > NAMED ? ` ${t("whatif.zoneMore", { n: units.length - NAMED })}` : "");
  return (
    <section>
      <h2 className="z-sub">{t("whatif.zoneDays")}</h2>
      <p className="z-hint">{t("whatif.zoneDaysHint")}</p>
      <div className="z-whatif-scroll">
        <table className="z-plain">
          <thead>
            <tr>
              <th>{t("whatif.whichOption")}</th>
              <th>{t("whatif.zoneWhere")}</th>
              <th>{t("whatif.zoneHow")}</th>
              <th className="z-num">{t("whatif.zoneLasts")}</th>
            </tr>
          </thead>
          <tbody>
            {options.flatMap((option, at) =>
              closed
                .filter((one) => one.option === option.name)
                .map((one) => {
                  const area = option.areas[one.area];
                  return area ? (
                    <tr key={`${option.name} ${one.area}`}>
                      <td>
                        <OptionMark at={at} /> {option.name}
                      </td>
                      <td>{where(area.units)}</td>
                      <td>{term("whatifArea", area.kind)}</td>
                      <td className="z-num">
                        <Lasts days={one} />
                      </td>
                    </tr>
                  ) : null;
                }),
            )}
          </tbody>
        </table>
      </div>
    </section>
  );
}

/** The mean, and the 80 % interval where the runs differ. */
function Lasts({ days }: { days: Closed }) {
  const { t } = useI18n();
  const within = interval(days, "80");
  if (days.mean === null) return "\u2013";
  return (
    <>
      {t("whatif.zoneLong", { n: rounded(days.mean) })}
      {within && within[0] < within[1] ? (
        <small>
          {" "}
          ({rounded(within[0])}
          {"\u2013"}
          {rounded(within[1])})
        </small>
      ) : null}
    </>
  );
}
