import type { Picked } from "@/map/index.ts";
import { number } from "@/shared/format/number.ts";
import { minute } from "@/shared/format/time.ts";
import { useI18n } from "@/shared/i18n/context.tsx";

type As = Picked["spec"]["tells"][number]["as"];

/** What is under the pointer, told in a few lines. */
export function HoverCard({ picked, x, y }: { picked: Picked; x: number; y: number }) {
  const { t, term } = useI18n();
  const { spec, feature, count } = picked;
  const facts = feature.properties ?? {};
  const several = count > 1 && spec.shape.kind === "place" && !spec.perUnit;
  const say = (value: unknown, as: As): string => {
    if (value === null || value === undefined || value === "") return "";
    if (typeof as === "object") return term(as.term, String(value));
    if (as === "number") return number(Number(value));
    return as === "instant" ? minute(String(value)) : String(value);
  };
  const lines = several
    ? []
    : spec.tells
        .map((line) => [line.property, say(facts[line.property], line.as)] as const)
        .filter(([, said]) => said);
  return (
    <div className="z-hover" style={{ left: x + 14, top: y + 14 }}>
      <small>{term("layer", spec.key)}</small>
      <b>{several ? t("map.together", { n: count }) : String(facts.name ?? facts.case_no ?? "")}</b>
      {lines.map(([property, said]) => (
        <span key={property}>
          {term("property", property)} <em className="z-num">{said}</em>
        </span>
      ))}
      {several ? <span>{t("map.zoomIn")}</span> : null}
      {spec.opens && !several ? <i>{t("map.clickOpens")}</i> : null}
    </div>
  );
}
