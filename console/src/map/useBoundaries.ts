import { useQuery } from "@tanstack/react-query";
import { api, must } from "@/api/client.ts";
import type { Boundary } from "./geo.ts";

export type BoundaryLayer = "shanxi_counties" | "shanxi_cities" | "nanchang_districts";

/** Boundaries do not change during a session: fetched once, kept. */
export function useBoundary(layer: BoundaryLayer, wanted = true) {
  return useQuery({
    queryKey: ["boundary", layer],
    queryFn: async () =>
      (await must(
        api.GET("/api/v1/map/boundaries/{layer}", { params: { path: { layer } } }),
      )) as unknown as Boundary,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: Number.POSITIVE_INFINITY,
    enabled: wanted,
  });
}

/** Counties and cities of the province a unit's path leads through. */
export function useGround(path: string) {
  const nanchang = path.startsWith("360000000000");
  const counties = useBoundary(nanchang ? "nanchang_districts" : "shanxi_counties");
  const cities = useBoundary("shanxi_cities", !nanchang);
  return {
    counties,
    cities: nanchang ? null : (cities.data ?? null),
    ready: nanchang || cities.data !== undefined,
  };
}
