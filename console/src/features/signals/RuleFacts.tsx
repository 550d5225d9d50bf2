import type { SignalItem } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { Day } from "@/shared/ui/marks.tsx";
import { ViewLink } from "@/shared/view/ViewLink.tsx";

/** The rule in words, who reached its threshold, and where to decide what follows. */
export function RuleFacts({ rule }: { rule: NonNullable<SignalItem["rule"]> }) {
  const { t, text } = useI18n();
  return (
    <>
      <p className="z-directive-text">{text(rule.text)}</p>
      {rule.groups.length ? (
        <table className="z-plain z-sourcedays">
          <thead>
            <tr>
              <th scope="col">{t("signal.ruleWhere")}</th>
              <th scope="col">{t("signal.ruleDays")}</th>
              <th scope="col" className="z-num">
                {t("signal.rulePersons")}
              </th>
            </tr>
          </thead>
          <tbody>
            {rule.groups.map((one) => (
              <tr key={`${one.name}${one.first}`}>
                <th scope="row">{one.name}</th>
                <td>
                  <Day on={one.first} /> – <Day on={one.last} />
                </td>
                <td className="z-num">≥{one.persons}</td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : null}
      {rule.proposal_id ? (
        <p className="z-gap">
          <ViewLink path={`/decisions/${rule.proposal_id}`}>{t("signal.ruleProposal")}</ViewLink>
        </p>
      ) : null}
    </>
  );
}
