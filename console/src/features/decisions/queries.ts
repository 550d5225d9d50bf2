import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, idempotencyKey, must } from "@/api/client.ts";
import type { DecisionIn } from "@/api/types.ts";
import { useKeyset } from "@/shared/view/useKeyset.ts";
import { useView } from "@/shared/view/useView.ts";

export interface QueueFilters {
  state?: string;
  kind?: string;
}

export function useQueue(filters: QueueFilters) {
  const { query } = useView();
  return useKeyset(["proposals", query, filters], (after) =>
    must(
      api.GET("/api/v1/proposals", {
        params: { query: { ...query, ...filters, ...(after ? { after } : {}) } },
      }),
    ),
  );
}

export function useProposal(id: number) {
  const { query } = useView();
  return useQuery({
    queryKey: ["proposal", id, query.as_of],
    queryFn: () => must(api.GET("/api/v1/proposals/{id}", { params: { path: { id }, query } })),
  });
}

/** Decides once: the key is made when the dialog opens, so that a retry is the same decision. */
export function useDecide(id: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ body, key }: { body: DecisionIn; key: string }) =>
      must(
        api.POST("/api/v1/proposals/{id}/decision", {
          params: { path: { id }, header: { "Idempotency-Key": key } },
          body,
        }),
      ),
    onSuccess: () =>
      Promise.all(
        ["proposal", "proposals", "directives", "dispatch", "resources", "situation", "zones"].map(
          (name) => queries.invalidateQueries({ queryKey: [name] }),
        ),
      ),
  });
}

export { idempotencyKey };
