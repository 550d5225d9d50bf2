import { GeoJsonLayer, ScatterplotLayer, TextLayer } from "@deck.gl/layers";
import type { Geometry } from "geojson";
import { useMemo } from "react";
import { useI18n } from "@/shared/i18n/context.tsx";
import { Answered } from "@/shared/ui/states.tsx";
import { boundsOf, shapesOnPath } from "./geo.ts";
import { MapView } from "./MapView.tsx";
import { CASE, GRADE, SLATE } from "./palette.ts";
import { useGround } from "./useBoundaries.ts";

export interface Stop {
  lon: number;
  lat: number;
  label: string;
}
interface Props {
  /** Path of the unit concerned: gives the ground and, without geometry, what is shown. */
  path: string;
  geometry?: Geometry | null;
  grade?: string;
  stops?: readonly Stop[];
  height: number;
}
const NO_STOPS: readonly Stop[] = [];

/** Where something is: one area, or the places of one person, on the same ground as the big map. */
export function SmallMap({ path, geometry = null, grade, stops = NO_STOPS, height }: Props) {
  const { t, term } = useI18n();
  const { counties, cities, ready } = useGround(path);
  const rgb = (grade ? GRADE[grade] : undefined) ?? SLATE;

  const layers = useMemo(
    () => [
      new GeoJsonLayer({
        id: "area",
        data: geometry
          ? { type: "Feature", geometry, properties: {} }
          : { type: "FeatureCollection", features: [] },
        getFillColor: [...rgb, 90],
        getLineColor: [...rgb, 255],
        getLineWidth: 2,
        lineWidthUnits: "pixels",
        pointRadiusUnits: "pixels",
        getPointRadius: 7,
      }),
      new ScatterplotLayer<Stop>({
        id: "stops",
        data: [...stops],
        radiusUnits: "pixels",
        getRadius: 8,
        getPosition: (s) => [s.lon, s.lat],
        getFillColor: [...CASE, 230],
      }),
      new TextLayer<Stop>({
        id: "stop-numbers",
        data: [...stops],
        getPosition: (s) => [s.lon, s.lat],
        getText: (s) => s.label,
        getSize: 10,
        getColor: [255, 255, 255],
        characterSet: "auto",
      }),
    ],
    [geometry, rgb, stops],
  );

  const outline = useMemo(
    () => shapesOnPath(path, counties.data?.features ?? []),
    [path, counties.data],
  );
  const bounds = useMemo(() => {
    const points = stops.map((s): Geometry => ({ type: "Point", coordinates: [s.lon, s.lat] }));
    return boundsOf(
      geometry ? [geometry] : points.length ? points : outline.map((f) => f.geometry),
    );
  }, [geometry, stops, outline]);

  return (
    <figure className="z-smallmap" style={{ height }}>
      <Answered query={counties} rows={3}>
        {(ground) =>
          ready ? (
            <MapView
              counties={ground}
              cities={cities}
              layers={layers}
              bounds={bounds}
              fitKey={JSON.stringify(bounds)}
              outline={outline}
              countyNamesFrom={6}
              label={t("map.small")}
            />
          ) : null
        }
      </Answered>
      <figcaption>{term("boundarySource", counties.data?.source)}</figcaption>
    </figure>
  );
}
