import type { Layer, PickingInfo } from "@deck.gl/core";
import { MapboxOverlay } from "@deck.gl/mapbox";
import maplibregl, { type GeoJSONSource } from "maplibre-gl";
import "maplibre-gl/dist/maplibre-gl.css";
import { useEffect, useRef, useState } from "react";
import { baseStyle, collection, names } from "./baseStyle.ts";
import type { Boundary, Bounds, Shape } from "./geo.ts";

export interface Camera {
  lon: number;
  lat: number;
  zoom: number;
}
export interface MapViewProps {
  counties: Boundary;
  cities: Boundary | null;
  layers: Layer[];
  bounds: Bounds | null;
  /** The camera goes to the bounds when this changes, not whenever they do. */
  fitKey: string;
  camera?: Camera | null;
  padding?: { left: number; right: number; top: number; bottom: number };
  marks?: ReadonlyMap<string, string>;
  outline?: readonly Shape[];
  /** Zoom from which counties are named instead of cities. */
  countyNamesFrom?: number;
  label: string;
  onPick?: (info: PickingInfo, how: "hover" | "click") => void;
  onMoved?: (camera: Camera) => void;
  /** Told once the map stands: where on the ground a point of its box lies. */
  onReady?: (ground: Unproject) => void;
}
/** Pixels from the upper left corner of the map to longitude and latitude. */
export type Unproject = (x: number, y: number) => readonly [number, number];

const NO_PADDING = { left: 32, right: 32, top: 32, bottom: 40 };
const COUNTY_NAMES_FROM = 7.4;
const NO_MARKS: ReadonlyMap<string, string> = new Map();

function cameraOf(map: maplibregl.Map): Camera {
  const { lng, lat } = map.getCenter();
  return { lon: lng, lat, zoom: map.getZoom() };
}

function put(map: maplibregl.Map, source: string, features: readonly Shape[]): void {
  map.getSource<GeoJSONSource>(source)?.setData(collection(features));
}

/** MapLibre over our own boundaries, with deck.gl layers woven in under the names. */
export function MapView(props: MapViewProps) {
  const {
    counties,
    cities,
    layers,
    bounds,
    fitKey,
    camera,
    padding = NO_PADDING,
    marks = NO_MARKS,
    outline,
    label,
  } = props;
  const box = useRef<HTMLDivElement>(null);
  const [made, setMade] = useState<{ map: maplibregl.Map; overlay: MapboxOverlay } | null>(null);
  const latest = useRef(props);
  latest.current = props;
  const first = useRef({ camera, bounds, padding });

  useEffect(() => {
    if (!box.current) return;
    const start = first.current;
    const map = new maplibregl.Map({
      container: box.current,
      style: baseStyle(counties, cities, latest.current.countyNamesFrom ?? COUNTY_NAMES_FROM),
      ...(start.camera
        ? { center: [start.camera.lon, start.camera.lat], zoom: start.camera.zoom }
        : start.bounds
          ? { bounds: start.bounds, fitBoundsOptions: { padding: start.padding, maxZoom: 13 } }
          : {}),
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      minZoom: 4,
      maxZoom: 17,
      localIdeographFontFamily:
        '"Noto Sans SC", "Noto Sans CJK SC", "Source Han Sans SC", sans-serif',
    });
    map.touchZoomRotate.disableRotation();
    const overlay = new MapboxOverlay({
      interleaved: true,
      layers: [],
      onHover: (info: PickingInfo) => latest.current.onPick?.(info, "hover"),
      onClick: (info: PickingInfo) => latest.current.onPick?.(info, "click"),
    });
    map.on("load", () => {
      map.addControl(overlay);
      latest.current.onMoved?.(cameraOf(map));
      latest.current.onReady?.((x, y) => map.unproject([x, y]).toArray());
      setMade({ map, overlay });
    });
    map.on("moveend", () => latest.current.onMoved?.(cameraOf(map)));
    return () => {
      setMade(null);
      map.remove();
    };
  }, [counties, cities]);

  useEffect(() => {
    made?.overlay.setProps({ layers });
  }, [made, layers]);

  useEffect(() => {
    if (!made) return;
    const labels = [
      ...names(counties.features, "county", marks),
      ...(cities ? names(cities.features, "city", marks) : []),
    ];
    put(made.map, "names", labels);
  }, [made, counties, cities, marks]);

  useEffect(() => {
    if (made) put(made.map, "scope", outline ?? []);
  }, [made, outline]);

  const seen = useRef(fitKey);
  useEffect(() => {
    if (!made || !bounds || seen.current === fitKey) return;
    seen.current = fitKey;
    made.map.fitBounds(bounds, {
      padding: latest.current.padding ?? NO_PADDING,
      maxZoom: 13,
      duration: 500,
    });
  }, [made, bounds, fitKey]);

  return <section ref={box} className="z-map" aria-label={label} data-ready={made !== null} />;
}
