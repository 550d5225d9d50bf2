import { useMutation, useQuery } from "@tanstack/react-query";
import { api, must } from "@/api/client.ts";
import { useView } from "@/shared/view/useView.ts";

export function usePacks() {
  const { query } = useView();
  return useQuery({
    queryKey: ["packs", query],
    queryFn: () => must(api.GET("/api/v1/packs", { params: { query } })),
  });
}

export function usePack(id: string) {
  const { query } = useView();
  return useQuery({
    queryKey: ["pack", id, query],
    queryFn: () => must(api.GET("/api/v1/packs/{id}", { params: { path: { id }, query } })),
  });
}

export function usePackDiff(id: string, from: string, to: string) {
  return useQuery({
    queryKey: ["pack-diff", id, from, to],
    queryFn: () =>
      must(api.GET("/api/v1/packs/{id}/diff", { params: { path: { id }, query: { from, to } } })),
    enabled: from !== to,
  });
}

export function useJudge(id: string) {
  const { asOf } = useView();
  return useMutation({
    mutationFn: (body: { rule_id: string; facts: Record<string, unknown> }) =>
      must(
        api.POST("/api/v1/packs/{id}/judge", {
          params: { path: { id } },
          body: asOf ? { ...body, as_of: asOf } : body,
        }),
      ),
  });
}
