import type { PickingInfo } from "@deck.gl/core";
import { useCallback, useMemo, useState } from "react";
import type { PlanDetail } from "@/api/types.ts";
import { boundsOf, type Camera, MapView, ownShape, useGround } from "@/map/index.ts";
import { number } from "@/shared/format/number.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { Answered } from "@/shared/ui/states.tsx";
import { planLayers } from "./layers.ts";
import { type Facts, isFrom, shapesOf, spotsOf, waysOf } from "./shapes.ts";
import { stepOf } from "./together.ts";

type Pointed = Facts & { count?: number };
/** How many are drawn as one; 0 for one alone. */
const several = ({ count = 1 }: Pointed): number => (count > 1 ? count : 0);
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
  const [pointed, setPointed] = useState<Pointed | null>(null);
  const [zoom, setZoom] = useState(7);
  const spots = useMemo(() => spotsOf(plan.features), [plan.features]);
  const ways = useMemo(() => waysOf(plan.features), [plan.features]);
  const letter = useCallback((role: string) => term("dispatchRoleLetter", role), [term]);
  const layers = useMemo(
    () => planLayers({ spots, ways, zoom, thing, letter }),
    [spots, ways, zoom, thing, letter],
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
      const facts = (info.object as { properties?: Pointed } | undefined)?.properties ?? null;
      if (how === "hover") setPointed(facts);
      else if (!facts || several(facts) === 0) choose(facts ? facts.id : null);
    },
    [choose],
  );
  const onMoved = useCallback((camera: Camera) => setZoom(stepOf(camera.zoom)), []);
  const roles = [...new Set(spots.map((one) => one.properties.role))];
  return (
    <div className="z-plan-map z-dispatch-map">
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
              onMoved={onMoved}
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
        <span aria-live="polite">{pointed ? <Told facts={pointed} /> : null}</span>
      </div>
      <p className="z-plan-note">
        {t("dispatch.mapNote")} {term("boundarySource", counties.data?.source)}
      </p>
    </div>
  );
}

function Told({ facts }: { facts: Pointed }) {
  const { t, term } = useI18n();
  const { role, id, label, value } = facts;
  const count = several(facts);
  if (count)
    return (
      <>
        <b>{t("dispatch.together", { n: count, what: term("dispatchRole", role) })}</b>
        {value ? <span className="z-num"> {number(value)}</span> : null}
      </>
    );
  return (
    <>
      <b>{label || id}</b> {term("dispatchRole", role)}
      {value ? <span className="z-num"> {number(value)}</span> : null}
    </>
  );
}
