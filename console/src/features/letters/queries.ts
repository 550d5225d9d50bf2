import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { api, must } from "@/api/client.ts";
import { useKeyset } from "@/shared/view/useKeyset.ts";
import { useView } from "@/shared/view/useView.ts";
import type { FileAsked, ReceiptSent } from "./receipt.ts";

export const STATES = ["sent", "received", "answered"] as const;
export type LetterState = (typeof STATES)[number];
export const DIRECTIONS = ["in", "out"] as const;
export type Direction = (typeof DIRECTIONS)[number];

export interface LetterFilters {
  direction?: Direction;
  state?: LetterState;
  overdue?: boolean;
}

export function useLetters(filters: LetterFilters) {
  const { query } = useView();
  return useKeyset(["letters", query, filters], (after) =>
    must(
      api.GET("/api/v1/letters", {
        params: { query: { ...query, ...filters, ...(after ? { after } : {}) } },
      }),
    ),
  );
}

/** One letter; its rows come page by page, everything else with the first. */
export function useLetter(id: number) {
  const pages = useInfiniteQuery({
    queryKey: ["letter", id],
    queryFn: ({ pageParam }) =>
      must(
        api.GET("/api/v1/letters/{id}", {
          params: { path: { id }, query: pageParam ? { after: pageParam } : {} },
        }),
      ),
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
      must(
        api.POST("/api/v1/letters/{id}/receipt", {
          params: { path: { id }, header: { "Idempotency-Key": key } },
          body,
        }),
      ),
    onSuccess: () =>
      Promise.all(
        ["letter", "letters", "clocks"].map((name) =>
          queries.invalidateQueries({ queryKey: [name] }),
        ),
      ),
  });
}

/** The list with names: fetched for a stated purpose, never cached. */
export function useFile(id: number) {
  return useMutation({
    mutationFn: async (query: FileAsked): Promise<Blob> => {
      const answer = await api.GET("/api/v1/letters/{id}/file", {
        params: { path: { id }, query },
        parseAs: "blob",
      });
      return answer.data as unknown as Blob;
    },
    gcTime: 0,
  });
}
