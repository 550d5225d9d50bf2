import { useQuery } from "@tanstack/react-query";
import { api, must } from "@/api/client.ts";
import type { UnitRef } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { useSession } from "@/shared/view/session.tsx";
import { useView } from "@/shared/view/useView.ts";

/** The way back up from a unit one has gone down to. */
export function ScopeTrail() {
  const { scope: home } = useSession();
  return home ? <Trail home={home} /> : null;
}

function Trail({ home }: { home: UnitRef }) {
  const { t } = useI18n();
  const { scope, change } = useView();
  const code = scope ?? home.code;
  const unit = useQuery({
    queryKey: ["unit", code],
    queryFn: () => must(api.GET("/api/v1/units/{code}", { params: { path: { code } } })),
    enabled: code !== home.code,
  });
  const here: UnitRef = code === home.code ? home : (unit.data ?? home);
  const above = (unit.data?.ancestors ?? []).filter(
    (one) => one.path.startsWith(home.path) && one.code !== here.code,
  );
  return (
    <nav className="z-trail" aria-label={t("clocks.trail")}>
      {above.map((one) => (
        <span key={one.code}>
          <button
            type="button"
            onClick={() => change({ scope: one.code === home.code ? null : one.code })}
          >
            {one.name}
          </button>
          <i>/</i>
        </span>
      ))}
      <b aria-current="page">{here.name}</b>
    </nav>
  );
}
