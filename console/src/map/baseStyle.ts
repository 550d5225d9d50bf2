import type { StyleSpecification } from "maplibre-gl";
import type { Boundary, Shape } from "./geo.ts";

const FONTS = [
  "Noto Sans SC",
  "Noto Sans CJK SC",
  "Source Han Sans SC",
  "PingFang SC",
  "Microsoft YaHei",
  "sans-serif",
];

/** Names stand at the point the boundary data gives, with the level's letter where there is one. */
export function names(
  features: readonly Shape[],
  level: "city" | "county",
  marks: ReadonlyMap<string, string>,
): Shape[] {
  return features.map((f) => {
    const { code, name, lon, lat } = f.properties ?? {};
    const mark = marks.get(String(code));
    return {
      type: "Feature",
      geometry: { type: "Point", coordinates: [Number(lon), Number(lat)] },
      properties: {
        level,
        label: mark ? `${name} ${mark}` : String(name),
        mark: mark ?? "",
        marked: mark ? 0 : 1,
      },
    };
  });
}

export const collection = (features: readonly Shape[]) =>
  ({ type: "FeatureCollection", features: [...features] }) as GeoJSON.FeatureCollection;

/** The ground of every map: our own boundaries, no tiles. Glyphs are drawn by the browser. */
export function baseStyle(
  counties: Boundary,
  cities: Boundary | null,
  countyNamesFrom: number,
): StyleSpecification {
  const none = new Map<string, string>();
  const labels = [
    ...names(counties.features, "county", none),
    ...(cities ? names(cities.features, "city", none) : []),
  ];
  return {
    version: 8,
    sources: {
      counties: { type: "geojson", data: counties },
      cities: { type: "geojson", data: cities ?? collection([]) },
      names: { type: "geojson", data: collection(labels) },
      scope: { type: "geojson", data: collection([]) },
    },
    layers: [
      { id: "ground", type: "background", paint: { "background-color": "#dfe5ea" } },
      { id: "land", type: "fill", source: "counties", paint: { "fill-color": "#f8fafb" } },
      {
        id: "county-lines",
        type: "line",
        source: "counties",
        paint: {
          "line-color": "#c3ccd4",
          "line-width": ["interpolate", ["linear"], ["zoom"], 6, 0.6, 10, 1.2],
        },
      },
      {
        id: "city-lines",
        type: "line",
        source: "cities",
        paint: { "line-color": "#8e9cab", "line-width": 1.3 },
      },
      {
        id: "scope-line",
        type: "line",
        source: "scope",
        paint: { "line-color": "#0e6a72", "line-width": 2.2 },
      },
      {
        // Where county names do not fit yet, the letter of the level alone.
        id: "marks",
        type: "symbol",
        source: "names",
        maxzoom: countyNamesFrom,
        filter: ["!=", ["get", "mark"], ""],
        layout: {
          "text-field": ["get", "mark"],
          "text-font": FONTS,
          "text-size": 11,
          "text-offset": [0, 0.9],
          "text-allow-overlap": true,
          "text-ignore-placement": true,
        },
        paint: {
          "text-color": "#33434f",
          "text-halo-color": "rgba(255,255,255,0.85)",
          "text-halo-width": 1.2,
        },
      },
      {
        id: "names",
        type: "symbol",
        source: "names",
        filter: [
          "step",
          ["zoom"],
          ["==", ["get", "level"], "city"],
          countyNamesFrom,
          ["==", ["get", "level"], "county"],
        ],
        layout: {
          "text-field": ["get", "label"],
          "text-font": FONTS,
          "text-size": ["interpolate", ["linear"], ["zoom"], 6, 12, 8, 11.5, 11, 14],
          "text-padding": 3,
          "symbol-sort-key": ["get", "marked"],
        },
        paint: {
          "text-color": "#33434f",
          "text-halo-color": "rgba(255,255,255,0.85)",
          "text-halo-width": 1.4,
        },
      },
    ],
  };
}
