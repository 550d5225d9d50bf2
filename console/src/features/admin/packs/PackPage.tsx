import type { ReactNode } from "react";
import { useParams } from "react-router";
import type { Pack as PackData } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { Day } from "@/shared/ui/marks.tsx";
import { Answered } from "@/shared/ui/states.tsx";
import { useFilters } from "@/shared/view/useView.ts";
import { ViewLink } from "@/shared/view/ViewLink.tsx";
import { Amendments } from "./Amendments.tsx";
import { Figures } from "./Figures.tsx";
import { PackClocks } from "./PackClocks.tsx";
import { PackTrail } from "./PackTrail.tsx";
import { usePack } from "./queries.ts";
import { Rules } from "./Rules.tsx";
import { Schedules } from "./Schedules.tsx";
import { Thresholds } from "./Thresholds.tsx";

const TABS = ["figures", "rules", "clocks", "schedules", "thresholds", "amendments"] as const;
type Tab = (typeof TABS)[number];

/** One pack with all it holds; which tab is open is in the address. */
export function PackPage() {
  const id = useParams().id ?? "";
  const pack = usePack(id);
  return (
    <section className="z-page z-list">
      <Answered query={pack} rows={12}>
        {(data) => <Shown pack={data} />}
      </Answered>
    </section>
  );
}

function content(tab: Tab, pack: PackData): ReactNode {
  switch (tab) {
    case "figures":
      return <Figures pack={pack} />;
    case "rules":
      return <Rules pack={pack} />;
    case "clocks":
      return <PackClocks pack={pack} />;
    case "schedules":
      return <Schedules pack={pack} />;
    case "thresholds":
      return <Thresholds pack={pack} />;
    case "amendments":
      return <Amendments pack={pack} />;
  }
}

function Shown({ pack }: { pack: PackData }) {
  const { t, term, text } = useI18n();
  const [filters] = useFilters(["tab"] as const);
  const shown = TABS.find((tab) => tab === filters.tab) ?? "figures";
  return (
    <>
      <PackTrail />
      <header className="z-packhead">
        <h1>{text(pack.edition)}</h1>
        <p className="z-head-note">
          <b>{pack.version}</b> · {term("disease", pack.disease)} · {term("packTopic", pack.topic)}{" "}
          · <Day on={pack.effective_from} /> –{" "}
          {pack.effective_to ? <Day on={pack.effective_to} /> : t("pack.open")}
          {pack.effective_note ? ` · ${text(pack.effective_note)}` : ""} ·{" "}
          {t("pack.count", {
            n: pack.figures.length,
            unverified: pack.figures.filter((figure) => !figure.verified).length,
          })}
          {pack.versions.length > 1 ? (
            <>
              {" · "}
              <ViewLink path={`/admin/packs/${encodeURIComponent(pack.id)}/diff`}>
                {t("diff.title")}
              </ViewLink>
            </>
          ) : null}
        </p>
      </header>
      <nav className="z-packtabs" aria-label={t("packs.parts")}>
        {TABS.map((tab) => (
          <ViewLink
            key={tab}
            path={`/admin/packs/${encodeURIComponent(pack.id)}`}
            params={{ tab: tab === "figures" ? null : tab }}
            aria-current={tab === shown ? "page" : undefined}
          >
            {term("packTab", tab)} <small className="z-num">{pack[tab].length}</small>
          </ViewLink>
        ))}
      </nav>
      {content(shown, pack)}
    </>
  );
}
