/** The four questions, in the order of the switch. */
export const QUESTIONS = ["venue", "timeline", "common", "companions"] as const;
export type Question = (typeof QUESTIONS)[number];

export const questionOf = (text: string | undefined): Question =>
  QUESTIONS.find((one) => one === text) ?? "venue";

export const PURPOSES = ["investigation", "treatment", "transfer", "correction", "notice"] as const;
export type Purpose = (typeof PURPOSES)[number];
