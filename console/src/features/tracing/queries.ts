import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, must } from "@/api/client.ts";
import { useKeyset } from "@/shared/view/useKeyset.ts";
import { useView } from "@/shared/view/useView.ts";
import type { Purpose } from "./questions.ts";

/** By what was known then. */
interface Moment {
  as_of?: string;
}
interface Why {
  purpose: Purpose;
  note: string;
}
export type VenueAsked = Why & { place: number; from: string; to: string };
export type TimelineAsked = Why & {
  case_id?: number;
  contact_id?: number;
  from: string;
  to: string;
};
export type CommonAsked = Why & { case_ids: number[] };
export type CompanionsAsked = Why & { case_id: number };

/** A question is put once and on purpose: a mutation, never repeated by itself, never cached. */
function useAsking<In extends object, Out>(put: (asked: In & Moment) => Promise<Out>) {
  const queries = useQueryClient();
  const { asOf } = useView();
  return useMutation({
    mutationFn: (asked: In) => put({ ...asked, ...(asOf ? { as_of: asOf } : {}) }),
    gcTime: 0,
    onSettled: () => queries.invalidateQueries({ queryKey: ["inquiries"] }),
  });
}

export const useVenue = () =>
  useAsking((body: VenueAsked & Moment) => must(api.POST("/api/v1/tracing/venue", { body })));
export const useTimeline = () =>
  useAsking((body: TimelineAsked & Moment) => must(api.POST("/api/v1/tracing/timeline", { body })));
export const useCommon = () =>
  useAsking((body: CommonAsked & Moment) => must(api.POST("/api/v1/tracing/common", { body })));
export const useCompanions = () =>
  useAsking((body: CompanionsAsked & Moment) =>
    must(api.POST("/api/v1/tracing/companions", { body })),
  );

export function useInquiries() {
  const { query } = useView();
  return useKeyset(["inquiries", query], (after) =>
    must(
      api.GET("/api/v1/tracing/inquiries", {
        params: { query: { ...query, ...(after ? { after } : {}) } },
      }),
    ),
  );
}
