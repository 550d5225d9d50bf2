/** The nine kinds of close contact, in the order of the plan (rule WHO-2). */
export const CONTACT_KINDS = [
  "living",
  "care",
  "aerosol",
  "work_study",
  "dining_leisure",
  "visiting",
  "vehicle",
  "environment",
  "field_judgement",
] as const;

export const CONTACT_STATES = [
  "proposed",
  "confirmed",
  "downgraded",
  "isolating",
  "excluded",
  "released",
] as const;
