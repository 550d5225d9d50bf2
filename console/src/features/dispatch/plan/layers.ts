import type { Layer } from "@deck.gl/core";
import { PathLayer, ScatterplotLayer, TextLayer } from "@deck.gl/layers";
import { isFrom, type Spot, type Way } from "./shapes.ts";
import { type Gathered, together } from "./together.ts";

type Rgb = [number, number, number];
const INK: Rgb = [28, 40, 51];
const SLATE: Rgb = [61, 81, 102];
const STEEL: Rgb = [94, 128, 158];
const ACCENT: Rgb = [14, 106, 114];
/** Where things go to is dark and lettered, where they come from light; what is chosen stands out. */
const COLOURS: Readonly<Record<string, Rgb>> = { home: STEEL, cell: STEEL, point: STEEL };
const FONT =
  '"Noto Sans SC", "Source Han Sans SC", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif';

export interface Drawn {
  spots: readonly Spot[];
  ways: readonly Way[];
  /** Of the camera: what lies close together there is drawn as one. */
  zoom: number;
  thing: string | undefined;
  letter: (role: string) => string;
}

/** Ways below, then where things come from, then where they go; bottom to top. */
export function planLayers({ spots, ways, zoom, thing, letter }: Drawn): Layer[] {
  const most = Math.max(9, ...ways.map((one) => one.properties.value || 1));
  const sources = together(
    spots.filter((one) => isFrom(one.properties.role)),
    zoom,
    thing,
  );
  const several = sources.filter((one) => one.properties.count > 1);
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
    dots("from", sources, thing, 4),
    new TextLayer<Gathered>({
      id: "from-counts",
      data: several,
      getPosition: at,
      getText: (one) => String(one.properties.count),
      getSize: 10,
      getColor: [...INK, 255],
      fontFamily: FONT,
      fontWeight: 600,
    }),
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

const at = (one: Spot | Gathered) => one.geometry.coordinates as [number, number];
/** More of them, more ink: two digits find room in the smallest. */
const sized = (one: Spot | Gathered, radius: number): number => {
  const count = "count" in one.properties ? one.properties.count : 1;
  return count > 1 ? Math.min(18, 8 + Math.sqrt(count)) : radius;
};
const on = (one: Spot | Gathered | Way, thing: string | undefined): boolean =>
  thing !== undefined && one.properties.id === thing;

function dots(
  id: string,
  data: readonly (Spot | Gathered)[],
  thing: string | undefined,
  radius: number,
): ScatterplotLayer<Spot | Gathered> {
  return new ScatterplotLayer<Spot | Gathered>({
    id,
    data: [...data],
    pickable: true,
    stroked: true,
    radiusUnits: "pixels",
    lineWidthUnits: "pixels",
    getPosition: at,
    getRadius: (one) => sized(one, radius) + (on(one, thing) ? 3 : 0),
    getFillColor: (one) => [
      ...(on(one, thing) ? ACCENT : (COLOURS[one.properties.role] ?? SLATE)),
      isFrom(one.properties.role) ? 170 : 235,
    ],
    getLineColor: (one) => (on(one, thing) ? [...INK, 255] : [255, 255, 255, 230]),
    getLineWidth: 1,
    updateTriggers: { getRadius: thing, getFillColor: thing, getLineColor: thing },
  });
}
