import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, idempotencyKey, must } from "@/api/client.ts";
import { useKeyset } from "@/shared/view/useKeyset.ts";
import { useView } from "@/shared/view/useView.ts";

/** How good warning was from a day to a day. */
export function useQuality(days: { from: string; to: string }) {
  const { query } = useView();
  return useQuery({
    queryKey: ["signals", "quality", query, days],
    queryFn: () =>
      must(api.GET("/api/v1/signals/quality", { params: { query: { ...query, ...days } } })),
  });
}

export function useSelfTests(missed: boolean) {
  const { query } = useView();
  return useKeyset(["signals", "selftests", query, missed], (after) =>
    must(
      api.GET("/api/v1/signals/selftests", {
        params: { query: { ...query, missed, ...(after ? { after } : {}) } },
      }),
    ),
  );
}

/** Queues the self-tests of this week. */
export function useRunSelfTests() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () =>
      must(
        api.POST("/api/v1/signals/selftests", {
          params: { header: { "Idempotency-Key": idempotencyKey() } },
        }),
      ),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["signals", "selftests"] }),
  });
}
