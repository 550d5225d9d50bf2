import type { Pack } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { Day } from "@/shared/ui/marks.tsx";
import { Empty } from "@/shared/ui/states.tsx";
import { ViewLink } from "@/shared/view/ViewLink.tsx";

/** What changed when, and what happened to people already under the old rule. */
export function Amendments({ pack }: { pack: Pack }) {
  const { t, text } = useI18n();
  if (pack.amendments.length === 0)
    return <Empty title={t("pack.noAmendment")} hint={t("pack.noAmendmentHint")} />;
  return (
    <ol className="z-amendments">
      {pack.amendments.map((one, i) => (
        <li key={one.id}>
          <Day on={one.effective_from} />
          <span>
            <b>{text(one.title)}</b> <span className="z-code">{one.id}</span>
            <p>
              {t(one.retroactive ? "pack.retroactive" : "pack.notRetroactive")}
              {one.transition ? ` ${text(one.transition)}` : ""}
            </p>
          </span>
          {one.jurisdiction ? (
            <small>{t("pack.overlay")}</small>
          ) : (
            <ViewLink
              path={`/admin/packs/${encodeURIComponent(pack.id)}/diff`}
              params={{ from: pack.versions[i], to: pack.versions[i + 1] }}
            >
              {t("diff.see")}
            </ViewLink>
          )}
        </li>
      ))}
    </ol>
  );
}
