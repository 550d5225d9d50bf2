import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, idempotencyKey, must } from "@/api/client.ts";
import type { ConvertIn, HoldIn, StateIn, ThingIn } from "@/api/types.ts";
import { useKeyset } from "@/shared/view/useKeyset.ts";
import { useView } from "@/shared/view/useView.ts";

export interface ThingFilters {
  kind?: string;
  state?: string;
  mode?: string;
  text?: string;
  part_of?: string;
}

const keyed = () => ({ "Idempotency-Key": idempotencyKey() });

export function useThings(filters: ThingFilters) {
  const { query } = useView();
  return useKeyset(["registry", "things", query, filters], (after) =>
    must(
      api.GET("/api/v1/resources/things", {
        params: { query: { ...query, ...filters, ...(after ? { after } : {}) } },
      }),
    ),
  );
}

export function useThing(id: number) {
  const { asOf } = useView();
  return useQuery({
    queryKey: ["registry", "thing", id, asOf],
    queryFn: () =>
      must(
        api.GET("/api/v1/resources/things/{id}", {
          params: { path: { id }, query: asOf ? { as_of: asOf } : {} },
        }),
      ),
  });
}

export function useReadiness(hours: number) {
  const { query } = useView();
  return useQuery({
    queryKey: ["registry", "readiness", query, hours],
    queryFn: () =>
      must(api.GET("/api/v1/resources/readiness", { params: { query: { ...query, hours } } })),
  });
}

export function useConversions() {
  const { query } = useView();
  return useKeyset(["registry", "conversions", query], (after) =>
    must(
      api.GET("/api/v1/resources/conversions", {
        params: { query: { ...query, ...(after ? { after } : {}) } },
      }),
    ),
  );
}

/** After a change everything of the registry is asked for again. */
function useActing<B, A>(act: (body: B) => Promise<A>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSettled: () => queries.invalidateQueries({ queryKey: ["registry"] }),
  });
}

/** Things that one of `kind` may stand in, by part of their name. */
export function useWholes(kind: string | undefined, text: string) {
  return useQuery({
    queryKey: ["registry", "wholes", kind, text],
    queryFn: () =>
      must(
        api.GET("/api/v1/resources/things", {
          params: { query: { kind: kind ?? "", text, limit: 20 } },
        }),
      ),
    enabled: kind !== undefined,
    placeholderData: keepPreviousData,
  });
}

export const useEnter = () =>
  useActing((body: ThingIn) =>
    must(api.POST("/api/v1/resources/things", { params: { header: keyed() }, body })),
  );

export const useChangeState = (id: number) =>
  useActing((body: StateIn) =>
    must(
      api.POST("/api/v1/resources/things/{id}/state", {
        params: { path: { id }, header: keyed() },
        body,
      }),
    ),
  );

export const useHold = (id: number) =>
  useActing((body: HoldIn) =>
    must(
      api.POST("/api/v1/resources/things/{id}/holds", {
        params: { path: { id }, header: keyed() },
        body,
      }),
    ),
  );

export const useRelease = (id: number) =>
  useActing((holds: number[]) =>
    must(
      api.POST("/api/v1/resources/things/{id}/release", {
        params: { path: { id }, header: keyed() },
        body: { holds },
      }),
    ),
  );

export const useConvert = () =>
  useActing((body: ConvertIn) =>
    must(api.POST("/api/v1/resources/conversions", { params: { header: keyed() }, body })),
  );

export const useReverse = () =>
  useActing(({ id, why }: { id: number; why: string }) =>
    must(
      api.POST("/api/v1/resources/conversions/{id}/reverse", {
        params: { path: { id }, header: keyed() },
        body: { why },
      }),
    ),
  );
