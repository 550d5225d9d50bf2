import { useCallback, useMemo } from "react";
import { useSearchParams } from "react-router";

/** What every desk shares: where one looks (scope) and as known at which moment. Kept in the URL. */
export interface View {
  scope: string | null;
  asOf: string | null;
}
export type Params = Readonly<Record<string, string | number | boolean | null | undefined>>;
const SHARED = ["scope", "as_of"] as const;

/** `path` with the shared view of `current` and `params`; a null or empty parameter is left out. */
export function address(path: string, current: URLSearchParams, params: Params = {}): string {
  const next = new URLSearchParams();
  for (const name of SHARED) {
    const value = current.get(name);
    if (value) next.set(name, value);
  }
  for (const [name, value] of Object.entries(params)) {
    if (value === null || value === undefined || value === "") next.delete(name);
    else next.set(name, String(value));
  }
  const query = next.toString();
  return query ? `${path}?${query}` : path;
}

export function useView(): View & {
  /** Ready to spread into a request's query. */
  query: { scope?: string; as_of?: string };
  to: (path: string, params?: Params) => string;
  change: (params: Params) => void;
} {
  const [search, setSearch] = useSearchParams();
  const scope = search.get("scope");
  const asOf = search.get("as_of");
  const query = useMemo(
    () => ({ ...(scope ? { scope } : {}), ...(asOf ? { as_of: asOf } : {}) }),
    [scope, asOf],
  );
  const to = useCallback(
    (path: string, params?: Params) => address(path, search, params),
    [search],
  );
  const change = useCallback(
    (params: Params) => {
      setSearch((before) => {
        const next = new URLSearchParams(before);
        for (const [name, value] of Object.entries(params)) {
          if (value === null || value === undefined || value === "") next.delete(name);
          else next.set(name, String(value));
        }
        return next;
      });
    },
    [setSearch],
  );
  return { scope, asOf, query, to, change };
}

/** The named filters of a desk, read from and written to the URL. */
export function useFilters<N extends string>(
  names: readonly N[],
): [Partial<Record<N, string>>, (params: Partial<Record<N, string | null>>) => void] {
  const [search] = useSearchParams();
  const { change } = useView();
  const values: Partial<Record<N, string>> = {};
  for (const name of names) {
    const value = search.get(name);
    if (value) values[name] = value;
  }
  return [values, change as (params: Partial<Record<N, string | null>>) => void];
}
