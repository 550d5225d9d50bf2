/** What somebody counts as: whom a person downgraded is a general contact, whatever was found. */
export const degreeOf = (contact: { degree: number; state: string }): string =>
  contact.state === "downgraded" ? "general" : String(contact.degree);

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
