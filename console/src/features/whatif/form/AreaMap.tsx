import { useMemo } from "react";
import { type Dot, PickMap, useGround } from "@/map/index.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { Answered } from "@/shared/ui/states.tsx";
import { useVillages, type WhatIfForm } from "../queries.ts";
import { added, covered, spots, toggled } from "./picking.ts";

interface Props {
  form: WhatIfForm;
  value: readonly string[];
  set: (codes: string[]) => void;
  label: string;
}
type At = ReadonlyMap<string, { lon: number; lat: number }>;

/** Areas chosen on the map: villages of one county at the middle of their homes, else counties. */
export default function AreaMap(props: Props) {
  const villages = props.form.areas.some((one) => one.kind === "village");
  return villages ? <Villages {...props} /> : <Counties {...props} />;
}

function Villages(props: Props) {
  const { t } = useI18n();
  const ground = useVillages(props.form.unit.code, props.form.as_of);
  const at = useMemo(
    () =>
      new Map(
        (ground.data?.villages ?? []).flatMap((one) =>
          one.lon === null || one.lat === null
            ? []
            : [[one.code, { lon: one.lon, lat: one.lat }] as const],
        ),
      ),
    [ground.data],
  );
  return (
    <Answered query={ground} rows={4}>
      {() => (
        <Chosen {...props} at={at} pull={t("zonePlan.pull")} middles={t("zonePlan.middles")} />
      )}
    </Answered>
  );
}

function Counties(props: Props) {
  const { t } = useI18n();
  const { counties } = useGround(props.form.unit.path);
  const at = useMemo(
    () =>
      new Map(
        (counties.data?.features ?? []).map(({ properties }) => [
          String(properties?.code),
          { lon: Number(properties?.lon), lat: Number(properties?.lat) },
        ]),
      ),
    [counties.data],
  );
  return (
    <Chosen
      {...props}
      at={at}
      pull={t("whatif.mapPullCounties")}
      middles={t("whatif.mapCounties")}
    />
  );
}

interface ChosenProps extends Props {
  at: At;
  pull: string;
  middles: string;
}

function Chosen({ form, value, set, label, at, pull, middles }: ChosenProps) {
  const { t } = useI18n();
  const { areas } = form;
  const all = useMemo(() => spots(areas), [areas]);
  const dots = useMemo(
    () =>
      all.flatMap(({ code, name, people }): Dot[] => {
        const place = at.get(code);
        return place && Number.isFinite(place.lon) ? [{ code, name, people, ...place }] : [];
      }),
    [all, at],
  );
  const shown = useMemo(() => covered(areas, value), [areas, value]);
  const unplaced = all.filter((one) => one.people > 0 && !at.has(one.code)).length;
  return (
    <PickMap
      path={form.unit.path}
      dots={dots}
      shown={shown}
      toggle={(code) => set(toggled(areas, value, code))}
      add={(codes) => set(added(areas, value, codes))}
      label={label}
      pull={pull}
      note={
        <>
          {middles}
          {unplaced ? ` ${t("zonePlan.unplaced", { n: unplaced })}` : ""}
        </>
      }
    />
  );
}
