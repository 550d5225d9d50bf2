import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, must } from "@/api/client.ts";
import { useKeyset } from "@/shared/view/useKeyset.ts";
import { useView } from "@/shared/view/useView.ts";

export interface Numbers {
  keep: string;
  other: string;
}

/** Who two numbers are; asked on purpose and never cached. */
export function usePair() {
  return useMutation({
    mutationFn: (body: Numbers) => must(api.POST("/api/v1/persons/pair", { body })),
    gcTime: 0,
  });
}

export function useMerges() {
  const { query } = useView();
  return useKeyset(["merges", query], (after) =>
    must(
      api.GET("/api/v1/persons/merges", {
        params: { query: { ...query, ...(after ? { after } : {}) } },
      }),
    ),
  );
}

/** `key` belongs to the dialog, so that a retry is the same step. */
interface Keyed {
  reason: string;
  key: string;
}

function useListed() {
  const queries = useQueryClient();
  return () => queries.invalidateQueries({ queryKey: ["merges"] });
}

export function useMerge() {
  return useMutation({
    mutationFn: ({ key, ...body }: Numbers & Keyed) =>
      must(
        api.POST("/api/v1/persons/merge", {
          params: { header: { "Idempotency-Key": key } },
          body,
        }),
      ),
    onSuccess: useListed(),
    gcTime: 0,
  });
}

export function useSplit() {
  return useMutation({
    mutationFn: ({ key, id, reason }: Keyed & { id: number }) =>
      must(
        api.POST("/api/v1/persons/merges/{id}/split", {
          params: { path: { id }, header: { "Idempotency-Key": key } },
          body: { reason },
        }),
      ),
    onSuccess: useListed(),
  });
}
