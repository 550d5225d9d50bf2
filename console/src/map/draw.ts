import type { Layer } from "@deck.gl/core";
import { GeoJsonLayer, ScatterplotLayer, TextLayer } from "@deck.gl/layers";
import type { Feature } from "geojson";
import { type Cell, pointOf, together } from "./geo.ts";
import type { LayerSpec } from "./layerSpec.ts";
import { GRADE, INK, type Rgb } from "./palette.ts";

const FONT =
  '"Noto Sans SC", "Source Han Sans SC", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif';

/** What is under the pointer: a feature, or several drawn as one. */
export interface Picked {
  spec: LayerSpec;
  feature: Feature;
  count: number;
}

export interface DrawContext {
  zoom: number;
  /** The letter that doubles a colour or names a kind of place. */
  letter: (spec: LayerSpec, feature: Feature) => string;
}

export function colourOf(spec: LayerSpec, feature: Feature): Rgb {
  if (spec.colour.kind === "one") return spec.colour.rgb;
  return GRADE[String(feature.properties?.[spec.colour.property])] ?? GRADE.none ?? INK;
}

/** What is only proposed is drawn faint: nobody has decided it. */
const PROPOSED_SHARE = 0.4;

function alphaOf(feature: Feature, opacity: number): number {
  const share = feature.properties?.state === "proposed" ? PROPOSED_SHARE : 1;
  return Math.round(opacity * share * 255);
}

function areas(spec: LayerSpec, features: Feature[], opacity: number, outline: boolean): Layer[] {
  const shown = features.filter(
    (f) => spec.colour.kind !== "grade" || f.properties?.[spec.colour.property] !== "none",
  );
  return [
    new GeoJsonLayer({
      id: spec.key,
      data: { type: "FeatureCollection", features: shown },
      pickable: true,
      filled: true,
      stroked: outline,
      pointType: "circle",
      getPointRadius: 6,
      pointRadiusUnits: "pixels",
      getFillColor: (f) => [...colourOf(spec, f as Feature), alphaOf(f as Feature, opacity)],
      getLineColor: (f) => [...colourOf(spec, f as Feature), 255],
      getLineWidth: 1.5,
      lineWidthUnits: "pixels",
      // Under the names of places, so that these stay readable.
      ...{ beforeId: "marks" },
    }),
  ];
}

function bubbles(
  spec: LayerSpec,
  features: Feature[],
  property: string,
  largestPx: number,
): Layer[] {
  const amount = (f: Feature): number => Math.max(0, Number(f.properties?.[property] ?? 0));
  const top = Math.max(1, ...features.map(amount));
  return [
    new ScatterplotLayer<Feature>({
      id: spec.key,
      data: features.filter((f) => amount(f) > 0 && pointOf(f)),
      pickable: true,
      stroked: true,
      radiusUnits: "pixels",
      lineWidthUnits: "pixels",
      getPosition: (f) => pointOf(f) as [number, number],
      getRadius: (f) => Math.max(3, Math.sqrt(amount(f) / top) * largestPx),
      getFillColor: (f) => [...colourOf(spec, f), 90],
      getLineColor: (f) => [...colourOf(spec, f), 220],
      getLineWidth: 1,
    }),
  ];
}

function places(
  spec: LayerSpec,
  features: Feature[],
  radiusPx: number,
  apart: boolean,
  draw: DrawContext,
): Layer[] {
  const cells: Cell[] = apart
    ? features.flatMap((first) => {
        const position = pointOf(first);
        return position ? [{ position, count: Number(first.properties?.count ?? 1), first }] : [];
      })
    : together(features, Math.round(draw.zoom * 2) / 2);
  const radius = (c: Cell): number =>
    c.count > 1 ? Math.min(20, 8 + Math.sqrt(c.count) * 1.4) : radiusPx;
  const label = (c: Cell): string => {
    if (c.count > 1 && spec.perUnit) return `${draw.letter(spec, c.first)}${c.count}`;
    if (c.count > 1 && spec.colour.kind === "one")
      return `${radiusPx >= 6 ? draw.letter(spec, c.first) : ""}${c.count}`;
    return radiusPx >= 6 ? draw.letter(spec, c.first) : "";
  };
  const labelled = cells.filter((c) => label(c) !== "");
  const circles = [
    new ScatterplotLayer<Cell>({
      id: spec.key,
      data: cells,
      pickable: true,
      stroked: true,
      radiusUnits: "pixels",
      lineWidthUnits: "pixels",
      getPosition: (c) => c.position as [number, number],
      getRadius: radius,
      getFillColor: (c) => [...colourOf(spec, c.first), 225],
      getLineColor: [255, 255, 255, 230],
      getLineWidth: 1,
      updateTriggers: { getRadius: draw.zoom },
    }),
  ];
  if (labelled.length === 0) return circles;
  return [
    ...circles,
    new TextLayer<Cell>({
      id: `${spec.key}-letters`,
      data: labelled,
      getPosition: (c) => c.position as [number, number],
      getText: label,
      getSize: 10,
      getColor: (c) => {
        const [r, g, b] = colourOf(spec, c.first);
        return r * 0.3 + g * 0.59 + b * 0.11 > 150 ? [...INK, 255] : [255, 255, 255, 255];
      },
      fontFamily: FONT,
      fontWeight: 600,
      characterSet: "auto",
      updateTriggers: { getText: draw.letter },
    }),
  ];
}

/** The deck.gl layers of one spec over its features (already placed). */
export function layersOf(spec: LayerSpec, features: Feature[], draw: DrawContext): Layer[] {
  const { shape } = spec;
  switch (shape.kind) {
    case "area":
      return areas(spec, features, shape.opacity, shape.outline);
    case "bubble":
      return bubbles(spec, features, shape.property, shape.largestPx);
    case "place":
      return places(spec, features, shape.radiusPx, draw.zoom >= shape.apartFrom, draw);
  }
}

/** What deck.gl picked, as a feature of one of `specs`. */
export function pickedFrom(
  info: { layer?: { id: string } | null; object?: unknown },
  specs: readonly LayerSpec[],
): Picked | null {
  const spec = specs.find((s) => s.key === info.layer?.id);
  if (!spec || typeof info.object !== "object" || info.object === null) return null;
  if ("first" in info.object) {
    const cell = info.object as Cell;
    return { spec, feature: cell.first, count: cell.count };
  }
  return { spec, feature: info.object as Feature, count: 1 };
}
