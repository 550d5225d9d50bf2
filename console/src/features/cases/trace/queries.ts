import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { idempotencyKey } from "@/api/client.ts";
import { ask, type CaseTrace, type ContactChange, type Page, type Traced } from "@/api/pending.ts";
import { useKeyset } from "@/shared/view/useKeyset.ts";
import { useView } from "@/shared/view/useView.ts";
import { useTouched } from "../contacts/queries.ts";
import { asOfOnly } from "../queries.ts";

/** The question put afresh; nothing is written. Asked only when somebody asks. */
export function useFreshTrace(id: number, asked: boolean) {
  const { query } = useView();
  return useQuery({
    queryKey: ["case-trace", id, query.as_of],
    queryFn: () => ask<CaseTrace>("get", `/cases/${id}/trace`, { query: asOfOnly(query) }),
    enabled: asked,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
}

/** Writes the case's contacts as they are traced now; answers what came and went. */
export function useWriteTrace(id: number) {
  const queries = useQueryClient();
  const touched = useTouched();
  return useMutation({
    mutationFn: () =>
      ask<Traced>("post", `/cases/${id}/trace`, { body: {}, key: idempotencyKey() }),
    onSuccess: () =>
      Promise.all([touched(), queries.invalidateQueries({ queryKey: ["case-trace", id] })]),
  });
}

export function useChanges(id: number) {
  const { query } = useView();
  return useKeyset(["case-changes", id, query.as_of], (after) =>
    ask<Page<ContactChange>>("get", `/cases/${id}/changes`, {
      query: { ...asOfOnly(query), ...(after ? { after } : {}) },
    }),
  );
}
