import { Alert, Skeleton } from "antd";
import { number, percent, signed } from "@/shared/format/number.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { Day, When } from "@/shared/ui/marks.tsx";
import { useSession } from "@/shared/view/session.tsx";
import { ViewLink } from "@/shared/view/ViewLink.tsx";
import { underway } from "./ranked.ts";
import type { Modelled, Outcome, Plan, Spread } from "./types.ts";

interface Props {
  plan: Plan;
  /** Key of the zoning that is looked at. */
  chosen: string;
}

/** What the outbreak model says of the zonings: waiting, refused, or its figures. */
export function Simulation({ plan, chosen }: Props) {
  const { t, term, text } = useI18n();
  const told = plan.simulation;
  if (underway(plan))
    return (
      <section className="z-plan-model" aria-busy="true" aria-live="polite">
        <h3>{t("zonePlan.model")}</h3>
        <p>
          {t(told.state === "queued" ? "zonePlan.modelQueued" : "zonePlan.modelRunning", {
            n: plan.options.length,
            runs: told.runs ?? 0,
            days: told.days ?? 0,
          })}{" "}
          {told.asked_at ? <When at={told.asked_at} /> : null}
        </p>
        <Skeleton active title={false} paragraph={{ rows: plan.options.length + 1 }} />
        <p className="z-head-note">{t("zonePlan.modelMeanwhile")}</p>
      </section>
    );
  if (told.state !== "done" || !told.without)
    return (
      <Alert
        type="warning"
        showIcon
        title={t("zonePlan.modelNone")}
        description={told.refusal ? text(told.refusal.message) : t("zonePlan.modelNever")}
      />
    );
  return (
    <section className="z-plan-model" aria-label={t("zonePlan.model")}>
      <h3>
        {t("zonePlan.model")}{" "}
        {told.label ? (
          <b className={told.label === "calibrated" ? "z-tag z-tag-go" : "z-imputed"}>
            {term("whatifLabel", told.label)}
          </b>
        ) : null}{" "}
        {told.synthetic_population ? <b className="z-imputed">{t("whatif.synthetic")}</b> : null}
      </h3>
      <Outcomes plan={plan} without={told.without} chosen={chosen} />
      <p className="z-head-note">
        {t("zonePlan.modelHow", {
          unit: told.unit?.name ?? "",
          runs: told.runs ?? 0,
          days: told.days ?? 0,
          cases: told.cases ?? 0,
        })}{" "}
        {text(told.note)} <Whole plan={plan} />
      </p>
      <One told={told.options.find((one) => one.key === chosen)} />
    </section>
  );
}

function Outcomes({ plan, without, chosen }: Props & { without: Outcome }) {
  const { t } = useI18n();
  const { options, day } = plan.simulation;
  const numbers = new Map(plan.options.map((one, n) => [one.key, n + 1]));
  return (
    <table className="z-plan-outcomes">
      <thead>
        <tr>
          <th scope="col">{t("zonePlan.number")}</th>
          <th scope="col">{t("zonePlan.infections")}</th>
          <th scope="col">{t("zonePlan.noCase", { day })}</th>
          <th scope="col">{t("zonePlan.social")}</th>
          <th scope="col">{t("zonePlan.free")}</th>
        </tr>
      </thead>
      <tbody>
        {options.map((one) => (
          <tr key={one.key} className={one.key === chosen ? "z-chosen" : ""}>
            <th scope="row">{t("zonePlan.option", { n: numbers.get(one.key) ?? 0 })}</th>
            <Figures told={one} />
            <td className="z-num">
              {number(Math.round(one.social_cost))}
              <small>
                {one.days === null
                  ? t("zonePlan.ruleDays")
                  : t("zonePlan.days", { n: number(Math.round(one.days * 10) / 10) })}
              </small>
            </td>
            <td>
              <Free told={one} short />
            </td>
          </tr>
        ))}
        <tr>
          <th scope="row">{t("zonePlan.noZone")}</th>
          <Figures told={without} />
          <td className="z-num">0</td>
          <td>–</td>
        </tr>
      </tbody>
    </table>
  );
}

function Figures({ told }: { told: Outcome }) {
  return (
    <>
      <td className="z-num">
        <Interval told={told.infections} />
      </td>
      <td className="z-num">{told.no_case === null ? "–" : percent(told.no_case)}</td>
    </>
  );
}

/** A mean over its 80 % interval. */
function Interval({ told }: { told: Spread }) {
  return (
    <>
      {number(Math.round(told.mean))}
      <small>
        {number(Math.round(told.low))} – {number(Math.round(told.high))}
      </small>
    </>
  );
}

/** First free day with its interval; where some runs never come to it, it can only be later. */
export function Free({ told, short = false }: { told: Outcome; short?: boolean }) {
  const { t } = useI18n();
  if (!told.free) return <>–</>;
  const { on, low, high } = told.free;
  return (
    <>
      <Dated on={on} short={short} />
      <small>
        <Dated on={low} short={short} /> – <Dated on={high} short={short} />
      </small>
      {told.still_closed ? (
        <small className="z-warn">
          {t("zonePlan.stillClosed", { share: percent(told.still_closed) })}
        </small>
      ) : null}
    </>
  );
}

/** short: without the year, where the column is narrow. */
function Dated({ on, short }: { on: string; short: boolean }) {
  return short ? (
    <time dateTime={on} title={on} className="z-num">
      {on.slice(5)}
    </time>
  ) : (
    <Day on={on} />
  );
}

function One({ told }: { told: Modelled | undefined }) {
  const { t, text } = useI18n();
  if (!told) return null;
  const kinds = ["locked", "home", "central"] as const;
  return (
    <>
      <p>
        <b>{text(told.reason)}</b>
        {told.fewer
          ? ` · ${t("zonePlan.fewer", {
              mean: signed(Math.round(told.fewer.mean)),
              low: signed(Math.round(told.fewer.low)),
              high: signed(Math.round(told.fewer.high)),
              share: percent(told.fewer_share ?? 0),
            })}`
          : ""}
      </p>
      {told.over ? <Alert type="warning" showIcon title={t("zonePlan.modelOver")} /> : null}
      <dl className="z-plan-counts z-plan-kinds">
        {kinds.map((kind) => (
          <div key={kind}>
            <dt>{t(`zonePlan.kind.${kind}`)}</dt>
            <dd className="z-num">
              {number(Math.round(told.kinds[kind].mean))}{" "}
              <small>
                {number(Math.round(told.kinds[kind].low))} –{" "}
                {number(Math.round(told.kinds[kind].high))}
              </small>
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}

/** The comparison itself, for whoever may read it: that of a township's plan is its county's. */
function Whole({ plan }: { plan: Plan }) {
  const { t } = useI18n();
  const { permissions, scope } = useSession();
  const { comparison_id, unit } = plan.simulation;
  const may =
    permissions.includes("whatif.read") && scope !== null && unit?.path.startsWith(scope.path);
  return comparison_id !== null && may ? (
    <ViewLink path={`/whatif/${comparison_id}`}>{t("zonePlan.comparison")}</ViewLink>
  ) : null;
}
