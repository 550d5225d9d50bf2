import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, idempotencyKey, must } from "@/api/client.ts";
import type { DispatchQuestion, PlanEvent, PlanItem, PlanWord } from "@/api/types.ts";
import { useKeyset } from "@/shared/view/useKeyset.ts";
import { useView } from "@/shared/view/useView.ts";
import { underway } from "./planners.ts";

const SOON_MS = 1_500;
const LATER_MS = 30_000;
const ALL = 200;

const keyed = () => ({ "Idempotency-Key": idempotencyKey() });
const paged = (after: string | undefined) => (after ? { after } : {});

export interface PlanFilters {
  planner?: string;
  state?: string;
}

/** Newest first; asked again soon while one of them is computed. */
export function usePlans(filters: PlanFilters) {
  const { query } = useView();
  const queries = useQueryClient();
  const key = ["dispatch", "plans", query, filters];
  const known = queries.getQueryData<{ pages: { items: PlanItem[] }[] }>(key);
  const busy = known?.pages.some((page) => page.items.some(underway)) ?? false;
  return useKeyset(
    key,
    (after) =>
      must(
        api.GET("/api/v1/dispatch/plans", {
          params: { query: { ...query, ...filters, ...paged(after) } },
        }),
      ),
    busy ? SOON_MS : LATER_MS,
  );
}

/** Answered plans of one planner, for a question that builds on one of them. */
export function usePlansOf(planner: string, unit: string | null) {
  return useQuery({
    queryKey: ["dispatch", "plans-of", planner, unit],
    queryFn: () =>
      must(
        api.GET("/api/v1/dispatch/plans", {
          params: { query: { planner, limit: ALL, ...(unit ? { scope: unit } : {}) } },
        }),
      ),
    select: (page) => page.items.filter((one) => one.figures.length > 0),
  });
}

/** One plan; while it waits or is computed it is asked for again and again. */
export function usePlan(id: number | null) {
  return useQuery({
    queryKey: ["dispatch", "plan", id],
    queryFn: () =>
      must(api.GET("/api/v1/dispatch/plans/{id}", { params: { path: { id: id ?? 0 } } })),
    enabled: id !== null,
    refetchInterval: ({ state }) => (state.data && underway(state.data) ? SOON_MS : false),
  });
}

export function useRows(id: number, table: string, text: string) {
  return useKeyset(["dispatch", "rows", id, table, text], (after) =>
    must(
      api.GET("/api/v1/dispatch/plans/{id}/rows/{table}", {
        params: { path: { id, table }, query: { ...(text ? { text } : {}), ...paged(after) } },
      }),
    ),
  );
}

/** The rows of a table that words or events may name. */
export function useChoices(id: number, table: string | null, text: string) {
  return useQuery({
    queryKey: ["dispatch", "choices", id, table, text],
    queryFn: () =>
      must(
        api.GET("/api/v1/dispatch/plans/{id}/rows/{table}", {
          params: {
            path: { id, table: table ?? "" },
            query: { limit: ALL, ...(text ? { text } : {}) },
          },
        }),
      ),
    select: (page) => page.items,
    enabled: table !== null,
  });
}

export function usePlanForm(unit: string | null, planner: string | null) {
  return useQuery({
    queryKey: ["dispatch", "form", unit, planner],
    queryFn: () =>
      must(
        api.GET("/api/v1/dispatch/form", {
          params: { query: { scope: unit ?? "", planner: planner ?? "" } },
        }),
      ),
    enabled: unit !== null && planner !== null,
    staleTime: LATER_MS,
  });
}

/** Everything of dispatch is asked for again once something was done. */
function useActing<B, A>(act: (body: B) => Promise<A>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSettled: () =>
      Promise.all(
        [["dispatch"], ["proposals"]].map((queryKey) => queries.invalidateQueries({ queryKey })),
      ),
  });
}

export const useAsk = () =>
  useActing((body: DispatchQuestion) =>
    must(api.POST("/api/v1/dispatch/plans", { params: { header: keyed() }, body })),
  );

const onPlan = (id: number) => ({ path: { id }, header: keyed() });

export const useAgain = (id: number) =>
  useActing((words: readonly PlanWord[]) =>
    must(
      api.POST("/api/v1/dispatch/plans/{id}/again", {
        params: onPlan(id),
        body: { words: [...words] },
      }),
    ),
  );

export const useHappened = () =>
  useActing(({ id, events }: { id: number; events: readonly PlanEvent[] }) =>
    must(
      api.POST("/api/v1/dispatch/plans/{id}/events", {
        params: onPlan(id),
        body: { events: [...events] },
      }),
    ),
  );

export const useWithdraw = (id: number) =>
  useActing((_: undefined) =>
    must(api.POST("/api/v1/dispatch/plans/{id}/withdraw", { params: onPlan(id) })),
  );

export const usePropose = (id: number) =>
  useActing((reason: string) =>
    must(
      api.POST("/api/v1/dispatch/plans/{id}/propose", {
        params: onPlan(id),
        body: { reason },
      }),
    ),
  );

export interface JobFilters {
  planner?: string;
  state?: string;
  plan?: number;
}

export function useJobs(filters: JobFilters) {
  const { query } = useView();
  return useKeyset(
    ["dispatch", "jobs", query, filters],
    (after) =>
      must(
        api.GET("/api/v1/dispatch/jobs", {
          params: { query: { ...query, ...filters, ...paged(after) } },
        }),
      ),
    LATER_MS,
  );
}

export function useJob(id: number | null) {
  return useQuery({
    queryKey: ["dispatch", "job", id],
    queryFn: () =>
      must(api.GET("/api/v1/dispatch/jobs/{id}", { params: { path: { id: id ?? 0 } } })),
    enabled: id !== null,
    refetchInterval: LATER_MS,
  });
}

/** The job as a Word file, in the language one reads. */
export const useSheet = (id: number) =>
  useMutation({
    mutationFn: async (lang: "zh" | "en") =>
      (await must(
        api.GET("/api/v1/dispatch/jobs/{id}/sheet", {
          params: { path: { id }, query: { lang } },
          parseAs: "blob",
        }),
      )) as Blob,
  });

export function useOpenEvents() {
  const { query } = useView();
  return useQuery({
    queryKey: ["dispatch", "open-events", query],
    queryFn: () => must(api.GET("/api/v1/dispatch/open-events", { params: { query } })),
    refetchInterval: LATER_MS,
  });
}
