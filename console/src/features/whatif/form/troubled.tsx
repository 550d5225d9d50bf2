import { createContext, type ReactNode, use } from "react";
import type { Trouble } from "../validate.ts";

const Troubles = createContext<readonly Trouble[]>([]);

/** What has to be put right in the option that is edited. */
export function Troubled({ found, children }: { found: readonly Trouble[]; children: ReactNode }) {
  return <Troubles value={found}>{children}</Troubles>;
}

export function useTroubles(): (path: string) => Trouble | undefined {
  const found = use(Troubles);
  return (path) => found.find((one) => one.path === path);
}
