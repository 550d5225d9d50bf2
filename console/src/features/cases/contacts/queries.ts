import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { api, idempotencyKey, must } from "@/api/client.ts";
import { useView } from "@/shared/view/useView.ts";
import { asOfOnly } from "../queries.ts";

export type ContactAction = "confirm" | "downgrade" | "exclude" | "reopen";

/** One contact; its exposures come page by page, everything else with the first. */
export function useContact(id: number) {
  const { query } = useView();
  const pages = useInfiniteQuery({
    queryKey: ["contact", id, query.as_of],
    queryFn: ({ pageParam }) =>
      must(
        api.GET("/api/v1/contacts/{id}", {
          params: {
            path: { id },
            query: { ...asOfOnly(query), ...(pageParam ? { after: pageParam } : {}) },
          },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.exposures_next ?? undefined,
  });
  const data = useMemo(() => {
    const first = pages.data?.pages[0];
    const exposures = pages.data?.pages.flatMap((page) => page.exposures) ?? [];
    return first ? { ...first, exposures } : undefined;
  }, [pages.data]);
  return { ...pages, data };
}

/** What changes when a contact does. */
const TOUCHED = ["contact", "contacts", "case-contacts", "case", "chains", "case-changes"];

export function useTouched() {
  const queries = useQueryClient();
  return () => Promise.all(TOUCHED.map((name) => queries.invalidateQueries({ queryKey: [name] })));
}

/** `key` belongs to the dialog, so that a retry is the same step. */
export function useDecide(id: number) {
  const touched = useTouched();
  return useMutation({
    mutationFn: ({ key, ...body }: { action: ContactAction; reason: string; key: string }) =>
      must(
        api.POST("/api/v1/contacts/{id}/decision", {
          params: { path: { id }, header: { "Idempotency-Key": key } },
          body,
        }),
      ),
    onSuccess: touched,
  });
}

export interface Named {
  id_no: string;
  kind: string;
  from: string;
  to: string;
  note: string;
}

/** Somebody the case remembers having met, whom no scan shows. */
export function useNameContact(caseId: number) {
  const touched = useTouched();
  return useMutation({
    mutationFn: (named: Named) =>
      must(
        api.POST("/api/v1/contacts", {
          params: { header: { "Idempotency-Key": idempotencyKey() } },
          body: { case_id: caseId, ...named },
        }),
      ),
    onSuccess: touched,
  });
}
