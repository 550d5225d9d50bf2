import type { Reason } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { Rule } from "@/shared/ui/marks.tsx";
import { deskOf, ViewLink } from "@/shared/view/ViewLink.tsx";

/** The rule trace in sentences; each with its rule, and a link to the facts it counts. */
export function Reasons({ reasons }: { reasons: Reason[] }) {
  const { t, text } = useI18n();
  return (
    <ol className="z-reasons">
      {reasons.map((reason) => (
        <li key={`${reason.rule_id}-${text(reason.text)}`}>
          <span>{text(reason.text)}</span>
          {reason.list ? (
            <ViewLink path={deskOf(reason.list.route)} params={reason.list.filters}>
              {t("proposal.facts")}
            </ViewLink>
          ) : null}
          {reason.rule_id ? (
            <Rule id={reason.rule_id} verified={reason.verified} source={text(reason.source)} />
          ) : null}
        </li>
      ))}
    </ol>
  );
}
