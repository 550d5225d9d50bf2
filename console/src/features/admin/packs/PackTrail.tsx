import type { ReactNode } from "react";
import { useI18n } from "@/shared/i18n/context.tsx";
import { ViewLink } from "@/shared/view/ViewLink.tsx";

/** The way back: all packs, then the pack one came from. */
export function PackTrail({ pack, tab }: { pack?: { id: string; name: string }; tab?: string }) {
  const { t } = useI18n();
  const steps: ReactNode[] = [
    <ViewLink key="all" path="/admin/packs">
      {t("admin.packs")}
    </ViewLink>,
  ];
  if (pack)
    steps.push(
      <ViewLink key={pack.id} path={`/admin/packs/${encodeURIComponent(pack.id)}`} params={{ tab }}>
        {pack.name}
      </ViewLink>,
    );
  return (
    <nav className="z-packtrail" aria-label={t("packs.trail")}>
      {steps.map((step, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a trail grows only at its end
        <span key={i}>
          {i ? <i>/</i> : null}
          {step}
        </span>
      ))}
    </nav>
  );
}
