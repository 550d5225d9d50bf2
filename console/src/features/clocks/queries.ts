import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, idempotencyKey, must } from "@/api/client.ts";
import { useKeyset } from "@/shared/view/useKeyset.ts";
import { useView } from "@/shared/view/useView.ts";
import type { Chosen } from "./buckets.ts";

export const EVERY_MS = 30_000;

export function useWall() {
  const { query } = useView();
  return useQuery({
    queryKey: ["clocks", "wall", query],
    queryFn: () => must(api.GET("/api/v1/clocks/wall", { params: { query } })),
    refetchInterval: EVERY_MS,
    placeholderData: (before) => before,
  });
}

export function useClockList(chosen: Chosen) {
  const view = useView().query;
  const { bucket, owner, clock } = chosen;
  const query = {
    ...view,
    ...(bucket ? { bucket } : {}),
    ...(owner ? { owner } : {}),
    ...(clock ? { clock } : {}),
  };
  return useKeyset(
    ["clocks", "list", query],
    (after) =>
      must(
        api.GET("/api/v1/clocks", { params: { query: { ...query, ...(after ? { after } : {}) } } }),
      ),
    EVERY_MS,
  );
}

export function useClock(id: number) {
  const { query } = useView();
  return useQuery({
    queryKey: ["clock", id, query.as_of],
    queryFn: () => must(api.GET("/api/v1/clocks/{id}", { params: { path: { id }, query } })),
  });
}

const CHANGED = ["clock", "clocks", "notifications"] as const;

function useChanged(): () => Promise<unknown> {
  const queries = useQueryClient();
  return () => Promise.all(CHANGED.map((name) => queries.invalidateQueries({ queryKey: [name] })));
}

export function useRemind() {
  const changed = useChanged();
  return useMutation({
    mutationFn: ({ id, note }: { id: number; note: string }) =>
      must(
        api.POST("/api/v1/clocks/{id}/remind", {
          params: { path: { id }, header: { "Idempotency-Key": idempotencyKey() } },
          body: { note },
        }),
      ),
    onSuccess: changed,
  });
}

/** The closed list of reasons for which a clock may be waived. */
export const REASONS = [
  "duplicate",
  "not_applicable",
  "done_elsewhere",
  "ordered_otherwise",
] as const;
export type WaiveReason = (typeof REASONS)[number];

export function useWaive(id: number) {
  const changed = useChanged();
  return useMutation({
    mutationFn: (body: { reason: WaiveReason; note: string }) =>
      must(
        api.POST("/api/v1/clocks/{id}/waive", {
          params: { path: { id }, header: { "Idempotency-Key": idempotencyKey() } },
          body,
        }),
      ),
    onSuccess: changed,
  });
}
