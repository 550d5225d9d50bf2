import type { Feature } from "geojson";
import { useMemo } from "react";
import type { MapLayers } from "@/api/types.ts";
import { featuresOf, type LayerKey, type LayerSpec, perUnit, placed, SPECS } from "@/map/index.ts";

type Shapes = Parameters<typeof placed>[0];

/** Features per layer, those that only name a unit placed on its boundary. */
export function useLayerFeatures(
  answer: MapLayers | undefined,
  counties: Shapes | undefined,
  cities: Shapes | undefined,
): ReadonlyMap<LayerKey, Feature[]> {
  return useMemo(() => {
    const found = new Map<LayerKey, Feature[]>();
    const ground = [...(counties ?? []), ...(cities ?? [])];
    for (const spec of SPECS) {
      const layer = answer?.layers.find((one) => one.key === spec.key);
      if (!layer) continue;
      const as = spec.shape.kind === "area" ? "area" : "point";
      const at = placed(featuresOf(layer.features), ground, as);
      const grades = spec.perUnit && spec.colour.kind === "grade" ? spec.colour.grades : null;
      found.set(spec.key, grades ? perUnit(at, grades) : at);
    }
    return found;
  }, [answer, counties, cities]);
}

/** The letter on a mark: of its grade, or of its kind of place. */
export function markOf(
  spec: LayerSpec,
  feature: Feature,
  term: (group: string, code: string) => string,
): string {
  if (spec.colour.kind === "grade")
    return term("gradeLetter", String(feature.properties?.[spec.colour.property] ?? ""));
  return term("layerLetter", spec.key);
}
