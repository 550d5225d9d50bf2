import type { Layer } from "@deck.gl/core";
import { PathLayer, ScatterplotLayer, TextLayer } from "@deck.gl/layers";
import type { Feature, LineString, Point } from "geojson";

/** What one place or way of a plan is, as the service tells it. */
export interface Facts {
  role: string;
  id: string;
  label: string;
  value: number;
}
export type Spot = Feature<Point, Facts>;
export type Way = Feature<LineString, Facts>;

type Rgb = [number, number, number];
const INK: Rgb = [28, 40, 51];
const SLATE: Rgb = [61, 81, 102];
const STEEL: Rgb = [94, 128, 158];
const ACCENT: Rgb = [14, 106, 114];
/** Where things go to is dark and lettered, where they come from light; what is chosen stands out. */
const COLOURS: Readonly<Record<string, Rgb>> = { home: STEEL, cell: STEEL, point: STEEL };
const FROM: readonly string[] = ["home", "cell"];
const FONT =
  '"Noto Sans SC", "Source Han Sans SC", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif';

/** The service's GeoJSON; anything else is left out. */
export function shapesOf(features: readonly unknown[]): Feature<Point | LineString, Facts>[] {
  return features.filter(
    (one): one is Feature<Point | LineString, Facts> =>
      typeof one === "object" && one !== null && "geometry" in one && "properties" in one,
  );
}

export const isFrom = (role: string): boolean => FROM.includes(role);

export function spotsOf(features: readonly unknown[]): Spot[] {
  return shapesOf(features).filter((one): one is Spot => one.geometry.type === "Point");
}

export function waysOf(features: readonly unknown[]): Way[] {
  return shapesOf(features).filter((one): one is Way => one.geometry.type === "LineString");
}

export interface Drawn {
  spots: readonly Spot[];
  ways: readonly Way[];
  thing: string | undefined;
  letter: (role: string) => string;
}

/** Ways below, then where things come from, then where they go; bottom to top. */
export function planLayers({ spots, ways, thing, letter }: Drawn): Layer[] {
  const most = Math.max(9, ...ways.map((one) => one.properties.value || 1));
  const places = spots.filter((one) => !isFrom(one.properties.role));
  return [
    new PathLayer<Way>({
      id: "ways",
      data: [...ways].sort((a, b) => Number(on(a, thing)) - Number(on(b, thing))),
      pickable: true,
      widthUnits: "pixels",
      getPath: (one) => one.geometry.coordinates as [number, number][],
      getWidth: (one) =>
        on(one, thing) ? 4 : 1 + 2.5 * Math.sqrt((one.properties.value || 1) / most),
      getColor: (one) => (on(one, thing) ? [...ACCENT, 255] : [...STEEL, thing ? 60 : 130]),
      updateTriggers: { getWidth: thing, getColor: thing },
    }),
    dots(
      "from",
      spots.filter((one) => isFrom(one.properties.role)),
      thing,
      4,
    ),
    dots("places", places, thing, 9),
    new TextLayer<Spot>({
      id: "place-letters",
      data: places,
      getPosition: at,
      getText: (one) => letter(one.properties.role),
      getSize: 10,
      getColor: [255, 255, 255, 255],
      fontFamily: FONT,
      fontWeight: 600,
      characterSet: "auto",
      updateTriggers: { getText: letter },
    }),
  ];
}

const at = (one: Spot) => one.geometry.coordinates as [number, number];
const on = (one: Spot | Way, thing: string | undefined): boolean =>
  thing !== undefined && one.properties.id === thing;

function dots(
  id: string,
  data: readonly Spot[],
  thing: string | undefined,
  radius: number,
): ScatterplotLayer<Spot> {
  return new ScatterplotLayer<Spot>({
    id,
    data: [...data],
    pickable: true,
    stroked: true,
    radiusUnits: "pixels",
    lineWidthUnits: "pixels",
    getPosition: at,
    getRadius: (one) => (on(one, thing) ? radius + 3 : radius),
    getFillColor: (one) => [
      ...(on(one, thing) ? ACCENT : (COLOURS[one.properties.role] ?? SLATE)),
      isFrom(one.properties.role) ? 170 : 235,
    ],
    getLineColor: (one) => (on(one, thing) ? [...INK, 255] : [255, 255, 255, 230]),
    getLineWidth: 1,
    updateTriggers: { getRadius: thing, getFillColor: thing, getLineColor: thing },
  });
}
