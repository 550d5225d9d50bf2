import type { Rgb } from "./palette.ts";

export type LayerKey =
  | "county_colours"
  | "risk_areas"
  | "cases"
  | "signals"
  | "contacts"
  | "isolation_sites"
  | "hospitals"
  | "sampling_points"
  | "vehicles"
  | "laboratories"
  | "places_notice"
  | "residents";

export type Group = "risk" | "people" | "means";

/** Colour of a feature: one for all, or by the value of a property (a grade, always lettered). */
export type Colour =
  | { kind: "one"; rgb: Rgb }
  | { kind: "grade"; property: string; grades: string[] };

export type Shape =
  | { kind: "area"; opacity: number; outline: boolean }
  /** Circles whose area follows a number. */
  | { kind: "bubble"; property: string; largestPx: number }
  /** Places; drawn together in cells of the screen until one has zoomed in to `apartFrom`. */
  | { kind: "place"; radiusPx: number; apartFrom: number };

/** What hovering tells, line by line. */
export interface Line {
  property: string;
  as: "number" | "instant" | "text" | { term: string };
}

/** A layer of the map is data: what is drawn, how it is told apart, where a click leads. */
export interface LayerSpec {
  key: LayerKey;
  group: Group;
  shape: Shape;
  colour: Colour;
  on: boolean;
  tells: Line[];
  opens?: { desk: string; property: string };
  /** One mark for each county, with its number of features and the worst of their grades. */
  perUnit?: boolean;
}
