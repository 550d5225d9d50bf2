export { DrawTool } from "./DrawTool.tsx";
export type { Picked } from "./draw.ts";
export { layersOf, pickedFrom } from "./draw.ts";
export {
  asGeometry,
  type Bounds,
  boundsOf,
  featuresOf,
  ownShape,
  perUnit,
  placed,
  shapesOnPath,
} from "./geo.ts";
export type { LayerKey, LayerSpec } from "./layerSpec.ts";
export { type Camera, MapView, type Unproject } from "./MapView.tsx";
export { type Dot, PickMap } from "./PickMap.tsx";
export { css, GRADE, INK, SLATE, STEEL } from "./palette.ts";
export { SPECS } from "./specs.ts";
export { useGround } from "./useBoundaries.ts";
export { within } from "./within.ts";
