import type { FindingDetail } from "@/api/types.ts";
import { number } from "@/shared/format/number.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { FactList } from "@/shared/rules/FactList.tsx";
import { Judged } from "@/shared/rules/Judged.tsx";
import { Overdue, Rule, State, When } from "@/shared/ui/marks.tsx";
import { SubjectLink } from "@/shared/ui/SubjectLink.tsx";
import { Answered } from "@/shared/ui/states.tsx";
import { useFinding } from "./queries.ts";

export function FindingPage({ id }: { id: number }) {
  const finding = useFinding(id);
  return <Answered query={finding}>{(data) => <Finding finding={data} />}</Answered>;
}

/** What is wrong, since when, by which rule, and the facts that show it. */
function Finding({ finding }: { finding: FindingDetail }) {
  const { t, term, text } = useI18n();
  return (
    <article className="z-directive">
      <div className="z-directive-scroll">
        <header>
          <p className="z-head-note">{term("findingKind", finding.kind)}</p>
          <h2>{text(finding.text)}</h2>
          <p className="z-row">
            {finding.resolved_at ? (
              <>
                <State group="findingState" state="resolved" /> <When at={finding.resolved_at} />
              </>
            ) : (
              <Overdue
                label={
                  finding.days
                    ? t("findings.daysOpen", { n: finding.days, count: number(finding.days) })
                    : t("findings.today")
                }
              />
            )}
            <Rule id={finding.rule_id} verified={finding.verified} />
          </p>
        </header>
        <dl className="z-facts">
          <dt>{t("findings.subject")}</dt>
          <dd>
            <SubjectLink subject={finding.subject} />
          </dd>
          <dt>{t("field.unit")}</dt>
          <dd>{finding.unit.name}</dd>
          <dt>{t("findings.since")}</dt>
          <dd>
            <When at={finding.since} />
          </dd>
        </dl>
        <FactList facts={finding.facts} subject={finding.subject.kind} />
        <h3>{t("trace.title")}</h3>
        <Judged
          words={finding.words}
          trace={finding.trace}
          version={finding.pack_version}
          subject={finding.subject.kind}
        />
      </div>
    </article>
  );
}
