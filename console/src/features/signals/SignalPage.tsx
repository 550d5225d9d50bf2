import type { SignalItem } from "@/api/types.ts";
import { number, probability } from "@/shared/format/number.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { Day, Grade, State, When } from "@/shared/ui/marks.tsx";
import { SubjectClocks } from "@/shared/ui/SubjectClocks.tsx";
import { Answered } from "@/shared/ui/states.tsx";
import { useView } from "@/shared/view/useView.ts";
import { Course } from "./Course.tsx";
import { GroupSignals } from "./GroupSignals.tsx";
import { Neighbours } from "./Neighbours.tsx";
import { useDeeds, useSignal } from "./queries.ts";
import { RuleFacts } from "./RuleFacts.tsx";
import { SignalActions } from "./SignalActions.tsx";
import { SignalCurves } from "./SignalCurves.tsx";
import { Probability, RuleChip } from "./SignalMarks.tsx";
import { stateAfter } from "./states.ts";
import { told } from "./told.ts";

export function SignalPage({ id }: { id: number }) {
  const signal = useSignal(id);
  return <Answered query={signal}>{(data) => <Signal signal={data} />}</Answered>;
}

/** What was counted and expected, how sure that is, what is around it, what was done about it. */
function Signal({ signal }: { signal: SignalItem }) {
  const { t, term } = useI18n();
  const { asOf } = useView();
  const deeds = useDeeds(signal.id);
  const state = asOf && deeds.data ? stateAfter(deeds.data) : signal.state;
  return (
    <article className="z-directive">
      <div className="z-directive-scroll">
        <header>
          <h2>
            {signal.unit.name} · {term("stream", signal.stream)}
          </h2>
          <p className="z-row">
            <Grade grade={signal.grade} /> <State group="signalState" state={state} />{" "}
            <Day on={signal.date} /> <Probability value={signal.probability} />
            {signal.rule ? <RuleChip rule={signal.rule} /> : null}
          </p>
          {signal.snoozed_until && !asOf ? (
            <p className="z-hint">
              {t("signal.snoozedUntil")} <When at={signal.snoozed_until} />
            </p>
          ) : null}
        </header>
        {signal.rule ? <RuleFacts rule={signal.rule} /> : <Measured signal={signal} />}
        <SignalCurves signal={signal} />
        <Facts signal={signal} />
        <SubjectClocks kind="signal" id={signal.id} />
        <Neighbours signal={signal} />
        <GroupSignals signal={signal} />
        <Course signal={signal} deeds={deeds} />
      </div>
      <SignalActions signal={signal} />
    </article>
  );
}

function Measured({ signal }: { signal: SignalItem }) {
  const { t, term } = useI18n();
  const { lead } = signal.evidence;
  return (
    <p>
      {lead && signal.stream === "joint"
        ? `${t("signal.lead", { stream: term("stream", lead) })} `
        : ""}
      {t("signal.sentence", {
        observed: number(signal.observed),
        expected: told(signal.expected),
        z: told(signal.z),
        p: signal.p_value === null ? "–" : probability(signal.p_value),
      })}
    </p>
  );
}

/** How it was judged. */
function Facts({ signal }: { signal: SignalItem }) {
  const { t, term } = useI18n();
  const { tested = null, expected_upper = null, budget = null, score = null } = signal.evidence;
  const { as_of: known = null } = signal.evidence;
  return (
    <dl className="z-facts z-gap">
      <dt>{t("signal.method")}</dt>
      <dd>{term("signalMethod", signal.method)}</dd>
      {expected_upper === null ? null : (
        <>
          <dt>{t("signal.upper")}</dt>
          <dd className="z-num">{number(expected_upper)}</dd>
        </>
      )}
      {score === null ? null : (
        <>
          <dt>{t("signal.score")}</dt>
          <dd className="z-num">{t("signal.scoreSd", { n: number(score) })}</dd>
        </>
      )}
      {tested === null || signal.p_value === null ? null : (
        <>
          <dt>{t("signal.tested")}</dt>
          <dd>
            {t("signal.testedHint", {
              n: number(tested),
              expected: number(Math.round(tested * signal.p_value * 100) / 100),
            })}
          </dd>
        </>
      )}
      <dt>{t("signal.countsKnown")}</dt>
      <dd>
        <When at={known ?? signal.known_at} />
      </dd>
      {budget === null ? null : (
        <>
          <dt>{t("signal.budget")}</dt>
          <dd>
            {t("signal.budgetSpent", {
              n: number(budget.raised),
              set: number(budget.set_per_week),
              chance: number(Math.round(budget.by_chance * 10) / 10),
            })}
          </dd>
        </>
      )}
    </dl>
  );
}
