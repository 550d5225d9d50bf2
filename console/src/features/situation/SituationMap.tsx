import type { PickingInfo } from "@deck.gl/core";
import { Suspense, useCallback, useMemo, useState } from "react";
import { useNavigate, useSearchParams } from "react-router";
import {
  type Camera,
  layersOf,
  MapView,
  ownShape,
  type Picked,
  pickedFrom,
  SPECS,
  shapesOnPath,
  useGround,
} from "@/map/index.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { Answered } from "@/shared/ui/states.tsx";
import { useNarrow } from "@/shared/ui/useMedia.ts";
import { useSession } from "@/shared/view/session.tsx";
import { useView } from "@/shared/view/useView.ts";
import { addressOf, readCamera, readLayers, writeCamera } from "./address.ts";
import { belowCounty, firstLook } from "./firstLook.ts";
import { HoverCard } from "./HoverCard.tsx";
import { LayerTree } from "./LayerTree.tsx";
import { markOf, useLayerFeatures } from "./layerFeatures.ts";
import { useMapLayers } from "./queries.ts";
import { TimeSlider } from "./TimeSlider.tsx";
import { usePath } from "./usePath.ts";

const NARROW = { left: 12, right: 12, top: 48, bottom: 84 };
const PADDING = { left: 250, right: 30, top: 24, bottom: 84 };

export function SituationMap() {
  const { t, term } = useI18n();
  const path = usePath();
  const synthetic = useSession().incident?.synthetic ?? true;
  const { counties, cities, ready } = useGround(path);
  const answer = useMapLayers();
  const narrow = useNarrow();
  const { to } = useView();
  const go = useNavigate();
  const [search, setSearch] = useSearchParams();
  const [start] = useState(() => readCamera(search.get("at")));
  const [zoom, setZoom] = useState(start?.zoom ?? 6.5);
  const [hover, setHover] = useState<{ picked: Picked; x: number; y: number } | null>(null);
  const shown = readLayers(search.get("layers"));

  const ground = counties.data?.features;
  const features = useLayerFeatures(answer.data, ground, cities?.features);
  const letter = useCallback(
    (spec: Parameters<typeof markOf>[0], feature: Parameters<typeof markOf>[1]) =>
      markOf(spec, feature, term),
    [term],
  );
  const shownKey = [...shown].join();
  const step = Math.round(zoom * 2) / 2;
  const layers = useMemo(
    () =>
      SPECS.filter((spec) => shownKey.split(",").includes(spec.key)).flatMap((spec) =>
        layersOf(spec, features.get(spec.key) ?? [], { zoom: step, letter }),
      ),
    [shownKey, features, step, letter],
  );
  const marks = useMemo(() => {
    const graded = shownKey.includes("county_colours")
      ? (features.get("county_colours") ?? [])
      : [];
    return new Map(
      graded
        .filter((f) => f.properties?.colour !== "none")
        .map((f): [string, string] => [
          String(f.properties?.code),
          term("gradeLetter", String(f.properties?.colour)),
        ]),
    );
  }, [features, shownKey, term]);
  const outline = useMemo(
    () => ownShape(path, [...(ground ?? []), ...(cities?.features ?? [])]),
    [path, ground, cities],
  );
  const bounds = useMemo(
    () =>
      firstLook(
        path,
        shapesOnPath(path, ground ?? []).map((f) => f.geometry),
        features,
      ),
    [path, ground, features],
  );
  const fitKey = belowCounty(path) && !start ? `${path}${answer.data !== undefined}` : path;

  const onMoved = useCallback(
    (camera: Camera) => {
      setZoom(camera.zoom);
      setSearch(
        (before) =>
          new URLSearchParams([
            ...[...before].filter(([name]) => name !== "at"),
            ["at", writeCamera(camera)],
          ]),
        { replace: true },
      );
    },
    [setSearch],
  );
  const onPick = useCallback(
    (info: PickingInfo, how: "hover" | "click") => {
      const picked = pickedFrom(info, SPECS);
      if (how === "hover") setHover(picked ? { picked, x: info.x, y: info.y } : null);
      if (how === "click" && picked) {
        const path = addressOf(picked);
        if (path) void go(to(...path));
      }
    },
    [go, to],
  );

  return (
    <div className="z-mapbox">
      <Answered query={counties} rows={4}>
        {(data) =>
          ready ? (
            <Suspense>
              <MapView
                counties={data}
                cities={cities}
                layers={layers}
                bounds={bounds}
                fitKey={fitKey}
                camera={start}
                padding={narrow ? NARROW : PADDING}
                marks={marks}
                outline={outline}
                label={t("map.label")}
                onPick={onPick}
                onMoved={onMoved}
              />
            </Suspense>
          ) : null
        }
      </Answered>
      {hover ? <HoverCard {...hover} /> : null}
      <LayerTree answer={answer} shown={shown} synthetic={synthetic} />
      <TimeSlider busy={answer.isFetching} />
      <footer className="z-source">
        {t("map.source", {
          source: term("boundarySource", answer.data?.source ?? counties.data?.source),
        })}
      </footer>
    </div>
  );
}
