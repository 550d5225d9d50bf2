import { lazy, Suspense, useMemo } from "react";
import type { SignalItem, UnitRef } from "@/api/types.ts";
import { useGround } from "@/map/useBoundaries.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { ViewLink } from "@/shared/view/ViewLink.tsx";

const SmallMap = lazy(async () => ({ default: (await import("@/map/SmallMap.tsx")).SmallMap }));
const HEIGHT = 200;

/** Whether the counties around show the same that day: as a table and on a map. */
export function Neighbours({ signal }: { signal: SignalItem }) {
  const { t } = useI18n();
  const rows = [...signal.neighbours].sort((a, b) => b.z - a.z);
  return (
    <>
      <h3>{t("signal.neighbours")}</h3>
      {rows.length === 0 ? (
        <p className="z-hint">{t("signal.noNeighbours")}</p>
      ) : (
        <div className="z-neighbours">
          <table className="z-plain z-sourcedays">
            <thead>
              <tr>
                <th scope="col">{t("sources.county")}</th>
                <th scope="col" className="z-num">
                  z
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map(({ unit, z }) => (
                <tr key={unit.code}>
                  <th scope="row">
                    <ViewLink path="/signals" params={{ scope: unit.code, state: "all" }}>
                      {unit.name}
                    </ViewLink>
                  </th>
                  <td className="z-num">{z.toFixed(1)}</td>
                </tr>
              ))}
            </tbody>
          </table>
          <Suspense fallback={<div className="z-smallmap" style={{ height: HEIGHT }} />}>
            <Around signal={signal} />
          </Suspense>
        </div>
      )}
    </>
  );
}

/** The county and its neighbours, each with its z. */
function Around({ signal }: { signal: SignalItem }) {
  const { counties } = useGround(signal.unit.path);
  const stops = useMemo(() => {
    const shapes = counties.data?.features ?? [];
    const spot = (unit: UnitRef, z: number | null) => {
      const found = shapes.find((one) => one.properties?.code === unit.code)?.properties;
      const label = z === null ? "·" : z.toFixed(1);
      return found ? [{ lon: Number(found.lon), lat: Number(found.lat), label }] : [];
    };
    return [
      ...spot(signal.unit, signal.evidence.score ?? signal.z),
      ...signal.neighbours.flatMap(({ unit, z }) => spot(unit, z)),
    ];
  }, [counties.data, signal]);
  return <SmallMap path={signal.unit.path} stops={stops} height={HEIGHT} />;
}
