import type { Layer } from "@deck.gl/core";
import { GeoJsonLayer, ScatterplotLayer, TextLayer } from "@deck.gl/layers";
import type { Geometry } from "geojson";
import { useMemo } from "react";
import { useI18n } from "@/shared/i18n/context.tsx";
import { Answered } from "@/shared/ui/states.tsx";
import { boundsOf, ownShape, shapesOnPath } from "./geo.ts";
import { MapView } from "./MapView.tsx";
import { CASE, GRADE, type Rgb, SLATE } from "./palette.ts";
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
  /** The whole unit is shown, not only as much as the stops take. */
  whole?: boolean;
  height: number;
}
/** Half the width of a sign on a dot, in pixels. */
const SIGN = 3.2;
const NO_STOPS: readonly Stop[] = [];

function drawn(geometry: Geometry | null, rgb: Rgb, stops: readonly Stop[]): Layer[] {
  const area = geometry
    ? [
        new GeoJsonLayer({
          id: "area",
          data: { type: "Feature", geometry, properties: {} },
          getFillColor: [...rgb, 90],
          getLineColor: [...rgb, 255],
          getLineWidth: 2,
          lineWidthUnits: "pixels",
          pointRadiusUnits: "pixels",
          getPointRadius: 7,
        }),
      ]
    : [];
  if (stops.length === 0) return area;
  const data = [...stops];
  const getPosition = (s: Stop): [number, number] => [s.lon, s.lat];
  return [
    ...area,
    new ScatterplotLayer<Stop>({
      id: "stops",
      data,
      radiusUnits: "pixels",
      getRadius: (s) => Math.max(8, 3 + s.label.length * SIGN),
      getPosition,
      getFillColor: [...CASE, 230],
    }),
    new TextLayer<Stop>({
      id: "stop-numbers",
      data,
      getPosition,
      getText: (s) => s.label,
      getSize: 10,
      getColor: [255, 255, 255],
      characterSet: "auto",
    }),
  ];
}

/** Where something is: one area, or the places of one person, on the same ground as the big map. */
export function SmallMap(props: Props) {
  const { path, geometry = null, grade, stops = NO_STOPS, whole = false, height } = props;
  const { t, term } = useI18n();
  const { counties, cities, ready } = useGround(path);
  const rgb = (grade ? GRADE[grade] : undefined) ?? SLATE;

  const layers = useMemo(() => drawn(geometry, rgb, stops), [geometry, rgb, stops]);

  const known = counties.data?.features;
  const outline = useMemo(
    () => ownShape(path, [...(known ?? []), ...(cities?.features ?? [])]),
    [path, known, cities],
  );
  const bounds = useMemo(() => {
    const points = stops.map((s): Geometry => ({ type: "Point", coordinates: [s.lon, s.lat] }));
    return boundsOf(
      geometry
        ? [geometry]
        : points.length && !whole
          ? points
          : shapesOnPath(path, known ?? []).map((f) => f.geometry),
    );
  }, [geometry, stops, whole, path, known]);

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
