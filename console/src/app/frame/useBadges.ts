import { useQuery } from "@tanstack/react-query";
import { api, must } from "@/api/client.ts";
import type { Wall } from "@/api/types.ts";
import { useMay } from "@/shared/view/session.tsx";

export interface Badge {
  count: number;
  more: boolean;
}
const LIMIT = 99;
const EVERY_MS = 60_000;

const counted = (page: { items: readonly unknown[]; next?: string | null }): Badge | undefined =>
  page.items.length ? { count: page.items.length, more: Boolean(page.next) } : undefined;

/** What my own unit owes and is late with; the units below have their own badge. */
function mineOverdue(wall: Wall): Badge | undefined {
  const count = wall.owners.filter((one) => !one.below).reduce((sum, one) => sum + one.overdue, 0);
  return count ? { count, more: false } : undefined;
}

/** What waits for me, desk by desk: proposals to decide, directives to sign, signals to take. */
export function useBadges(): Record<string, Badge | undefined> {
  const decide = useMay("proposal.decide");
  const sign = useMay("directive.sign");
  const handle = useMay("signal.handle");
  const clocks = useMay("clock.read");
  const proposals = useQuery({
    queryKey: ["proposals", "badge"],
    queryFn: () =>
      must(api.GET("/api/v1/proposals", { params: { query: { state: "waiting", limit: LIMIT } } })),
    enabled: decide,
    refetchInterval: EVERY_MS,
    select: counted,
  });
  const directives = useQuery({
    queryKey: ["directives", "badge"],
    queryFn: async () => {
      const page = await must(
        api.GET("/api/v1/directives", { params: { query: { mine: true, limit: LIMIT } } }),
      );
      return { ...page, items: page.items.filter((d) => d.signed_at === null) };
    },
    enabled: sign,
    refetchInterval: EVERY_MS,
    select: counted,
  });
  const signals = useQuery({
    queryKey: ["signals", "badge"],
    queryFn: () =>
      must(api.GET("/api/v1/signals", { params: { query: { state: "raised", limit: LIMIT } } })),
    enabled: handle,
    refetchInterval: EVERY_MS,
    select: counted,
  });
  const late = useQuery({
    queryKey: ["clocks", "badge"],
    queryFn: () => must(api.GET("/api/v1/clocks/wall", { params: { query: {} } })),
    enabled: clocks,
    refetchInterval: EVERY_MS,
    select: mineOverdue,
  });
  return {
    "/clocks": late.data,
    "/decisions": proposals.data,
    "/directives": directives.data,
    "/signals": signals.data,
  };
}
