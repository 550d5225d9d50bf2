import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { api, idempotencyKey, must } from "@/api/client.ts";
import type { SignalItem, Triaged } from "@/api/types.ts";
import { useMay } from "@/shared/view/session.tsx";
import { useKeyset } from "@/shared/view/useKeyset.ts";
import { useView } from "@/shared/view/useView.ts";
import type { SignalAction } from "./actions.ts";
import { chunks, type Failure } from "./triage.ts";

export interface Narrowed {
  state?: string;
  grade?: string;
  stream?: string;
}
/** The most the service takes, or gives, at once. */
const MOST = 200;

export function useGroups(filters: Narrowed) {
  const { query } = useView();
  return useKeyset(["signals", "groups", query, filters], (after) =>
    must(
      api.GET("/api/v1/signals/groups", {
        params: { query: { ...query, ...filters, ...(after ? { after } : {}) } },
      }),
    ),
  );
}

/** Signals as they were raised, the newest day first: what the picture of counties is made of. */
export function useNewest(filters: Narrowed) {
  const { query } = useView();
  return useQuery({
    queryKey: ["signals", "newest", query, filters],
    queryFn: () =>
      must(
        api.GET("/api/v1/signals", { params: { query: { ...query, ...filters, limit: MOST } } }),
      ),
  });
}

/** All signals of some groups, or those of them that are open; read to the end. */
export function useSignalsOf(groups: readonly number[], state: "open" | "" = "") {
  const { query } = useView();
  const asOf = query.as_of;
  return useQuery({
    queryKey: ["signals", "of", asOf, groups, state],
    queryFn: async () => {
      const found: SignalItem[] = [];
      let after: string | null = null;
      do {
        const asked = { group: [...groups], state, limit: MOST, ...(asOf ? { as_of: asOf } : {}) };
        const page: { items: SignalItem[]; next: string | null } = await must(
          api.GET("/api/v1/signals", {
            params: { query: { ...asked, ...(after ? { after } : {}) } },
          }),
        );
        found.push(...page.items);
        after = page.next;
      } while (after);
      return found;
    },
    enabled: groups.length > 0,
  });
}

export function useSignal(id: number | null) {
  const { query } = useView();
  return useQuery({
    queryKey: ["signal", id, query.as_of],
    queryFn: () =>
      must(api.GET("/api/v1/signals/{id}", { params: { path: { id: id ?? 0 }, query } })),
    enabled: id !== null,
  });
}

export function useDeeds(id: number) {
  const { query } = useView();
  return useQuery({
    queryKey: ["signal", id, "history", query.as_of],
    queryFn: () =>
      must(api.GET("/api/v1/signals/{id}/history", { params: { path: { id }, query } })),
  });
}

/** Clocks of signals that are running, by signal: the first to be due. */
export function useSignalClocks() {
  const { query } = useView();
  const may = useMay("clock.read");
  return useQuery({
    queryKey: ["clocks", "signals", query],
    queryFn: () =>
      must(
        api.GET("/api/v1/clocks", {
          params: { query: { ...query, subject_kind: "signal", limit: MOST } },
        }),
      ),
    enabled: may,
    select: (page) => {
      const first = new Map<number, (typeof page.items)[number]>();
      for (const clock of page.items) {
        const signal = Number(clock.subject.id);
        if (!first.has(signal)) first.set(signal, clock);
      }
      return first;
    },
  });
}

/** What the sources of all counties sent day by day, for those who may read it; to the end. */
export function useCounts() {
  const { query } = useView();
  const may = useMay("feed.read");
  const keyset = useKeyset(["sources", "counts", query, may], async (after) =>
    may
      ? must(
          api.GET("/api/v1/sources", {
            params: { query: { ...query, limit: MOST, ...(after ? { after } : {}) } },
          }),
        )
      : { items: [], next: null },
  );
  const { hasNextPage, isFetchingNextPage, isError, fetchNextPage } = keyset;
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && !isError) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, isError, fetchNextPage]);
  return keyset;
}

export function useSnoozes() {
  const { query } = useView();
  return useKeyset(["signals", "snoozes", query], (after) =>
    must(
      api.GET("/api/v1/signals/snoozes", {
        params: { query: { ...query, ...(after ? { after } : {}) } },
      }),
    ),
  );
}

/** What shows signals or counts them is read again after they were handled. */
export function useAgain(): () => Promise<unknown> {
  const queries = useQueryClient();
  return () =>
    Promise.all(
      ["signal", "signals", "clocks", "situation", "map"].map((name) =>
        queries.invalidateQueries({ queryKey: [name] }),
      ),
    );
}

export interface Act {
  action: SignalAction;
  ids: readonly number[];
  reason: string;
  /** For an assessment alone. */
  risk?: string;
}

/** Does the same with one signal or many; what is refused is told one by one. */
export function useTriage() {
  const again = useAgain();
  return useMutation({
    mutationFn: async ({ action, ids, reason, risk = "" }: Act): Promise<Triaged> => {
      const told: Triaged = { done: [], refused: [] };
      for (const some of chunks(ids, MOST)) {
        const answer = await must(
          api.POST("/api/v1/signals/triage", {
            params: { header: { "Idempotency-Key": idempotencyKey() } },
            body: { ids: some, action, reason, risk },
          }),
        );
        told.done.push(...answer.done);
        told.refused.push(...answer.refused);
      }
      return told;
    },
    onSettled: again,
  });
}

export interface Quiet {
  signals: readonly SignalItem[];
  until: string;
  reason: string;
}

/** Silences the counties and streams of some signals, one after the other. */
export function useSnooze() {
  const again = useAgain();
  return useMutation({
    mutationFn: async ({ signals, until, reason }: Quiet) => {
      const done: number[] = [];
      const failed: Failure[] = [];
      for (const { id } of signals) {
        await must(
          api.POST("/api/v1/signals/{id}/snooze", {
            params: { path: { id }, header: { "Idempotency-Key": idempotencyKey() } },
            body: { until, reason },
          }),
        ).then(
          () => done.push(id),
          (error: Error) => failed.push({ id, error }),
        );
      }
      return { done, failed };
    },
    onSettled: again,
  });
}

export function useWake() {
  const again = useAgain();
  return useMutation({
    mutationFn: (id: number) =>
      must(
        api.POST("/api/v1/signals/{id}/wake", {
          params: { path: { id }, header: { "Idempotency-Key": idempotencyKey() } },
        }),
      ),
    onSettled: again,
  });
}
