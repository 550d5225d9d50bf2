import type { Counts } from "@/api/types.ts";

/** How soon: the five are disjoint, so that they add up to everything that runs. */
export const BUCKETS = ["overdue", "h1", "h4", "h24", "later"] as const;
export type Bucket = (typeof BUCKETS)[number];

export const isBucket = (value: string | undefined): value is Bucket =>
  BUCKETS.some((bucket) => bucket === value);

export function total(counts: Counts): number {
  return BUCKETS.reduce((sum, bucket) => sum + counts[bucket], 0);
}

/** Most urgent first: by what is overdue, then by what comes next. */
export function byUrgency(a: Counts, b: Counts): number {
  for (const bucket of BUCKETS) {
    if (a[bucket] !== b[bucket]) return b[bucket] - a[bucket];
  }
  return 0;
}

/** What a list shows: a bucket or all, of one unit (a unit below with all under it), of one clock. */
export interface Chosen {
  bucket: Bucket | null;
  owner: string | null;
  clock: string | null;
}
export const FILTERS = ["bucket", "owner", "clock"] as const;
export type Filter = (typeof FILTERS)[number];

/** The list a URL asks for; null where it asks for none. */
export function chosenOf(params: Partial<Record<Filter, string>>): Chosen | null {
  if (!FILTERS.some((name) => params[name])) return null;
  return {
    bucket: isBucket(params.bucket) ? params.bucket : null,
    owner: params.owner ?? null,
    clock: params.clock ?? null,
  };
}

/** `all` stands for no bucket, so that the URL says a list is open. */
export function paramsOf(chosen: Partial<Chosen>): Record<Filter, string | null> {
  return {
    bucket: chosen.bucket ?? "all",
    owner: chosen.owner ?? null,
    clock: chosen.clock ?? null,
  };
}

export const CLOSED: Record<Filter, null> = { bucket: null, owner: null, clock: null };
