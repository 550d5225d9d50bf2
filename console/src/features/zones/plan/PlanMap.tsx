import { useMemo } from "react";
import { type Dot, PickMap } from "@/map/index.ts";
import { percent } from "@/shared/format/number.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import type { Ground } from "./types.ts";

interface Props {
  ground: Ground;
  shown: ReadonlySet<string>;
  toggle: (code: string) => void;
  add: (codes: readonly string[]) => void;
}

/** Villages at the middle of their homes, with their share of the evidence. */
export function PlanMap({ ground, shown, toggle, add }: Props) {
  const { t } = useI18n();
  const dots = useMemo(
    () =>
      ground.villages.flatMap(({ code, name, lon, lat, inside }): Dot[] =>
        lon === null || lat === null
          ? []
          : [
              {
                code,
                name,
                lon,
                lat,
                people: inside.people ?? 0,
                told: inside.risk > 0 ? percent(inside.risk) : "",
                worse: inside.risk > 0,
              },
            ],
      ),
    [ground],
  );
  const unplaced = ground.villages.length - dots.length;
  return (
    <PickMap
      path={ground.unit.path}
      dots={dots}
      shown={shown}
      toggle={toggle}
      add={add}
      label={t("zonePlan.map")}
      pull={t("zonePlan.pull")}
      note={
        <>
          {t("zonePlan.middles")}
          {unplaced ? ` ${t("zonePlan.unplaced", { n: unplaced })}` : ""}
        </>
      }
    />
  );
}
