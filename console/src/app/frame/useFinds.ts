import { useQuery } from "@tanstack/react-query";
import { useDeferredValue } from "react";
import { api, must } from "@/api/client.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { useMay, useSession } from "@/shared/view/session.tsx";
import { desksFor } from "../desks.ts";

export interface Found {
  key: string;
  kind: string;
  name: string;
  note: string;
  goes: { kind: "scope"; code: string } | { kind: "page"; path: string };
}

/** What the words find; the server searches only what the user may see. */
export function useFinds(words: string): { found: Found[]; searching: boolean } {
  const { t, term } = useI18n();
  const { permissions } = useSession();
  const q = useDeferredValue(words.trim());
  const mayCases = useMay("case.read");
  const units = useQuery({
    queryKey: ["find-units", q],
    queryFn: () => must(api.GET("/api/v1/units", { params: { query: { q } } })),
    enabled: q.length > 0,
  });
  const cases = useQuery({
    queryKey: ["find-cases", q],
    queryFn: () => must(api.GET("/api/v1/cases", { params: { query: { q, limit: 6 } } })),
    enabled: q.length > 1 && mayCases,
  });
  const desks = desksFor(permissions)
    .map(
      (desk): Found => ({
        key: desk.path,
        kind: t("search.desk"),
        name: t(desk.name),
        note: "",
        goes: { kind: "page", path: desk.path },
      }),
    )
    .filter((desk) => desk.name.toLowerCase().includes(q.toLowerCase()));
  const found: Found[] = [
    ...desks,
    ...(q ? (units.data ?? []) : []).slice(0, 8).map(
      (unit): Found => ({
        key: `unit-${unit.code}`,
        kind: t("search.unit"),
        name: unit.name,
        note: `${term("unitLevel", unit.level)} ${unit.code}`,
        goes: { kind: "scope", code: unit.code },
      }),
    ),
    ...(q.length > 1 ? (cases.data?.items ?? []) : []).map(
      (item): Found => ({
        key: `case-${item.id}`,
        kind: t("search.case"),
        name: item.case_no,
        note: item.unit.name,
        goes: { kind: "page", path: `/cases/${item.id}` },
      }),
    ),
  ];
  return { found, searching: units.isFetching || cases.isFetching };
}
