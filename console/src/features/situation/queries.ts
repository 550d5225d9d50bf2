import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { api, must } from "@/api/client.ts";
import { useView } from "@/shared/view/useView.ts";

const EVERY_MS = 60_000;

export function useSituation() {
  const { query } = useView();
  return useQuery({
    queryKey: ["situation", query],
    queryFn: () => must(api.GET("/api/v1/situation", { params: { query } })),
    placeholderData: keepPreviousData,
    refetchInterval: query.as_of ? false : EVERY_MS,
  });
}

export function useMapLayers() {
  const { query } = useView();
  return useQuery({
    queryKey: ["map-layers", query],
    queryFn: () => must(api.GET("/api/v1/map/layers", { params: { query } })),
    placeholderData: keepPreviousData,
    refetchInterval: query.as_of ? false : EVERY_MS,
  });
}
