import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, idempotencyKey, must } from "@/api/client.ts";
import { useKeyset } from "@/shared/view/useKeyset.ts";
import { useView } from "@/shared/view/useView.ts";
import { useTouched } from "../contacts/queries.ts";
import { asOfOnly } from "../queries.ts";

/** The question put afresh; nothing is written. Asked only when somebody asks. */
export function useFreshTrace(id: number, asked: boolean) {
  const { query } = useView();
  return useQuery({
    queryKey: ["case-trace", id, query.as_of],
    queryFn: () =>
      must(
        api.GET("/api/v1/cases/{id}/trace", { params: { path: { id }, query: asOfOnly(query) } }),
      ),
    enabled: asked,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
}

/** Writes the case's contacts as they are traced now; answers what came and went. */
export function useWriteTrace(id: number) {
  const queries = useQueryClient();
  const touched = useTouched();
  return useMutation({
    mutationFn: () =>
      must(
        api.POST("/api/v1/cases/{id}/trace", {
          params: { path: { id }, header: { "Idempotency-Key": idempotencyKey() } },
        }),
      ),
    onSuccess: () =>
      Promise.all([touched(), queries.invalidateQueries({ queryKey: ["case-trace", id] })]),
  });
}

export function useChanges(id: number) {
  const { query } = useView();
  return useKeyset(["case-changes", id, query.as_of], (after) =>
    must(
      api.GET("/api/v1/cases/{id}/changes", {
        params: { path: { id }, query: { ...asOfOnly(query), ...(after ? { after } : {}) } },
      }),
    ),
  );
}
