import type { ClockDetail } from "@/api/types.ts";
import { number } from "@/shared/format/number.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { useVocabulary } from "@/shared/rules/vocabulary.ts";
import { When } from "@/shared/ui/marks.tsx";

/** From which fact, how long, counted how: what one needs to find the same moment by hand. */
export function Computation({ clock }: { clock: ClockDetail }) {
  const { t, term } = useI18n();
  const words = useVocabulary(clock.subject.kind);
  const length = clock.length;
  return (
    <>
      <h3>{t("clock.computed")}</h3>
      <dl className="z-facts">
        <dt>{t("clock.anchor")}</dt>
        <dd>
          {words.fact(clock.anchor_fact)} <When at={clock.anchor_at} />
        </dd>
        <dt>{t("clock.length")}</dt>
        <dd>
          {length === null
            ? t("clock.lengthFromFact")
            : length === 0
              ? t("clock.sameDay")
              : t("clock.lengthOf", { n: number(length), unit: term("clockUnit", clock.unit) })}
          <small> {term("clockConvention", clock.unit)}</small>
        </dd>
        <dt>{t("clock.due")}</dt>
        <dd>
          <When at={clock.due_at} />
        </dd>
        <dt>{t("clock.stop")}</dt>
        <dd>
          {clock.stop_fact ? words.fact(clock.stop_fact) : t("clock.stopsByItself")}{" "}
          {clock.stopped_at ? <When at={clock.stopped_at} /> : null}
        </dd>
        <dt>{t("clock.pack")}</dt>
        <dd>{clock.pack_version}</dd>
      </dl>
    </>
  );
}
