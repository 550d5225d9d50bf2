import { CheckCircleFilled, MinusCircleOutlined } from "@ant-design/icons";
import { lazy, Suspense } from "react";
import type { ZoneDetail } from "@/api/types.ts";
import { asGeometry } from "@/map/geo.ts";
import { number } from "@/shared/format/number.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { Day, Grade, Overdue, Period, Rule, State, When } from "@/shared/ui/marks.tsx";
import { SubjectClocks } from "@/shared/ui/SubjectClocks.tsx";
import { Answered } from "@/shared/ui/states.tsx";
import { ViewLink } from "@/shared/view/ViewLink.tsx";
import { useZone } from "./queries.ts";

const SmallMap = lazy(async () => ({ default: (await import("@/map/SmallMap.tsx")).SmallMap }));

export function ZonePage({ id }: { id: number }) {
  const zone = useZone(id);
  return <Answered query={zone}>{(data) => <Zone zone={data} />}</Answered>;
}

/** Why the area was drawn, whom it binds, and what would release it. */
function Zone({ zone }: { zone: ZoneDetail }) {
  const { t } = useI18n();
  return (
    <article className="z-directive">
      <div className="z-directive-scroll">
        <header>
          <h2>{zone.unit.name}</h2>
          <p className="z-row">
            <Grade grade={zone.level} /> <State group="zoneState" state={zone.state} />{" "}
            {t("zone.since")} <Day on={zone.since} />
          </p>
          {zone.overdue_release ? (
            <p>
              <Overdue label={t("zone.overdue")} />
            </p>
          ) : null}
        </header>
        <Suspense fallback={<div className="z-smallmap" style={{ height: 240 }} />}>
          <SmallMap
            path={zone.unit.path}
            geometry={asGeometry(zone.geometry)}
            grade={zone.level}
            height={240}
          />
        </Suspense>
        <Burden zone={zone} />
        <Release release={zone.release} />
        <SubjectClocks kind="zone" id={zone.id} />
        <Evidence zone={zone} />
        <p className="z-head-note">
          <Rule id={zone.rule_id} /> {zone.pack_version}
        </p>
      </div>
    </article>
  );
}

function Burden({ zone }: { zone: ZoneDetail }) {
  const { t } = useI18n();
  return (
    <div className="z-costs">
      <div>
        <span>{t("zone.residents")}</span>
        <b className="z-num">{number(zone.residents)}</b>
      </div>
      <div>
        <span>{t("zone.households")}</span>
        <b className="z-num">{number(zone.households)}</b>
      </div>
      <div>
        <span>{t("zone.personDays")}</span>
        <b className="z-num">{number(zone.person_days)}</b>
      </div>
    </div>
  );
}

function Release({ release }: { release: ZoneDetail["release"] }) {
  const { t, text } = useI18n();
  return (
    <>
      <h3>
        {t("zone.releaseAll")}{" "}
        {release.earliest_on ? (
          <small>
            {t("zone.earliest")} <Day on={release.earliest_on} />
          </small>
        ) : null}
      </h3>
      <ul className="z-conditions">
        {(release.conditions ?? []).map((condition) => (
          <li key={`${condition.rule_id}-${text(condition.text)}`}>
            {condition.met ? (
              <CheckCircleFilled className="z-ok" />
            ) : (
              <MinusCircleOutlined className="z-none" />
            )}
            <span>
              {text(condition.text)}{" "}
              <small>{t(condition.met ? "zone.conditionMet" : "zone.conditionOpen")}</small>
            </span>
            {condition.due_on ? <Day on={condition.due_on} /> : null}
            <Rule id={condition.rule_id} />
          </li>
        ))}
      </ul>
    </>
  );
}

function Evidence({ zone }: { zone: ZoneDetail }) {
  const { t } = useI18n();
  const { cases = [], places = [], windows = [] } = zone.evidence;
  return (
    <>
      <h3>{t("zone.evidence")}</h3>
      <dl className="z-facts">
        <dt>{t("desk.cases")}</dt>
        <dd className="z-units">
          {cases.map((one) => (
            <ViewLink key={one.id} path={`/cases/${one.id}`}>
              {one.case_no}
            </ViewLink>
          ))}
        </dd>
        <dt>{t("zone.places")}</dt>
        <dd>{places.map(String).join(", ") || "–"}</dd>
        <dt>{t("zone.windows")}</dt>
        <dd>
          {windows.length
            ? windows.map((one) => <Between key={JSON.stringify(one)} span={one} />)
            : "–"}
        </dd>
      </dl>
    </>
  );
}

/** An exposure window as the run wrote it: {from, to}, either of which may be unknown. */
function Between({ span }: { span: unknown }) {
  if (typeof span !== "object" || span === null) return <span>{String(span)}</span>;
  const from = "from" in span && typeof span.from === "string" ? span.from : null;
  const to = "to" in span && typeof span.to === "string" ? span.to : null;
  return from ? <Period from={from} to={to} /> : <When at={to} short />;
}
