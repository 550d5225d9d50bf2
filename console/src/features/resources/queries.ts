import { api, must } from "@/api/client.ts";
import type * as T from "@/api/types.ts";
import { type Page, useKeyset } from "@/shared/view/useKeyset.ts";
import { useView } from "@/shared/view/useView.ts";

export type Kind = "sites" | "hospitals" | "vehicles" | "stocks" | "prices" | "points" | "labs";
export const KINDS: readonly Kind[] = [
  "sites",
  "hospitals",
  "vehicles",
  "stocks",
  "prices",
  "points",
  "labs",
];

interface Query {
  scope?: string;
  as_of?: string;
  after?: string;
}

const READ = {
  sites: (query: Query) => must(api.GET("/api/v1/resources/sites", { params: { query } })),
  hospitals: (query: Query) => must(api.GET("/api/v1/resources/hospitals", { params: { query } })),
  vehicles: (query: Query) => must(api.GET("/api/v1/resources/vehicles", { params: { query } })),
  stocks: (query: Query) => must(api.GET("/api/v1/resources/stocks", { params: { query } })),
  prices: (query: Query) => must(api.GET("/api/v1/resources/prices", { params: { query } })),
  points: (query: Query) => must(api.GET("/api/v1/resources/points", { params: { query } })),
  labs: (query: Query) => must(api.GET("/api/v1/resources/labs", { params: { query } })),
};

/** The row of each list. */
export interface Items {
  sites: T.SiteItem;
  hospitals: T.HospitalItem;
  vehicles: T.VehicleItem;
  stocks: T.StockItem;
  prices: T.PriceItem;
  points: T.PointItem;
  labs: T.LabItem;
}

export function useResources<K extends Kind>(kind: K) {
  const { query } = useView();
  // READ[kind] and Items[kind] are the same row of one table; TypeScript cannot follow the index.
  const read = READ[kind] as unknown as (query: Query) => Promise<Page<Items[K]>>;
  return useKeyset(["resources", kind, query], (after) =>
    read({ ...query, ...(after ? { after } : {}) }),
  );
}
