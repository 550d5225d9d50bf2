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

export type SignalAction =
  | "take"
  | "verify"
  | "check"
  | "assess"
  | "declare_event"
  | "dismiss"
  | "reopen";

export interface Act {
  action: SignalAction;
  reason: string;
  /** For an assessment alone. */
  risk?: string;
}

export function useHandle(id: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ action, reason, risk = "" }: Act) => {
      const request = {
        params: { path: { id }, header: { "Idempotency-Key": idempotencyKey() } },
        body: { reason },
      };
      if (action === "assess") {
        const body = { reason, risk };
        return must(api.POST("/api/v1/signals/{id}/assess", { ...request, body }));
      }
      return must(api.POST(`/api/v1/signals/{id}/${action}`, request));
    },
    onSuccess: () =>
      Promise.all(
        ["signal", "signals", "situation"].map((name) =>
          queries.invalidateQueries({ queryKey: [name] }),
        ),
      ),
  });
}
