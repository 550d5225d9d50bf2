import type { LayerSpec } from "./layerSpec.ts";
import { CASE, SLATE, STEEL } from "./palette.ts";

const LEVELS = ["high", "medium", "low"];

/** The twelve layers of the situation map, bottom to top. */
export const SPECS: readonly LayerSpec[] = [
  {
    key: "county_colours",
    group: "risk",
    shape: { kind: "area", opacity: 0.42, outline: false },
    colour: { kind: "grade", property: "colour", grades: LEVELS },
    on: true,
    tells: [
      { property: "colour", as: { term: "grade" } },
      { property: "state", as: { term: "zoneState" } },
    ],
  },
  {
    key: "residents",
    group: "people",
    shape: { kind: "bubble", property: "population", largestPx: 26 },
    colour: { kind: "one", rgb: STEEL },
    on: false,
    tells: [{ property: "population", as: "number" }],
  },
  {
    key: "risk_areas",
    group: "risk",
    shape: { kind: "area", opacity: 0.55, outline: true },
    colour: { kind: "grade", property: "level", grades: LEVELS },
    on: true,
    tells: [
      { property: "level", as: { term: "grade" } },
      { property: "state", as: { term: "zoneState" } },
      { property: "residents", as: "number" },
    ],
    opens: { desk: "/zones", property: "zone_id" },
  },
  {
    key: "contacts",
    group: "people",
    shape: { kind: "bubble", property: "count", largestPx: 22 },
    colour: { kind: "one", rgb: SLATE },
    on: false,
    tells: [{ property: "count", as: "number" }],
  },
  {
    key: "vehicles",
    group: "means",
    shape: { kind: "place", radiusPx: 7, apartFrom: 9 },
    colour: { kind: "one", rgb: STEEL },
    on: false,
    tells: [{ property: "count", as: "number" }],
    opens: { desk: "/resources/vehicles", property: "" },
  },
  {
    key: "laboratories",
    group: "means",
    shape: { kind: "place", radiusPx: 7, apartFrom: 9 },
    colour: { kind: "one", rgb: STEEL },
    on: false,
    tells: [{ property: "tubes_per_day", as: "number" }],
    opens: { desk: "/resources/labs", property: "" },
  },
  {
    key: "sampling_points",
    group: "means",
    shape: { kind: "place", radiusPx: 6, apartFrom: 10.5 },
    colour: { kind: "one", rgb: STEEL },
    on: false,
    tells: [{ property: "desks", as: "number" }],
    opens: { desk: "/resources/points", property: "" },
  },
  {
    key: "hospitals",
    group: "means",
    shape: { kind: "place", radiusPx: 7, apartFrom: 9 },
    colour: { kind: "one", rgb: SLATE },
    on: false,
    tells: [
      { property: "beds_free", as: "number" },
      { property: "beds_total", as: "number" },
      { property: "icu_free", as: "number" },
    ],
    opens: { desk: "/resources/hospitals", property: "" },
  },
  {
    key: "isolation_sites",
    group: "means",
    shape: { kind: "place", radiusPx: 7, apartFrom: 9 },
    colour: { kind: "one", rgb: SLATE },
    on: true,
    tells: [
      { property: "rooms_free", as: "number" },
      { property: "rooms_total", as: "number" },
    ],
    opens: { desk: "/resources/sites", property: "" },
  },
  {
    key: "places_notice",
    group: "risk",
    shape: { kind: "place", radiusPx: 7, apartFrom: 9 },
    colour: { kind: "one", rgb: SLATE },
    on: false,
    tells: [{ property: "persons", as: "number" }],
  },
  {
    key: "cases",
    group: "people",
    shape: { kind: "place", radiusPx: 4, apartFrom: 10.5 },
    colour: { kind: "one", rgb: CASE },
    on: true,
    tells: [
      { property: "count", as: "number" },
      { property: "category", as: { term: "caseCategory" } },
      { property: "reported_at", as: "instant" },
    ],
    opens: { desk: "/cases", property: "case_id" },
  },
  {
    key: "signals",
    group: "risk",
    shape: { kind: "place", radiusPx: 8, apartFrom: 0 },
    colour: { kind: "grade", property: "grade", grades: ["red", "orange", "yellow", "blue"] },
    on: true,
    tells: [
      { property: "count", as: "number" },
      { property: "grade", as: { term: "grade" } },
    ],
    opens: { desk: "/signals", property: "scope" },
    perUnit: true,
  },
];
