import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, idempotencyKey, must } from "@/api/client.ts";
import { useKeyset } from "@/shared/view/useKeyset.ts";
import { useView } from "@/shared/view/useView.ts";

export function useSignals(filters: { state?: string }) {
  const { query } = useView();
  return useKeyset(["signals", query, filters], (after) =>
    must(
      api.GET("/api/v1/signals", {
        params: { query: { ...query, ...filters, ...(after ? { after } : {}) } },
      }),
    ),
  );
}

export function useSignal(id: number) {
  const { query } = useView();
  return useQuery({
    queryKey: ["signal", id, query.as_of],
    queryFn: () => must(api.GET("/api/v1/signals/{id}", { params: { path: { id }, query } })),
  });
}

export type SignalAction = "take" | "verify" | "dismiss";

export function useHandle(id: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ action, reason }: { action: SignalAction; reason: string }) => {
      const request = {
        params: { path: { id }, header: { "Idempotency-Key": idempotencyKey() } },
        body: { reason },
      };
      switch (action) {
        case "take":
          return must(api.POST("/api/v1/signals/{id}/take", request));
        case "verify":
          return must(api.POST("/api/v1/signals/{id}/verify", request));
        case "dismiss":
          return must(api.POST("/api/v1/signals/{id}/dismiss", request));
      }
    },
    onSuccess: () =>
      Promise.all(
        ["signal", "signals", "situation"].map((name) =>
          queries.invalidateQueries({ queryKey: [name] }),
        ),
      ),
  });
}
