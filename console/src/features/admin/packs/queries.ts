import { useMutation, useQuery } from "@tanstack/react-query";
import { api, must } from "@/api/client.ts";
import { useFilters, useView } from "@/shared/view/useView.ts";

/** Noon in Beijing of a day: a pack not in force now is looked at as on a day when it was. */
function noon(day: string): string {
  return new Date(`${day}T12:00:00+08:00`).toISOString();
}

/** The moment as of which the rules are shown: the day asked for in the address, else the view's. */
export function usePackMoment(): { as_of?: string } {
  const { asOf } = useView();
  const [{ on }] = useFilters(["on"] as const);
  const at = on && /^\d{4}-\d\d-\d\d$/.test(on) ? noon(on) : asOf;
  return at ? { as_of: at } : {};
}

export function usePacks() {
  const query = usePackMoment();
  return useQuery({
    queryKey: ["packs", query],
    queryFn: () => must(api.GET("/api/v1/packs", { params: { query } })),
  });
}

export function usePack(id: string) {
  const query = usePackMoment();
  return useQuery({
    queryKey: ["pack", id, query],
    queryFn: () => must(api.GET("/api/v1/packs/{id}", { params: { path: { id }, query } })),
  });
}

export function usePackDiff(id: string, from: string, to: string) {
  return useQuery({
    queryKey: ["pack-diff", id, from, to],
    queryFn: () =>
      must(api.GET("/api/v1/packs/{id}/diff", { params: { path: { id }, query: { from, to } } })),
    enabled: from !== to,
  });
}

export function useJudge(id: string) {
  const moment = usePackMoment();
  return useMutation({
    mutationFn: (body: { rule_id: string; facts: Record<string, unknown> }) =>
      must(
        api.POST("/api/v1/packs/{id}/judge", {
          params: { path: { id } },
          body: { ...body, ...moment },
        }),
      ),
  });
}
