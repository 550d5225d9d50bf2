/** Kinds of proposals the cycle writes. */
export const KINDS = [
  "signal",
  "event",
  "isolate",
  "zone",
  "colour",
  "transfer",
  "test_round",
  "supply",
  "notice",
  "demand",
] as const;
