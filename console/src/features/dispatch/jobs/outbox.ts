import { ApiError } from "@/api/errors.ts";
import type { JobStep, StepReceipt, Text } from "@/api/types.ts";

/** A receipt the service may not have; sent again under the same key, it counts once. */
export interface Waiting {
  key: string;
  job: number;
  body: StepReceipt & { at: string };
  /** No answer came; until one was asked for, the page shows it as being sent. */
  tried: boolean;
  /** Why the service will not have it; it is not sent again. */
  refused?: Text | null;
}

export interface Outbox {
  items: () => readonly Waiting[];
  put: (one: Waiting) => void;
  drop: (key: string) => void;
  subscribe: (changed: () => void) => () => void;
}

const NONE: readonly Waiting[] = [];

/** What one user of this browser told and nobody has acknowledged: outlives the page. */
export function outboxOf(user: string, store: Storage): Outbox {
  const place = `zhongshu.dispatch.receipts.${user}`;
  const hearers = new Set<() => void>();
  let known = read(store, place);
  const keep = (items: readonly Waiting[]) => {
    known = items.length ? items : NONE;
    try {
      if (items.length) store.setItem(place, JSON.stringify(items));
      else store.removeItem(place);
    } catch {
      // A full or closed store: what was told is kept as long as the page is.
    }
    for (const hear of hearers) hear();
  };
  return {
    items: () => known,
    put: (one) =>
      keep(
        known.some(({ key }) => key === one.key)
          ? known.map((old) => (old.key === one.key ? one : old))
          : [...known, one],
      ),
    drop: (key) => keep(known.filter((one) => one.key !== key)),
    subscribe: (changed) => {
      hearers.add(changed);
      return () => hearers.delete(changed);
    },
  };
}

function read(store: Storage, place: string): readonly Waiting[] {
  try {
    const found: unknown = JSON.parse(store.getItem(place) ?? "[]");
    return Array.isArray(found) ? (found as Waiting[]) : NONE;
  } catch {
    return NONE;
  }
}

/** Whether nobody answered, or somebody on the way who cannot know; 401: one must sign in first. */
export const silent = (error: unknown): boolean =>
  error instanceof ApiError && [0, 401, 502, 503, 504].includes(error.status);

/** Sends what waits, in the order it was told, until nobody answers.  Returns the jobs that changed. */
export async function flush(
  box: Outbox,
  post: (one: Waiting) => Promise<unknown>,
): Promise<readonly number[]> {
  const sent = new Set<number>();
  for (const one of box.items()) {
    if (one.refused !== undefined) continue;
    try {
      await post(one);
      box.drop(one.key);
      sent.add(one.job);
    } catch (error) {
      if (silent(error)) {
        box.put({ ...one, tried: true });
        break;
      }
      const said = error instanceof ApiError ? (error.body?.message ?? null) : null;
      box.put({ ...one, tried: true, refused: said });
      sent.add(one.job);
    }
  }
  return [...sent];
}

/** A step with what was told of it last, whether or not that has arrived. */
export interface Step extends Omit<JobStep, "receipt"> {
  receipt: { what: string; at: string; note: string } | null;
  waits?: boolean;
}

/** The steps as they will stand when everything told has arrived. */
export function overlaid(steps: readonly JobStep[], waiting: readonly Waiting[]): Step[] {
  const last = new Map(
    waiting
      .filter((one) => one.tried && one.refused === undefined)
      .map(({ body }) => [body.step, body]),
  );
  return steps.map((step) => {
    const told = last.get(step.no);
    if (!told) return step;
    const { what, at, note = "" } = told;
    return { ...step, waits: true, receipt: { what, at, note } };
  });
}
