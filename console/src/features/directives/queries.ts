import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, must } from "@/api/client.ts";
import { useKeyset } from "@/shared/view/useKeyset.ts";
import { useView } from "@/shared/view/useView.ts";

export interface DirectiveFilters {
  state?: string;
  mine?: boolean;
  overdue?: boolean;
}

export function useDirectives(filters: DirectiveFilters) {
  const { query } = useView();
  return useKeyset(["directives", query, filters], (after) =>
    must(
      api.GET("/api/v1/directives", {
        params: { query: { ...query, ...filters, limit: 100, ...(after ? { after } : {}) } },
      }),
    ),
  );
}

export function useDirective(id: number) {
  const { query } = useView();
  return useQuery({
    queryKey: ["directive", id, query.as_of],
    queryFn: () => must(api.GET("/api/v1/directives/{id}", { params: { path: { id }, query } })),
  });
}

export type Act =
  | { action: "sign"; note: string }
  | { action: "report"; text: string }
  | { action: "close"; note: string }
  | { action: "forward"; to_units: string[]; note: string };

function send(id: number, act: Act, key: string) {
  const params = { path: { id }, header: { "Idempotency-Key": key } };
  switch (act.action) {
    case "sign":
      return must(api.POST("/api/v1/directives/{id}/sign", { params, body: { note: act.note } }));
    case "report":
      return must(api.POST("/api/v1/directives/{id}/report", { params, body: { text: act.text } }));
    case "close":
      return must(api.POST("/api/v1/directives/{id}/close", { params, body: { note: act.note } }));
    case "forward":
      return must(
        api.POST("/api/v1/directives/{id}/forward", {
          params,
          body: { to_units: act.to_units, note: act.note },
        }),
      );
  }
}

/** One step of a directive's life; `key` belongs to the dialog, so that a retry is the same step. */
export function useAct(id: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ act, key }: { act: Act; key: string }) => send(id, act, key),
    onSuccess: () =>
      Promise.all(
        ["directive", "directives", "situation"].map((name) =>
          queries.invalidateQueries({ queryKey: [name] }),
        ),
      ),
  });
}
