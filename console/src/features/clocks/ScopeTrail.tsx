import type { UnitRef } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { useSession } from "@/shared/view/session.tsx";
import { useScopePath } from "@/shared/view/useScopePath.ts";

/** The way back up from a unit one has gone down to. */
export function ScopeTrail() {
  const { scope: home } = useSession();
  return home ? <Trail home={home} /> : null;
}

function Trail({ home }: { home: UnitRef }) {
  const { t } = useI18n();
  const { here, above, go } = useScopePath(home);
  return (
    <nav className="z-trail" aria-label={t("clocks.trail")}>
      {above.map((one) => (
        <span key={one.code}>
          <button type="button" onClick={() => go(one.code)}>
            {one.name}
          </button>
          <i>/</i>
        </span>
      ))}
      <b aria-current="page">{here.name}</b>
    </nav>
  );
}
