import { useQuery } from "@tanstack/react-query";
import { api, must } from "@/api/client.ts";
import { useSession } from "@/shared/view/session.tsx";
import { useView } from "@/shared/view/useView.ts";

/** The path of the unit one is looking at; the post's own until the chosen one is known. */
export function usePath(): string {
  const { scope: home } = useSession();
  const { scope } = useView();
  const code = scope ?? home?.code ?? "";
  const unit = useQuery({
    queryKey: ["unit", code],
    queryFn: () => must(api.GET("/api/v1/units/{code}", { params: { path: { code } } })),
    enabled: code !== "" && code !== home?.code,
  });
  return unit.data?.path ?? home?.path ?? "";
}
