import type { components } from "@/api/schema.gen.ts";

type Schemas = components["schemas"];

export type Ground = Schemas["ZoneGround"];
export type Village = Schemas["GroundVillage"];
export type Option = Schemas["ZoneOption"];
export type PlanOption = Schemas["PlanOption"];
export type PlanZone = Schemas["PlanZone"];
export type Plan = Schemas["ZonePlanDetail"];
export type Modelled = Schemas["PlanSimulated"];
export type Outcome = Schemas["PlanOutcome"];
export type Spread = Schemas["PlanSpread"];
export type PlanItem = Schemas["ZonePlanItem"];
export type Inside = Schemas["Inside"];

/** What is asked for; the maxima null for none. */
export interface Aims {
  share: number;
  zones: number;
  people_total: number | null;
}
export const FIRST: Aims = { share: 1, zones: 12, people_total: null };
export const COUNTED = [
  "people",
  "households",
  "special_needs",
  "shops",
  "clinics",
  "schools",
] as const;
