import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useSyncExternalStore } from "react";
import { api, idempotencyKey, must } from "@/api/client.ts";
import type { StepReceipt } from "@/api/types.ts";
import { useClock, useSession } from "@/shared/view/session.tsx";
import { flush, type Outbox, outboxOf, type Waiting } from "./outbox.ts";

const AGAIN_MS = 15_000;
const PATIENCE_MS = 20_000;
const BOXES = new Map<string, Outbox>();
/** One after the other in a window: two at once would send the same twice. */
let sending: Promise<void> = Promise.resolve();

function boxOf(user: string): Outbox {
  const box = BOXES.get(user) ?? outboxOf(user, window.localStorage);
  BOXES.set(user, box);
  return box;
}

const posted = ({ job, key, body }: Waiting) =>
  must(
    api.POST("/api/v1/dispatch/jobs/{id}/receipts", {
      params: { path: { id: job }, header: { "Idempotency-Key": key } },
      body,
      signal: AbortSignal.timeout(PATIENCE_MS),
    }),
  );

/** What was told of jobs and has not arrived; tried again by itself, at once when the network is
 * back. */
export function useOutbox() {
  const box = boxOf(useSession().user.username);
  const queries = useQueryClient();
  const clock = useClock();
  const items = useSyncExternalStore(box.subscribe, box.items);
  const waits = items.some((one) => one.refused === undefined);
  const send = useCallback(() => {
    sending = sending.then(async () => {
      const jobs = await flush(box, async (one) => {
        const answer = await posted(one);
        queries.setQueryData(["dispatch", "job", one.job], answer);
      });
      if (jobs.length) void queries.invalidateQueries({ queryKey: ["dispatch"] });
    });
    return sending;
  }, [box, queries]);
  useEffect(() => {
    if (!waits) return;
    const again = () => void send();
    again();
    const timer = window.setInterval(again, AGAIN_MS);
    window.addEventListener("online", again);
    return () => {
      window.clearInterval(timer);
      window.removeEventListener("online", again);
    };
  }, [waits, send]);
  /** Kept first, then sent: null once it has arrived, else what is kept, waiting or refused. */
  const tell = async (job: number, receipt: StepReceipt): Promise<Waiting | null> => {
    const key = idempotencyKey();
    const at = new Date(clock()).toISOString();
    box.put({ key, job, body: { ...receipt, at }, tried: false });
    await send();
    return box.items().find((one) => one.key === key) ?? null;
  };
  return { items, drop: box.drop, tell };
}
