import { CheckCircleFilled } from "@ant-design/icons";
import type { PlanAnswer, PlanDetail } from "@/api/types.ts";
import { number, percent, signed } from "@/shared/format/number.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { ViewLink } from "@/shared/view/ViewLink.tsx";
import { usePlan } from "../queries.ts";
import { useWords } from "../useWords.ts";
import { beside, type Pair, servedShare } from "./beside.ts";

interface Props {
  plan: PlanDetail;
  answer: PlanAnswer;
}

/** What the plan comes to, how good it provably is, and what it leaves out and why. */
export function Headline({ plan, answer }: Props) {
  const { t } = useI18n();
  const before = usePlan(plan.follows);
  const pairs = beside(before.data?.figures ?? [], plan.figures);
  const share = servedShare(plan);
  return (
    <section className="z-dispatch-headline" aria-label={t("dispatch.outcome")}>
      <dl className="z-dispatch-figures">
        {pairs.map((pair) => (
          <Figure
            key={pair.key}
            pair={pair}
            against={before.data?.figures.length ? plan.follows : null}
            share={pair.key === "served" ? share : null}
          />
        ))}
      </dl>
      <Proof answer={answer} />
      <LeftOut answer={answer} />
      <Changed plan={plan} />
      <Notes notes={answer.notes} />
    </section>
  );
}

function Figure(props: { pair: Pair; against: number | null; share: number | null }) {
  const { pair, against, share } = props;
  const { t } = useI18n();
  const { amount, name } = useWords();
  const { before, now, unit } = pair;
  const worse = pair.key === "unserved" && (now ?? 0) > 0;
  return (
    <div>
      <dt>{name(pair.key)}</dt>
      <dd className={worse ? "z-num z-worse" : "z-num"}>
        <b>{now === null ? "–" : amount(now, unit)}</b>
        {share === null ? null : <small> {share}%</small>}
      </dd>
      {against === null ? null : (
        <dd className="z-dispatch-before">
          {before === null ? (
            "–"
          ) : (
            <>
              {t("dispatch.before", { n: against })} {amount(before, unit)}
              {now === null ? null : (
                <b className="z-num"> {signed(Math.round((now - before) * 10) / 10)}</b>
              )}
            </>
          )}
        </dd>
      )}
    </div>
  );
}

/** Value, bound and gap in a sentence, and how it was found. */
function Proof({ answer }: { answer: PlanAnswer }) {
  const { t } = useI18n();
  const { amount, gap } = useWords();
  const value = amount(answer.value, answer.unit);
  const said =
    answer.bound === null || answer.gap === null
      ? t("dispatch.valueNoBound", { value })
      : answer.gap === 0
        ? t("dispatch.valueBest", { value })
        : t("dispatch.valueBound", {
            value,
            bound: amount(answer.bound, answer.unit),
            gap: gap(answer.gap),
          });
  return (
    <p>
      {said}{" "}
      <span className="z-hint">
        {t("dispatch.took", { n: number(Math.round(answer.seconds * 10) / 10) })}
        {answer.seed === null ? "" : ` · ${t("dispatch.seed", { n: answer.seed })}`} ·{" "}
        <CheckCircleFilled className="z-ok" /> {t("dispatch.checked")}
      </span>
    </p>
  );
}

/** "All but 7: no free room 5, too far 2" - or that nothing is left out. */
function LeftOut({ answer }: { answer: PlanAnswer }) {
  const { t } = useI18n();
  const { coded } = useWords();
  const reasons = Object.entries(answer.binding);
  if (answer.unserved === 0)
    return (
      <p>
        <CheckCircleFilled className="z-ok" /> {t("dispatch.allServed")}
      </p>
    );
  return (
    <p className="z-row">
      <strong className="z-worse">{t("dispatch.allBut", { n: number(answer.unserved) })}</strong>
      {reasons.map(([code, amount]) => (
        <span key={code} className="z-dispatch-binds">
          {coded("dispatchConstraint", code)} <b className="z-num">{number(amount)}</b>
        </span>
      ))}
      <ViewLink path="" params={{ tab: "unserved" }}>
        {t("dispatch.whichOnes")}
      </ViewLink>
    </p>
  );
}

/** How much of the plan before stays as it was. */
function Changed({ plan }: { plan: PlanDetail }) {
  const { t } = useI18n();
  if (!plan.changed || !plan.follows) return null;
  const { count, share } = plan.changed;
  return (
    <p>
      {count === 0
        ? t("dispatch.nothingChanged", { plan: plan.follows })
        : t("dispatch.changed", { n: number(count), share: percent(share), plan: plan.follows })}
    </p>
  );
}

function Notes({ notes }: { notes: readonly string[] }) {
  const { coded } = useWords();
  if (notes.length === 0) return null;
  return (
    <ul className="z-hint">
      {notes.map((one) => (
        <li key={one}>
          {coded("dispatchNote", one)} <WhatIfLink note={one} />
        </li>
      ))}
    </ul>
  );
}

/** To the comparison that a note rests on. */
function WhatIfLink({ note }: { note: string }) {
  const { t } = useI18n();
  const [code, id] = note.split(":");
  if (code !== "forecast_of_option" || !id) return null;
  return <ViewLink path={`/whatif/${id}`}>{t("zonePlan.comparison")}</ViewLink>;
}
