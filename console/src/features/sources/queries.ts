import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { api, must } from "@/api/client.ts";
import { useKeyset } from "@/shared/view/useKeyset.ts";
import { useView } from "@/shared/view/useView.ts";

const ALL = 200;

/** Sources page by page, for the list. */
export function useSources(filters: { stream?: string; state?: string }) {
  const { query } = useView();
  return useKeyset(["sources", query, filters], (after) =>
    must(
      api.GET("/api/v1/sources", {
        params: { query: { ...query, ...filters, ...(after ? { after } : {}) } },
      }),
    ),
  );
}

/** Every source of the scope, for the matrix: read to the end. */
export function useAllSources() {
  const { query } = useView();
  const keyset = useKeyset(["sources", "all", query], (after) =>
    must(
      api.GET("/api/v1/sources", {
        params: { query: { ...query, limit: ALL, ...(after ? { after } : {}) } },
      }),
    ),
  );
  const { hasNextPage, isFetchingNextPage, isError, fetchNextPage } = keyset;
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && !isError) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, isError, fetchNextPage]);
  return keyset;
}

/** One source: `code:stream`. */
export function useSource(id: string) {
  const { query } = useView();
  const [scope = "", stream = ""] = id.split(":");
  return useQuery({
    queryKey: ["sources", "one", id, query.as_of],
    queryFn: async () => {
      const page = await must(
        api.GET("/api/v1/sources", { params: { query: { ...query, scope, stream } } }),
      );
      return page.items.find((one) => one.id === id) ?? null;
    },
  });
}
