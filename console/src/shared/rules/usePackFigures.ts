import { useQuery } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";
import { api, must } from "@/api/client.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { useMay } from "@/shared/view/session.tsx";
import type { FigureWords } from "./vocabulary.ts";

/** The words of the figures of a version, for a trace that names them; the values are the trace's. */
export function usePackFigures(version: string | null): (key: string) => FigureWords | null {
  const { text } = useI18n();
  const may = useMay("pack.read");
  const [id = ""] = (version ?? "").split("+");
  const pack = useQuery({
    queryKey: ["pack", id, {}],
    queryFn: () => must(api.GET("/api/v1/packs/{id}", { params: { path: { id } } })),
    enabled: may && id !== "",
    staleTime: Number.POSITIVE_INFINITY,
  });
  const known = useMemo(
    () => new Map((pack.data?.figures ?? []).map((figure) => [figure.key, figure])),
    [pack.data],
  );
  return useCallback(
    (key: string) => {
      const found = known.get(key);
      return found ? { title: text(found.title), value: found.value, unit: found.unit } : null;
    },
    [known, text],
  );
}
