import { useQuery } from "@tanstack/react-query";
import { api, must } from "@/api/client.ts";
import { useKeyset } from "@/shared/view/useKeyset.ts";
import { useView } from "@/shared/view/useView.ts";

const LIVE_MS = 60_000;
export const STATES = ["open", "done", "withdrawn"] as const;
export type TubeState = (typeof STATES)[number];

export function useTubes(state: TubeState) {
  const { query } = useView();
  return useKeyset(
    ["tubes", "list", query, state],
    (after) =>
      must(
        api.GET("/api/v1/tubes", {
          params: { query: { ...query, state, ...(after ? { after } : {}) } },
        }),
      ),
    query.as_of ? undefined : LIVE_MS,
  );
}

export function useTube(id: number) {
  const { asOf } = useView();
  return useQuery({
    queryKey: ["tubes", id, asOf],
    queryFn: () =>
      must(
        api.GET("/api/v1/tubes/{id}", {
          params: { path: { id }, query: asOf ? { as_of: asOf } : {} },
        }),
      ),
    refetchInterval: asOf ? false : LIVE_MS,
  });
}

export function useTubeMembers(id: number) {
  const { asOf } = useView();
  return useKeyset(["tubes", id, "members", asOf], (after) =>
    must(
      api.GET("/api/v1/tubes/{id}/members", {
        params: {
          path: { id },
          query: { ...(asOf ? { as_of: asOf } : {}), ...(after ? { after } : {}) },
        },
      }),
    ),
  );
}
