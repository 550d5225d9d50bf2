import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { api, must } from "@/api/client.ts";

const LIVE_MS = 30_000;
const PAGE = 100;

export interface Asked {
  text: string;
  open: boolean;
}

/** Published points, page by page; `updated_at` and `total` are those of the first page. */
export function usePublicPoints({ text, open }: Asked) {
  const query = useInfiniteQuery({
    queryKey: ["public", "points", text, open],
    queryFn: ({ pageParam }) =>
      must(
        api.GET("/api/v1/public/points", {
          params: {
            query: { limit: PAGE, text, open, ...(pageParam ? { after: pageParam } : {}) },
          },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: LIVE_MS,
  });
  const items = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data]);
  return { ...query, items, first: query.data?.pages[0] };
}
