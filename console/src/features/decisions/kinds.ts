/** Kinds of proposals, to filter by. */
export const KINDS = [
  "signal",
  "event",
  "isolate",
  "zone",
  "colour",
  "rooms",
  "beds",
  "transfer",
  "recollect",
  "test_round",
  "supply",
  "procurement",
  "notice",
  "demand",
  "dispatch",
  "whatif",
] as const;
