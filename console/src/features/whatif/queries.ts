import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, idempotencyKey, must } from "@/api/client.ts";
import type { ComparisonItem, WhatIfQuestion } from "@/api/types.ts";
import { useKeyset } from "@/shared/view/useKeyset.ts";
import { useView } from "@/shared/view/useView.ts";

const SOON_MS = 2_000;
const LATER_MS = 60_000;

/** Whether it may still change by itself. */
export const underway = ({ state }: { state: string }): boolean =>
  state === "queued" || state === "running";

/** Newest first; asked again soon while one of them is computed. */
export function useComparisons() {
  const { query } = useView();
  const queries = useQueryClient();
  const key = ["whatif", "list", query];
  const known = queries.getQueryData<{ pages: { items: ComparisonItem[] }[] }>(key);
  const busy = known?.pages.some((page) => page.items.some(underway)) ?? false;
  return useKeyset(
    key,
    (after) =>
      must(
        api.GET("/api/v1/whatif", {
          params: { query: { ...query, ...(after ? { after } : {}) } },
        }),
      ),
    busy ? SOON_MS : LATER_MS,
  );
}

/** One comparison; while it waits or runs it is asked for again and again. */
export function useComparison(id: number | null) {
  return useQuery({
    queryKey: ["whatif", id],
    queryFn: () => must(api.GET("/api/v1/whatif/{id}", { params: { path: { id: id ?? 0 } } })),
    enabled: id !== null,
    refetchInterval: ({ state }) => (state.data && underway(state.data) ? SOON_MS : false),
  });
}

/** What a question about a unit can be made of: its areas, what there is, templates. */
export function useWhatIfForm(unit: string | null) {
  return useQuery({
    queryKey: ["whatif", "form", unit],
    queryFn: () =>
      must(api.GET("/api/v1/whatif/form", { params: { query: { unit: unit ?? "" } } })),
    enabled: unit !== null,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** Where the villages of a county lie. */
export function useVillages(unit: string, asOf: string) {
  return useQuery({
    queryKey: ["whatif", "villages", unit, asOf],
    queryFn: () =>
      must(api.GET("/api/v1/zones/ground", { params: { query: { unit, as_of: asOf } } })),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export type WhatIfForm = NonNullable<ReturnType<typeof useWhatIfForm>["data"]>;

function useAgain(): () => Promise<unknown> {
  const queries = useQueryClient();
  return () =>
    Promise.all(
      [["whatif", "list"], ["proposals"]].map((queryKey) =>
        queries.invalidateQueries({ queryKey }),
      ),
    );
}

export function useAsk() {
  return useMutation({
    mutationFn: (body: WhatIfQuestion) =>
      must(
        api.POST("/api/v1/whatif", {
          params: { header: { "Idempotency-Key": idempotencyKey() } },
          body,
        }),
      ),
    onSuccess: useAgain(),
  });
}

export function useWithdraw(id: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () =>
      must(
        api.POST("/api/v1/whatif/{id}/withdraw", {
          params: { path: { id }, header: { "Idempotency-Key": idempotencyKey() } },
        }),
      ),
    onSettled: () => queries.invalidateQueries({ queryKey: ["whatif"] }),
  });
}

export function usePropose(id: number) {
  return useMutation({
    mutationFn: (body: { option: string; reason: string }) =>
      must(
        api.POST("/api/v1/whatif/{id}/propose", {
          params: { path: { id }, header: { "Idempotency-Key": idempotencyKey() } },
          body,
        }),
      ),
    onSuccess: useAgain(),
  });
}
