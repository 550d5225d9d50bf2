import { useMutation, useQueryClient } from "@tanstack/react-query";
import {
  ask,
  type Common,
  type Companions,
  type Inquiry,
  type Page,
  type Venue,
  type Whereabouts,
} from "@/api/pending.ts";
import { useKeyset } from "@/shared/view/useKeyset.ts";
import type { Purpose, Question } from "./questions.ts";

interface Why {
  purpose: Purpose;
  note: string;
}
export type VenueAsked = Why & { place_id: string; from: string; to: string };
export type TimelineAsked = Why & {
  case_id?: number;
  contact_id?: number;
  from: string;
  to: string;
};
export type CommonAsked = Why & { case_ids: number[] };
export type CompanionsAsked = Why & { case_id: number };

/** A question is put once and on purpose: a mutation, never repeated by itself, never cached. */
function useAsking<In extends object, Out>(question: Question) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (asked: In) => ask<Out>("post", `/tracing/${question}`, { body: asked }),
    gcTime: 0,
    onSettled: () => queries.invalidateQueries({ queryKey: ["inquiries"] }),
  });
}

export const useVenue = () => useAsking<VenueAsked, Venue>("venue");
export const useTimeline = () => useAsking<TimelineAsked, Whereabouts>("timeline");
export const useCommon = () => useAsking<CommonAsked, Common>("common");
export const useCompanions = () => useAsking<CompanionsAsked, Companions>("companions");

export function useInquiries() {
  return useKeyset(["inquiries"], (after) =>
    ask<Page<Inquiry>>("get", "/tracing/inquiries", { query: after ? { after } : {} }),
  );
}
