import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, idempotencyKey, must } from "@/api/client.ts";
import { useKeyset } from "@/shared/view/useKeyset.ts";
import { useView } from "@/shared/view/useView.ts";

export function useBreaks(removed: boolean) {
  const { query } = useView();
  return useKeyset(["breaks", query, removed], (after) =>
    must(
      api.GET("/api/v1/signals/breaks", {
        params: { query: { ...query, removed, ...(after ? { after } : {}) } },
      }),
    ),
  );
}

export interface Marked {
  unit: string;
  stream: string;
  day: string;
  reason: string;
}

export function useMarkBreak() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: Marked) =>
      must(
        api.POST("/api/v1/signals/breaks", {
          params: { header: { "Idempotency-Key": idempotencyKey() } },
          body,
        }),
      ),
    onSettled: () => queries.invalidateQueries({ queryKey: ["breaks"] }),
  });
}

export function useRemoveBreak() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id, reason }: { id: number; reason: string }) =>
      must(
        api.POST("/api/v1/signals/breaks/{id}/remove", {
          params: { path: { id }, header: { "Idempotency-Key": idempotencyKey() } },
          body: { reason },
        }),
      ),
    onSettled: () => queries.invalidateQueries({ queryKey: ["breaks"] }),
  });
}
