import { useQuery } from "@tanstack/react-query";
import { api, must } from "@/api/client.ts";
import { useKeyset } from "@/shared/view/useKeyset.ts";
import { useView } from "@/shared/view/useView.ts";

export const COLOURS = ["red", "yellow", "green"] as const;

export function useCodes(filters: { colour?: string }) {
  const { query } = useView();
  return useKeyset(["codes", query, filters], (after) =>
    must(
      api.GET("/api/v1/codes", {
        params: { query: { ...query, ...filters, ...(after ? { after } : {}) } },
      }),
    ),
  );
}

export function useCode(id: number) {
  const { query } = useView();
  return useQuery({
    queryKey: ["code", id, query.as_of],
    queryFn: () =>
      must(
        api.GET("/api/v1/codes/{id}", {
          params: { path: { id }, query: query.as_of ? { as_of: query.as_of } : {} },
        }),
      ),
  });
}
