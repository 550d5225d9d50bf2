import type { PackPage } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { Day } from "@/shared/ui/marks.tsx";
import { Empty } from "@/shared/ui/states.tsx";
import { ViewLink } from "@/shared/view/ViewLink.tsx";
import { versionsOf } from "./versions.ts";

/** What changed when, and what happened to people already under the old rule. */
export function Amendments({ pack }: { pack: PackPage }) {
  const { t, text } = useI18n();
  if (pack.amendments.length === 0)
    return <Empty title={t("pack.noAmendment")} hint={t("pack.noAmendmentHint")} />;
  const versions = versionsOf(pack);
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
          <ViewLink
            path={`/admin/packs/${encodeURIComponent(pack.id)}/diff`}
            params={{ from: versions[i], to: versions[i + 1] }}
          >
            {t("diff.see")}
          </ViewLink>
        </li>
      ))}
    </ol>
  );
}
