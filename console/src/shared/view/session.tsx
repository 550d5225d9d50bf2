import { queryOptions, useQuery } from "@tanstack/react-query";
import {
  createContext,
  type ReactNode,
  use,
  useCallback,
  useEffect,
  useMemo,
  useState,
} from "react";
import { api, must } from "@/api/client.ts";
import type { Session } from "@/api/types.ts";

export const sessionQuery = queryOptions({
  queryKey: ["session"],
  queryFn: () => must(api.GET("/api/v1/session")),
  retry: false,
  staleTime: 60_000,
});

/** aheadMs: headquarters' time less this device's; how long the answer took makes it less. */
interface Known {
  session: Session;
  aheadMs: number;
}
const SessionContext = createContext<Known | null>(null);

interface ProviderProps {
  session: Session;
  /** When it came, by this device's clock. */
  cameAt: number;
  children: ReactNode;
}

export function SessionProvider({ session, cameAt, children }: ProviderProps) {
  const aheadMs = Date.parse(session.clock.now) - cameAt;
  const known = useMemo(() => ({ session, aheadMs }), [session, aheadMs]);
  return <SessionContext value={known}>{children}</SessionContext>;
}

function useKnown(): Known {
  const known = use(SessionContext);
  if (!known) throw new Error("useSession outside SessionProvider");
  return known;
}

export const useSession = (): Session => useKnown().session;

/** Whether one of the user's posts gives the permission; the server asks again. */
export function useMay(permission: string): boolean {
  return useSession().permissions.includes(permission);
}

/** Tells headquarters' time in ms, however wrong the device's clock is; never ahead of it. */
export function useClock(): () => number {
  const { aheadMs } = useKnown();
  return useCallback(() => Date.now() + aheadMs, [aheadMs]);
}

/** Headquarters' time in ms, ticking every `everyMs`. The demonstration's clock runs in 2022. */
export function useNow(everyMs = 30_000): number {
  const { aheadMs } = useKnown();
  const [wall, setWall] = useState(() => Date.now());
  useEffect(() => {
    const timer = window.setInterval(() => setWall(Date.now()), everyMs);
    return () => window.clearInterval(timer);
  }, [everyMs]);
  return wall + aheadMs;
}

export function useSessionQuery() {
  return useQuery(sessionQuery);
}
