import type { Pack } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { ConditionTree } from "@/shared/rules/RuleTree.tsx";
import { useVocabulary } from "@/shared/rules/vocabulary.ts";
import { Empty } from "@/shared/ui/states.tsx";
import { RuleLink } from "./RuleLink.tsx";
import { OutcomeList } from "./RuleParts.tsx";
import { figuresOf, said } from "./said.ts";

type Threshold = Pack["thresholds"][number];
type Criterion = NonNullable<Threshold["any"]>[number];

/** So many in one place within so many days: what is counted, how, and what follows. */
export function Thresholds({ pack }: { pack: Pack }) {
  const { t } = useI18n();
  if (pack.thresholds.length === 0) return <Empty title={t("pack.noThreshold")} />;
  return (
    <>
      {pack.thresholds.map((one) => (
        <OneThreshold key={one.id} threshold={one} pack={pack} />
      ))}
    </>
  );
}

function OneThreshold({ threshold, pack }: { threshold: Threshold; pack: Pack }) {
  const { t, term, text } = useI18n();
  const words = useVocabulary(threshold.of);
  const figures = figuresOf(pack, text);
  const days = threshold.within_days;
  const kinds = threshold.site_kinds.map((kind) => term("placeKind", kind));
  return (
    <section className="z-part">
      <h2>
        {text(threshold.name)} <RuleLink pack={pack} id={threshold.rule_id} />
      </h2>
      <p>
        {t("pack.counts", {
          of: term("subject", threshold.of),
          per: term("thresholdPer", threshold.per),
          days: words.amount(days.value, days.unit),
          distinct: threshold.distinct_by
            ? t("pack.distinct", { by: term("thresholdPer", threshold.distinct_by) })
            : t("pack.eachRow"),
        })}{" "}
        {kinds.length ? t("pack.onlyAt", { kinds: kinds.join(t("expr.comma")) }) : ""}
      </p>
      {threshold.where ? (
        <>
          <h2 className="z-sub">{t("pack.whichCount")}</h2>
          <ConditionTree expression={threshold.where} subject={threshold.of} figures={figures} />
        </>
      ) : null}
      <h2 className="z-sub">{t(threshold.all ? "pack.reachedAll" : "pack.reachedAny")}</h2>
      <ul className="z-criteria">
        {(threshold.any ?? threshold.all ?? []).map((one) => (
          <li key={JSON.stringify(one)}>
            <CriterionWords criterion={one} subject={threshold.of} />
            {one.where ? (
              <ConditionTree expression={one.where} subject={threshold.of} figures={figures} />
            ) : null}
          </li>
        ))}
      </ul>
      <h2 className="z-sub">{t("pack.then")}</h2>
      <OutcomeList outcome={threshold.then} pack={pack} subject={threshold.of} />
    </section>
  );
}

function CriterionWords({ criterion, subject }: { criterion: Criterion; subject: string }) {
  const { t } = useI18n();
  const words = useVocabulary(subject);
  const value = (one: NonNullable<Criterion["at_least"]>) => words.amount(one.value, one.unit);
  const parts = [
    criterion.at_least ? t("pack.atLeast", { n: value(criterion.at_least) }) : "",
    criterion.at_least_pct
      ? t("pack.atLeastShare", {
          pct: said(criterion.at_least_pct.value, ""),
          of: words.fact(criterion.of_total ?? ""),
        })
      : "",
    criterion.on_each_of_days
      ? t("pack.onEachOfDays", { days: value(criterion.on_each_of_days) })
      : "",
  ];
  return <>{parts.filter(Boolean).join(t("expr.and2"))}</>;
}
