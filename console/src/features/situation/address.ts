import { type Camera, type LayerKey, type Picked, SPECS } from "@/map/index.ts";
import type { Params } from "@/shared/view/useView.ts";

/** The camera in the URL: "112.55,37.87,8.2". */
export function readCamera(text: string | null): Camera | null {
  const [lon, lat, zoom] = (text ?? "").split(",").map(Number);
  if (lon === undefined || lat === undefined || zoom === undefined) return null;
  return [lon, lat, zoom].every(Number.isFinite) ? { lon, lat, zoom } : null;
}

export function writeCamera({ lon, lat, zoom }: Camera): string {
  return `${lon.toFixed(4)},${lat.toFixed(4)},${zoom.toFixed(2)}`;
}

const KEYS = SPECS.map((spec) => spec.key);
const USUAL = new Set(SPECS.filter((spec) => spec.on).map((spec) => spec.key));

/** The layers shown: those of the URL, or the usual ones. "none" is an empty map. */
export function readLayers(text: string | null): ReadonlySet<LayerKey> {
  if (text === null) return USUAL;
  const asked = new Set(text.split(","));
  return new Set(KEYS.filter((key) => asked.has(key)));
}

export function writeLayers(shown: ReadonlySet<LayerKey>): string | null {
  const same = shown.size === USUAL.size && [...shown].every((key) => USUAL.has(key));
  if (same) return null;
  return shown.size ? KEYS.filter((key) => shown.has(key)).join(",") : "none";
}

/**
 * Where a click on a mark leads: a record, the list of a county, or a desk; nowhere for several
 * records drawn as one.
 */
export function addressOf({
  spec,
  feature,
  count,
}: Picked): [path: string, params?: Params] | null {
  const { opens } = spec;
  if (!opens || (count > 1 && !spec.perUnit)) return null;
  if (!opens.property) return [opens.desk];
  const id = feature.properties?.[opens.property];
  if (!id) return null;
  return spec.perUnit ? [opens.desk, { scope: String(id) }] : [`${opens.desk}/${id}`];
}
