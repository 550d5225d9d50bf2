import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, idempotencyKey, must } from "@/api/client.ts";
import { useKeyset } from "@/shared/view/useKeyset.ts";
import { useView } from "@/shared/view/useView.ts";

const page = (after: string | undefined) => (after ? { after } : {});

export function useRuns() {
  return useKeyset(["runs"], (after) =>
    must(api.GET("/api/v1/runs", { params: { query: page(after) } })),
  );
}

/** Queues a cycle; the list then shows how far it has got. */
export function useStartRun() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () =>
      must(
        api.POST("/api/v1/runs", {
          params: { header: { "Idempotency-Key": idempotencyKey() } },
          body: {},
        }),
      ),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["runs"] }),
  });
}

export function useFeeds() {
  return useKeyset(["feeds"], (after) =>
    must(api.GET("/api/v1/feeds", { params: { query: page(after) } })),
  );
}

export function useFeedSources() {
  const { query } = useView();
  return useQuery({
    queryKey: ["feed-sources", query],
    queryFn: () => must(api.GET("/api/v1/feeds/sources", { params: { query } })),
  });
}

export type AuditFilters = Partial<Record<"actor" | "action" | "object", string>>;

export function useAudit(filters: AuditFilters) {
  return useKeyset(["audit", filters], (after) =>
    must(api.GET("/api/v1/audit", { params: { query: { ...filters, ...page(after) } } })),
  );
}

export function useVerifyAudit() {
  return useMutation({ mutationFn: () => must(api.GET("/api/v1/audit/verify")) });
}

export function useUsers() {
  return useQuery({ queryKey: ["users"], queryFn: () => must(api.GET("/api/v1/users")) });
}

export interface NewUser {
  username: string;
  display_name: string;
  posts: { unit: string; role: string }[];
}

export function useAddUser() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: NewUser) => must(api.POST("/api/v1/users", { body })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["users"] }),
    gcTime: 0,
  });
}
