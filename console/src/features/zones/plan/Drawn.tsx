import { WarningFilled } from "@ant-design/icons";
import { number, percent } from "@/shared/format/number.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { Answered } from "@/shared/ui/states.tsx";
import { usePrice } from "./queries.ts";
import { type Aims, COUNTED, type Ground, type Inside, type Option } from "./types.ts";

interface Props {
  ground: Ground;
  villages: readonly string[];
  aims: Aims;
}

/** Figures of what is drawn, as it is drawn. */
export function Drawn({ ground, villages, aims }: Props) {
  const { t } = useI18n();
  const price = usePrice(ground.unit.code, ground.as_of, villages, aims);
  return (
    <section className="z-plan-card" aria-live="polite">
      <h2>{t("zonePlan.drawn")}</h2>
      <Answered query={price} rows={3}>
        {(data) => <Figures told={data} />}
      </Answered>
    </section>
  );
}

function Figures({ told }: { told: Option }) {
  const { t, term } = useI18n();
  return (
    <>
      <div className="z-costs">
        <div>
          <span>{t("zonePlan.areas")}</span>
          <b className="z-num">{number(told.areas)}</b>
        </div>
        <div>
          <span>{t("zonePlan.covered")}</span>
          <b className="z-num">{percent(told.share)}</b>
        </div>
        <div>
          <span>{t("zone.personDays")}</span>
          <b className="z-num">{number(Math.round(told.cost.person_days))}</b>
        </div>
      </div>
      <Counts inside={told.inside} contacts={told.contacts} />
      <ul className="z-plan-passed">
        {told.passed.map((one) => (
          <li key={`${one.name}${one.zone}`} role="alert">
            <WarningFilled className="z-warn" />{" "}
            {t("zonePlan.passed", {
              name: term("zoneMaximum", one.name),
              have: number(one.have),
              limit: number(one.limit),
            })}
          </li>
        ))}
      </ul>
    </>
  );
}

/** Who and what is inside; what no register holds is said to be unknown. */
export function Counts({ inside, contacts }: { inside: Inside; contacts: number }) {
  const { t, term } = useI18n();
  return (
    <dl className="z-plan-counts">
      {COUNTED.map((name) => (
        <div key={name}>
          <dt>{term("zoneInside", name)}</dt>
          <dd className="z-num">
            {inside[name] === null ? <em>{t("zonePlan.unknown")}</em> : number(inside[name] ?? 0)}
          </dd>
        </div>
      ))}
      <div>
        <dt>{t("zonePlan.contacts")}</dt>
        <dd className="z-num">{number(contacts)}</dd>
      </div>
    </dl>
  );
}
