import type { ContactItem } from "@/api/types.ts";
import { number } from "@/shared/format/number.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { Imputed, Period, Rule } from "@/shared/ui/marks.tsx";

/** The evidence for one contact: each meeting, where, from when to when, by which rule. */
export function ExposureRows({ contact }: { contact: ContactItem }) {
  const { t, term } = useI18n();
  return (
    <table className="z-exposures">
      <tbody>
        {contact.exposures.map((one) => (
          <tr key={`${one.from}-${one.setting}-${one.place?.name ?? ""}`}>
            <td>{term("setting", one.setting)}</td>
            <td>
              {one.place ? `${one.place.name} · ${term("placeKind", one.place.kind)}` : "–"}{" "}
              {one.place?.unit?.name}
            </td>
            <td>
              <Period from={one.from} to={one.to} />
            </td>
            <td className="z-num">
              {one.minutes > 0
                ? t("contact.minutesOf", { n: number(Math.round(one.minutes)) })
                : "–"}
            </td>
            <td>
              <Rule id={one.rule_id} /> {one.imputed ? <Imputed /> : null}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
