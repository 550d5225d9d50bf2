import { lazy, Suspense, useMemo } from "react";
import type { DrillDetail, DrillEvening } from "@/api/types.ts";
import { Chart } from "@/shared/charts/Chart.tsx";
import { number } from "@/shared/format/number.ts";
import { monthDay } from "@/shared/format/time.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { knownByDay } from "../charts.ts";
import { knownCases } from "../choice.ts";

const SmallMap = lazy(async () => ({ default: (await import("@/map/SmallMap.tsx")).SmallMap }));
const DAY_MS = 86_400_000;
const MAP_PX = 260;
/** The worst first; the map shows all. */
const VILLAGES = 6;

/** What the headquarters knows on this evening, and nothing else. */
export function Known({ drill, evening }: { drill: DrillDetail; evening: DrillEvening }) {
  const { t } = useI18n();
  return (
    <section className="z-drill-known">
      <h2 className="z-sub">
        {t("drill.evening", { n: evening.day + 1, on: monthDay(evening.date) })}{" "}
        <small>{t("drill.knownOnly")}</small>
      </h2>
      <Figures evening={evening} />
      <Cases evening={evening} />
      <Villages drill={drill} evening={evening} />
    </section>
  );
}

function Figures({ evening }: { evening: DrillEvening }) {
  const { t } = useI18n();
  const { so_far: so } = evening;
  const last = evening.cases.at(-1);
  const rows = [
    [t("drill.casesKnown"), number(knownCases(evening))],
    [t("drill.casesNew"), number((last?.community ?? 0) + (last?.isolated ?? 0))],
    [t("drill.casesCommunity"), number(last?.community ?? 0)],
    [t("drill.isolatedNow"), number(so.isolated)],
    [t("drill.rooms"), t("drill.roomsOf", { n: number(so.rooms), of: number(so.rooms_of) })],
    [t("drill.tests"), number(so.tests)],
    [t("drill.rounds"), number(so.rounds)],
    [t("drill.personDays"), number(so.person_days)],
    [t("drill.rejected"), number(so.rejected)],
  ] as const;
  return (
    <div className="z-costs z-drill-figures">
      {rows.map(([name, value]) => (
        <div key={name}>
          <span>{name}</span>
          <b className="z-num">{value}</b>
        </div>
      ))}
    </div>
  );
}

function Cases({ evening }: { evening: DrillEvening }) {
  const { t } = useI18n();
  const option = useMemo(() => {
    const zero = Date.parse(evening.date) - evening.day * DAY_MS;
    const dates = evening.cases.map((one) =>
      new Date(zero + one.day * DAY_MS).toISOString().slice(0, 10),
    );
    return knownByDay(dates, evening.cases, {
      community: t("drill.inCommunity"),
      isolated: t("drill.inIsolation"),
    });
  }, [evening, t]);
  return (
    <figure className="z-drill-figure">
      <figcaption>
        {t("drill.casesByDay")}{" "}
        <small>
          <i className="z-drill-key z-drill-community" /> {t("drill.inCommunity")}{" "}
          <i className="z-drill-key z-drill-isolated" /> {t("drill.inIsolation")}
        </small>
      </figcaption>
      <Chart option={option} height={130} label={t("drill.casesByDay")} />
    </figure>
  );
}

function Villages({ drill, evening }: { drill: DrillDetail; evening: DrillEvening }) {
  const { t } = useI18n();
  const stops = useMemo(
    () => evening.villages.map((one) => ({ lon: one.lon, lat: one.lat, label: String(one.cases) })),
    [evening],
  );
  const worst = evening.villages
    .toSorted((one, other) => other.recent - one.recent || other.cases - one.cases)
    .slice(0, VILLAGES);
  const county = drill.scenario.county;
  return (
    <div className="z-drill-where">
      {county ? (
        <Suspense fallback={<div className="z-smallmap" style={{ height: MAP_PX }} />}>
          <SmallMap path={county.path} stops={stops} whole height={MAP_PX} />
        </Suspense>
      ) : null}
      <table className="z-plain z-drill-villages">
        <caption>{t("drill.villages", { n: evening.villages.length })}</caption>
        <thead>
          <tr>
            <th>{t("drill.village")}</th>
            <th className="z-num">{t("drill.cases")}</th>
            <th className="z-num">{t("drill.recent")}</th>
          </tr>
        </thead>
        <tbody>
          {worst.map((one) => (
            <tr key={one.code}>
              <td>{one.name}</td>
              <td className="z-num">{one.cases}</td>
              <td className="z-num">{one.recent}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
