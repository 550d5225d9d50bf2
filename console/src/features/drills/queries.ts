import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, idempotencyKey, must } from "@/api/client.ts";
import type { DrillChoice, DrillDetail, DrillItem, DrillWish } from "@/api/types.ts";
import { useKeyset } from "@/shared/view/useKeyset.ts";
import { useView } from "@/shared/view/useView.ts";

const SOON_MS = 700;
const LIST_SOON_MS = 2_000;
const LATER_MS = 60_000;

/** Whether a worker has something to do for it. */
export const atWork = ({ state }: { state: string }): boolean =>
  state === "preparing" || state === "stepping" || state === "scoring";

/** Newest first; asked again soon while one of them is at work. */
export function useDrills() {
  const { query } = useView();
  const queries = useQueryClient();
  const key = ["drills", "list", query];
  const known = queries.getQueryData<{ pages: { items: DrillItem[] }[] }>(key);
  const busy = known?.pages.some((page) => page.items.some(atWork)) ?? false;
  return useKeyset(
    key,
    (after) =>
      must(
        api.GET("/api/v1/drills", {
          params: { query: { ...query, ...(after ? { after } : {}) } },
        }),
      ),
    busy ? LIST_SOON_MS : LATER_MS,
  );
}

/** One drill; while the county is stepped it is asked for again and again. */
export function useDrill(id: number | null) {
  return useQuery({
    queryKey: ["drills", id],
    queryFn: () => must(api.GET("/api/v1/drills/{id}", { params: { path: { id: id ?? 0 } } })),
    enabled: id !== null,
    refetchInterval: ({ state }) => (state.data && atWork(state.data) ? SOON_MS : false),
  });
}

/** What a drill of a unit can be. */
export function useDrillForm(unit: string | null) {
  return useQuery({
    queryKey: ["drills", "form", unit],
    queryFn: () =>
      must(api.GET("/api/v1/drills/form", { params: { query: { unit: unit ?? "" } } })),
    enabled: unit !== null,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export function useBegin() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: DrillWish) =>
      must(
        api.POST("/api/v1/drills", {
          params: { header: { "Idempotency-Key": idempotencyKey() } },
          body,
        }),
      ),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["drills", "list"] }),
  });
}

/** The evening is decided; the page goes on with the state the answer tells. */
export function useDecide(drill: DrillDetail) {
  const queries = useQueryClient();
  const { id, step } = drill;
  return useMutation({
    mutationFn: (choice: DrillChoice) =>
      must(
        api.POST("/api/v1/drills/{id}/decide", {
          params: { path: { id }, header: { "Idempotency-Key": idempotencyKey() } },
          body: { step, ...choice },
        }),
      ),
    onSettled: () => queries.invalidateQueries({ queryKey: ["drills"] }),
  });
}

export function useAbandon(id: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () =>
      must(
        api.POST("/api/v1/drills/{id}/abandon", {
          params: { path: { id }, header: { "Idempotency-Key": idempotencyKey() } },
        }),
      ),
    onSettled: () => queries.invalidateQueries({ queryKey: ["drills"] }),
  });
}
