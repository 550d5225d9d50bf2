import { useMutation, useQuery } from "@tanstack/react-query";
import { api, must } from "@/api/client.ts";
import { useKeyset } from "@/shared/view/useKeyset.ts";
import { useView } from "@/shared/view/useView.ts";

export const CASE_FILTERS = [
  "category",
  "state",
  "reported_from",
  "reported_to",
  "onset_from",
  "onset_to",
  "q",
] as const;
export type CaseFilters = Partial<Record<(typeof CASE_FILTERS)[number], string>>;

export function useCases(filters: CaseFilters) {
  const { query } = useView();
  return useKeyset(["cases", query, filters], (after) =>
    must(
      api.GET("/api/v1/cases", {
        params: { query: { ...query, ...filters, ...(after ? { after } : {}) } },
      }),
    ),
  );
}

export function useCase(id: number) {
  const { query } = useView();
  return useQuery({
    queryKey: ["case", id, query.as_of],
    queryFn: () =>
      must(api.GET("/api/v1/cases/{id}", { params: { path: { id }, query: asOfOnly(query) } })),
  });
}

export interface ContactFilters {
  degree?: number;
  state?: string;
  persons?: boolean;
  to_isolate?: boolean;
}

export function useCaseContacts(id: number, filters: ContactFilters) {
  const { query } = useView();
  return useKeyset(["case-contacts", id, query.as_of, filters], (after) =>
    must(
      api.GET("/api/v1/cases/{id}/contacts", {
        params: {
          path: { id },
          query: { ...asOfOnly(query), ...filters, ...(after ? { after } : {}) },
        },
      }),
    ),
  );
}

export function useContacts(filters: ContactFilters) {
  const { query } = useView();
  return useKeyset(["contacts", query, filters], (after) =>
    must(
      api.GET("/api/v1/contacts", {
        params: { query: { ...query, ...filters, ...(after ? { after } : {}) } },
      }),
    ),
  );
}

/** Opens an identity for a stated purpose; never cached, and every opening is on the record. */
export function useOpenIdentity(id: number) {
  return useMutation({
    mutationFn: (body: { purpose: Purpose; note: string }) =>
      must(api.POST("/api/v1/cases/{id}/identity", { params: { path: { id } }, body })),
    gcTime: 0,
  });
}
export const PURPOSES = ["investigation", "treatment", "transfer", "correction"] as const;
export type Purpose = (typeof PURPOSES)[number];

export function asOfOnly(query: { as_of?: string }): { as_of?: string } {
  return query.as_of ? { as_of: query.as_of } : {};
}

/** Contacts drawn by name; the rest are counted. */
const CHAIN_NODES = 40;

export function useChains(id: number) {
  const { query } = useView();
  return useQuery({
    queryKey: ["chains", id, query.as_of],
    queryFn: () =>
      must(
        api.GET("/api/v1/cases/{id}/chains", {
          params: { path: { id }, query: { ...asOfOnly(query), most: CHAIN_NODES } },
        }),
      ),
  });
}
