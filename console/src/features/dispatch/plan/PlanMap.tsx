import type { PickingInfo } from "@deck.gl/core";
import { useCallback, useMemo, useState } from "react";
import type { PlanDetail } from "@/api/types.ts";
import { boundsOf, MapView, ownShape, useGround } from "@/map/index.ts";
import { number } from "@/shared/format/number.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { Answered } from "@/shared/ui/states.tsx";
import { type Facts, isFrom, planLayers, shapesOf, spotsOf, waysOf } from "./layers.ts";

/** Whether anything goes there or comes from there by this plan. */
const takesPart = ({ role, value }: Facts): boolean => isFrom(role) || value > 0;
const PADDING = { left: 48, right: 48, top: 56, bottom: 64 };

interface Props {
  plan: PlanDetail;
  thing: string | undefined;
  choose: (thing: string | null) => void;
}

/** Where things come from, where they go, and the ways between. The tables say the same. */
export function PlanMap({ plan, thing, choose }: Props) {
  const { t, term } = useI18n();
  const { counties, cities, ready } = useGround(plan.unit.path);
  const [pointed, setPointed] = useState<Facts | null>(null);
  const spots = useMemo(() => spotsOf(plan.features), [plan.features]);
  const ways = useMemo(() => waysOf(plan.features), [plan.features]);
  const letter = useCallback((role: string) => term("dispatchRoleLetter", role), [term]);
  const layers = useMemo(
    () => planLayers({ spots, ways, thing, letter }),
    [spots, ways, thing, letter],
  );
  const known = counties.data?.features;
  const outline = useMemo(
    () => ownShape(plan.unit.path, [...(known ?? []), ...(cities?.features ?? [])]),
    [plan.unit.path, known, cities],
  );
  const bounds = useMemo(() => {
    const all = shapesOf(plan.features);
    const used = all.filter((one) => one.geometry.type !== "Point" || takesPart(one.properties));
    return boundsOf((used.length ? used : all).map((one) => one.geometry));
  }, [plan.features]);
  const onPick = useCallback(
    (info: PickingInfo, how: "hover" | "click") => {
      const facts = (info.object as { properties?: Facts } | undefined)?.properties ?? null;
      if (how === "hover") setPointed(facts);
      else choose(facts ? facts.id : null);
    },
    [choose],
  );
  const roles = [...new Set(spots.map((one) => one.properties.role))];
  return (
    <section className="z-plan-map z-dispatch-map" aria-label={t("dispatch.map")}>
      <Answered query={counties} rows={4}>
        {(data) =>
          ready ? (
            <MapView
              counties={data}
              cities={cities}
              layers={layers}
              bounds={bounds}
              padding={PADDING}
              fitKey={String(plan.id)}
              outline={outline}
              countyNamesFrom={6}
              label={t("dispatch.map")}
              onPick={onPick}
            />
          ) : null
        }
      </Answered>
      <div className="z-plan-tools">
        <ul className="z-timeline-legend">
          {roles.map((role) => (
            <li key={role}>
              <i className={isFrom(role) ? "z-dispatch-dot" : "z-dispatch-dot z-dispatch-dot-to"}>
                {isFrom(role) ? "" : letter(role)}
              </i>
              {term("dispatchRole", role)}{" "}
              <span className="z-num">
                {number(spots.filter((one) => one.properties.role === role).length)}
              </span>
            </li>
          ))}
        </ul>
        <span aria-live="polite">{pointed ? <Pointed facts={pointed} /> : null}</span>
      </div>
      <p className="z-plan-note">
        {t("dispatch.mapNote")} {term("boundarySource", counties.data?.source)}
      </p>
    </section>
  );
}

function Pointed({ facts }: { facts: Facts }) {
  const { term } = useI18n();
  const { role, id, label, value } = facts;
  return (
    <>
      <b>{label || id}</b> {term("dispatchRole", role)}
      {value ? <span className="z-num"> {number(value)}</span> : null}
    </>
  );
}
