import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, idempotencyKey, must } from "@/api/client.ts";
import { useKeyset } from "@/shared/view/useKeyset.ts";
import { useView } from "@/shared/view/useView.ts";
import { underway } from "./ranked.ts";
import type { Aims } from "./types.ts";

const SOON_MS = 2_000;

export function useGroundOf(unit: string | null) {
  const { asOf } = useView();
  return useQuery({
    queryKey: ["zone-ground", unit, asOf],
    queryFn: () =>
      must(
        api.GET("/api/v1/zones/ground", {
          params: { query: { unit: unit ?? "", ...(asOf ? { as_of: asOf } : {}) } },
        }),
      ),
    enabled: unit !== null,
  });
}

/** Figures of what is drawn, by the knowledge the ground was read with. */
export function usePrice(unit: string, asOf: string, villages: readonly string[], aims: Aims) {
  return useQuery({
    queryKey: ["zone-price", unit, asOf, villages, aims],
    queryFn: () =>
      must(
        api.POST("/api/v1/zones/price", {
          body: { unit, as_of: asOf, villages: [...villages], ...aims, zone_cost: 0 },
        }),
      ),
    placeholderData: keepPreviousData,
  });
}

export function usePlans() {
  const { query } = useView();
  return useKeyset(["zone-plans", query], (after) =>
    must(
      api.GET("/api/v1/zones/plans", {
        params: { query: { ...query, ...(after ? { after } : {}) } },
      }),
    ),
  );
}

/** A plan; while its zonings are simulated it is asked for again and again. */
export function usePlan(id: number | null) {
  return useQuery({
    queryKey: ["zone-plan", id],
    queryFn: () => must(api.GET("/api/v1/zones/plans/{id}", { params: { path: { id: id ?? 0 } } })),
    enabled: id !== null,
    refetchInterval: ({ state }) => (state.data && underway(state.data) ? SOON_MS : false),
  });
}

export function useAskPlan(unit: string, asOf: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (aims: Aims) =>
      must(
        api.POST("/api/v1/zones/plans", {
          params: { header: { "Idempotency-Key": idempotencyKey() } },
          body: { unit, as_of: asOf, ...aims, zone_cost: 0 },
        }),
      ),
    onSuccess: (plan) => {
      queries.setQueryData(["zone-plan", plan.id], plan);
      return queries.invalidateQueries({ queryKey: ["zone-plans"] });
    },
  });
}

export function usePropose(id: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (chosen: { option: string; unsimulated: boolean }) =>
      must(
        api.POST("/api/v1/zones/plans/{id}/proposal", {
          params: { path: { id }, header: { "Idempotency-Key": idempotencyKey() } },
          body: chosen,
        }),
      ),
    onSuccess: () =>
      Promise.all(
        [["zone-plan", id], ["zone-plans"], ["zones"], ["proposals"]].map((queryKey) =>
          queries.invalidateQueries({ queryKey }),
        ),
      ),
  });
}
