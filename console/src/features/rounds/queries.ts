import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, idempotencyKey, must } from "@/api/client.ts";
import type { RoundIn } from "@/api/types.ts";
import { useKeyset } from "@/shared/view/useKeyset.ts";
import { useView } from "@/shared/view/useView.ts";

const LIVE_MS = 20_000;

export function useRounds() {
  const { query } = useView();
  return useKeyset(["rounds", "list", query], (after) =>
    must(
      api.GET("/api/v1/rounds", { params: { query: { ...query, ...(after ? { after } : {}) } } }),
    ),
  );
}

/** One round; asked for again while one looks at now. */
export function useRound(id: number) {
  const { asOf } = useView();
  return useQuery({
    queryKey: ["rounds", id, asOf],
    queryFn: () =>
      must(
        api.GET("/api/v1/rounds/{id}", {
          params: { path: { id }, query: asOf ? { as_of: asOf } : {} },
        }),
      ),
    refetchInterval: asOf ? false : LIVE_MS,
  });
}

export function useRoundPoints(id: number) {
  const { asOf } = useView();
  return useKeyset(
    ["rounds", id, "points", asOf],
    (after) =>
      must(
        api.GET("/api/v1/rounds/{id}/points", {
          params: {
            path: { id },
            query: { ...(asOf ? { as_of: asOf } : {}), ...(after ? { after } : {}) },
          },
        }),
      ),
    asOf ? undefined : LIVE_MS,
  );
}

function useActing<B, A>(act: (body: B) => Promise<A>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSettled: () => queries.invalidateQueries({ queryKey: ["rounds"] }),
  });
}

export const useOpenRound = () =>
  useActing((body: RoundIn) =>
    must(
      api.POST("/api/v1/rounds", {
        params: { header: { "Idempotency-Key": idempotencyKey() } },
        body,
      }),
    ),
  );

/** Each line of the table has its own key, so sending the file again counts nothing twice. */
export const useCountFile = (id: number) =>
  useActing((csv: string) =>
    must(api.POST("/api/v1/rounds/{id}/file", { params: { path: { id } }, body: { csv } })),
  );

export const useCloseRound = (id: number) =>
  useActing((_: undefined) =>
    must(
      api.POST("/api/v1/rounds/{id}/close", {
        params: { path: { id }, header: { "Idempotency-Key": idempotencyKey() } },
      }),
    ),
  );

export const usePublish = (id: number) =>
  useActing((published: boolean) =>
    must(
      api.POST("/api/v1/rounds/{id}/publish", {
        params: { path: { id }, header: { "Idempotency-Key": idempotencyKey() } },
        body: { published },
      }),
    ),
  );

/** The persons waiting at a point at a moment; its key lets the same word count once. */
export const useTellQueue = (id: number) =>
  useActing(({ point, n, at }: { point: string; n: number; at: string }) =>
    must(
      api.POST("/api/v1/rounds/{id}/counts", {
        params: { path: { id } },
        body: {
          counts: [
            { key: `queue/${idempotencyKey()}`, what: "queue", point, n, at, laboratory: "" },
          ],
        },
      }),
    ),
  );
