import { useQuery } from "@tanstack/react-query";
import { api, must } from "@/api/client.ts";
import { useKeyset } from "@/shared/view/useKeyset.ts";
import { useView } from "@/shared/view/useView.ts";

/** Kinds of red findings: what the rules forbid and the facts show. */
export const KINDS = [
  "measure_past_release",
  "zone_too_large",
  "test_over_maximum",
  "colour_without_reason",
  "selftest_missed",
  "price_rise",
] as const;

export function useFindings(filters: { kind?: string; open: boolean }) {
  const { query } = useView();
  return useKeyset(["findings", query, filters], (after) =>
    must(
      api.GET("/api/v1/findings", {
        params: { query: { ...query, ...filters, ...(after ? { after } : {}) } },
      }),
    ),
  );
}

export function useFinding(id: number) {
  const { query } = useView();
  return useQuery({
    queryKey: ["finding", id, query.as_of],
    queryFn: () =>
      must(
        api.GET("/api/v1/findings/{id}", {
          params: { path: { id }, query: query.as_of ? { as_of: query.as_of } : {} },
        }),
      ),
  });
}
