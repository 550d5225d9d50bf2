import { useQuery } from "@tanstack/react-query";
import { api, must } from "@/api/client.ts";
import type { UnitRef } from "@/api/types.ts";
import { useView } from "./useView.ts";

export interface ScopePath {
  here: UnitRef;
  /** From the post's own unit down to the unit above `here`. */
  above: readonly UnitRef[];
  go: (code: string) => void;
}

/** The units between the post's own (`home`) and the scope, and the way to any of them. */
export function useScopePath(home: UnitRef): ScopePath {
  const { scope, change } = useView();
  const code = scope ?? home.code;
  const unit = useQuery({
    queryKey: ["unit", code],
    queryFn: () => must(api.GET("/api/v1/units/{code}", { params: { path: { code } } })),
    enabled: code !== home.code,
  });
  const here: UnitRef = code === home.code ? home : (unit.data ?? home);
  return {
    here,
    above: stepsAbove(home, here, unit.data?.ancestors ?? []),
    go: (to) => change({ scope: to === home.code ? null : to }),
  };
}

/** Ancestors within one's rights; the unit itself is not above itself. */
export function stepsAbove(
  home: UnitRef,
  here: UnitRef,
  ancestors: readonly UnitRef[],
): readonly UnitRef[] {
  return ancestors.filter((one) => one.path.startsWith(home.path) && one.code !== here.code);
}
