import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";

export interface Page<T> {
  items: T[];
  next?: string | null;
}

/** A list read page by page with the server's cursor; nothing is counted, nothing is skipped. */
export function useKeyset<T>(
  key: readonly unknown[],
  read: (after: string | undefined) => Promise<Page<T>>,
  everyMs?: number,
) {
  const query = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam }) => read(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next ?? undefined,
    placeholderData: keepPreviousData,
    ...(everyMs ? { refetchInterval: everyMs } : {}),
  });
  const items = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data]);
  return { ...query, items };
}
export type Keyset<T> = ReturnType<typeof useKeyset<T>>;
