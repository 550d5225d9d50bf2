import { useQuery } from "@tanstack/react-query";
import { api, must } from "@/api/client.ts";
import { useKeyset } from "@/shared/view/useKeyset.ts";
import { useView } from "@/shared/view/useView.ts";

export function useZones(filters: { level?: string; state?: string; kind?: string }) {
  const { query } = useView();
  return useKeyset(["zones", query, filters], (after) =>
    must(
      api.GET("/api/v1/zones", {
        params: { query: { ...query, ...filters, ...(after ? { after } : {}) } },
      }),
    ),
  );
}

export function useZone(id: number) {
  const { query } = useView();
  return useQuery({
    queryKey: ["zone", id, query.as_of],
    queryFn: () => must(api.GET("/api/v1/zones/{id}", { params: { path: { id }, query } })),
  });
}
