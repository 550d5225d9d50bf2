import { queryOptions, useQuery } from "@tanstack/react-query";
import { createContext, type ReactNode, use, useEffect, useState } from "react";
import { api, must } from "@/api/client.ts";
import type { Session } from "@/api/types.ts";

export const sessionQuery = queryOptions({
  queryKey: ["session"],
  queryFn: () => must(api.GET("/api/v1/session")),
  retry: false,
  staleTime: 60_000,
});

const SessionContext = createContext<Session | null>(null);

export function SessionProvider({ session, children }: { session: Session; children: ReactNode }) {
  return <SessionContext value={session}>{children}</SessionContext>;
}

export function useSession(): Session {
  const session = use(SessionContext);
  if (!session) throw new Error("useSession outside SessionProvider");
  return session;
}

/** Whether one of the user's posts gives the permission; the server asks again. */
export function useMay(permission: string): boolean {
  return useSession().permissions.includes(permission);
}

/** Headquarters' time in ms, ticking every `everyMs`. The demonstration's clock runs in 2022. */
export function useNow(everyMs = 30_000): number {
  const { clock } = useSession();
  const [wall, setWall] = useState(() => Date.now());
  useEffect(() => {
    const timer = window.setInterval(() => setWall(Date.now()), everyMs);
    return () => window.clearInterval(timer);
  }, [everyMs]);
  return wall + clock.offset_s * 1000;
}

export function useSessionQuery() {
  return useQuery(sessionQuery);
}
