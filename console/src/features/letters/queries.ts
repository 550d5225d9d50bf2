import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { ask, type Letter, type LetterDetail, type Page } from "@/api/pending.ts";
import { useKeyset } from "@/shared/view/useKeyset.ts";
import { useView } from "@/shared/view/useView.ts";
import type { FileAsked, ReceiptSent } from "./receipt.ts";

export interface LetterFilters {
  direction?: string;
  state?: string;
  overdue?: boolean;
}

export function useLetters(filters: LetterFilters) {
  const { query } = useView();
  return useKeyset(["letters", query, filters], (after) =>
    ask<Page<Letter>>("get", "/letters", {
      query: { ...query, ...filters, ...(after ? { after } : {}) },
    }),
  );
}

/** One letter; its rows come page by page, everything else with the first. */
export function useLetter(id: number) {
  const pages = useInfiniteQuery({
    queryKey: ["letter", id],
    queryFn: ({ pageParam }) =>
      ask<LetterDetail>("get", `/letters/${id}`, { query: pageParam ? { after: pageParam } : {} }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.rows_next ?? undefined,
  });
  const data = useMemo(() => {
    const first = pages.data?.pages[0];
    const rows = pages.data?.pages.flatMap((page) => page.rows) ?? [];
    return first ? { ...first, rows } : undefined;
  }, [pages.data]);
  return { ...pages, data };
}

/** `key` belongs to the dialog, so that a retry is the same receipt. */
export function useReceipt(id: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ key, ...body }: ReceiptSent & { key: string }) =>
      ask<LetterDetail>("post", `/letters/${id}/receipt`, { body, key }),
    onSuccess: () =>
      Promise.all(
        ["letter", "letters"].map((name) => queries.invalidateQueries({ queryKey: [name] })),
      ),
  });
}

/** The list with names: fetched for a stated purpose, never cached. */
export function useFile(id: number) {
  return useMutation({
    mutationFn: (query: FileAsked) =>
      ask<Blob>("get", `/letters/${id}/file`, { query: { ...query }, blob: true }),
    gcTime: 0,
  });
}
