import type { Pack, PackRule } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { RuleMark } from "@/shared/rules/RuleMark.tsx";
import { useVocabulary } from "@/shared/rules/vocabulary.ts";
import { Bounds } from "./figureColumns.tsx";
import { expressionsOf, keysIn } from "./said.ts";

/** The figures the rule is measured by, with how far they may be moved. */
export function RuleFigures({ rule, pack }: { rule: PackRule; pack: Pack }) {
  const { t, text } = useI18n();
  const words = useVocabulary(rule.of);
  const named = new Set(expressionsOf(rule).flatMap(keysIn));
  const figures = pack.figures.filter(
    (figure) => figure.rule_id === rule.rule_id || named.has(figure.key),
  );
  if (figures.length === 0) return null;
  return (
    <>
      <h2 className="z-sub">{t("pack.ruleFigures")}</h2>
      <table className="z-plain">
        <thead>
          <tr>
            <th>{t("pack.key")}</th>
            <th>{t("pack.value")}</th>
            <th>{t("pack.bounds")}</th>
            <th>{t("pack.verified")}</th>
          </tr>
        </thead>
        <tbody>
          {figures.map((figure) => (
            <tr key={figure.key}>
              <td>
                {text(figure.title)} <div className="z-code">{figure.key}</div>
              </td>
              <td className="z-num">
                <b>{words.amount(figure.value, figure.unit)}</b>
              </td>
              <td className="z-num">
                <Bounds figure={figure} />
              </td>
              <td>
                <RuleMark mark={figure.mark} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
