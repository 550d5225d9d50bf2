import type { WhatIfForm } from "../queries.ts";

/** An area a restriction or a round can be held in. */
export type WhatIfArea = WhatIfForm["areas"][number];
