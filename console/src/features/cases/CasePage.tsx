import { lazy, Suspense, useMemo } from "react";
import type { CaseDetail } from "@/api/types.ts";
import { stopsOf } from "@/map/stops.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { Rule, State, When } from "@/shared/ui/marks.tsx";
import { NotFound } from "@/shared/ui/NotFound.tsx";
import { Answered } from "@/shared/ui/states.tsx";
import { useMay } from "@/shared/view/session.tsx";
import { recordId, useRecordId } from "@/shared/view/useRecordId.ts";
import { useFilters } from "@/shared/view/useView.ts";
import { ViewLink } from "@/shared/view/ViewLink.tsx";
import { type CaseTab, CaseTabs, useCaseTab } from "./CaseTabs.tsx";
import { CaseTimeline } from "./CaseTimeline.tsx";
import { Clocks } from "./Clocks.tsx";
import { ChainPanel } from "./chains/ChainPanel.tsx";
import { CaseContacts } from "./contacts/CaseContacts.tsx";
import { ContactDrawer } from "./contacts/ContactDrawer.tsx";
import { Identity } from "./Identity.tsx";
import { CaseLetters } from "./letters/CaseLetters.tsx";
import { useCase } from "./queries.ts";
import { Changes } from "./trace/Changes.tsx";
import { FreshTrace } from "./trace/FreshTrace.tsx";

const SmallMap = lazy(async () => ({ default: (await import("@/map/SmallMap.tsx")).SmallMap }));

export function CasePage() {
  const { t } = useI18n();
  const id = useRecordId();
  if (typeof id !== "number") return <NotFound back="/cases" name={t("desk.cases")} />;
  return <Loaded id={id} />;
}

function Loaded({ id }: { id: number }) {
  const found = useCase(id);
  return (
    <div className="z-page">
      <Answered query={found} rows={12}>
        {(data) => <Case found={data} />}
      </Answered>
    </div>
  );
}

/** State, clocks and masked identity on top; below, one part at a time, each with its address. */
function Case({ found }: { found: CaseDetail }) {
  const [tab, setTab] = useCaseTab();
  const [{ contact }, setFilters] = useFilters(["contact"] as const);
  const id = recordId(contact);
  const chosen = typeof id === "number" ? id : null;
  const open = (one: number) => setFilters({ contact: String(one) });
  return (
    <article className="z-case">
      <CaseHead found={found} />
      <CaseTabs found={found} tab={tab} go={setTab} />
      <div role="tabpanel" aria-labelledby={`case-tab-${tab}`}>
        <Part found={found} tab={tab} chosen={chosen} open={open} />
      </div>
      <ContactDrawer id={chosen} close={() => setFilters({ contact: null })} />
    </article>
  );
}

interface PartProps {
  found: CaseDetail;
  tab: CaseTab;
  chosen: number | null;
  open: (contact: number) => void;
}

function Part({ found, tab, chosen, open }: PartProps) {
  switch (tab) {
    case "course":
      return <Course found={found} />;
    case "contacts":
      return (
        <>
          <FreshTrace caseId={found.id} />
          <CaseContacts caseId={found.id} chosen={chosen} open={open} />
        </>
      );
    case "chains":
      return <ChainPanel caseId={found.id} open={open} />;
    case "changes":
      return <Changes caseId={found.id} open={open} />;
    case "letters":
      return <CaseLetters caseId={found.id} />;
  }
}

/** Where the case was and what happened, in order; the same places on the map. */
function Course({ found }: { found: CaseDetail }) {
  const { t } = useI18n();
  const asks = useMay("tracing.ask");
  const stops = useMemo(() => stopsOf(found.timeline), [found.timeline]);
  return (
    <div className="z-case-columns">
      <section>
        <h2 className="z-sub">
          {t("case.window")}{" "}
          <small>
            <When at={found.window.from} short /> – <When at={found.window.to} short />
          </small>{" "}
          <Rule id={found.window.rule_id} verified={found.window.verified} />{" "}
          {asks ? (
            <ViewLink path="/tracing" params={{ ask: "timeline", case: found.id }}>
              {t("contact.whereabouts")}
            </ViewLink>
          ) : null}
        </h2>
        <CaseTimeline items={found.timeline} />
      </section>
      <aside>
        <Suspense fallback={<div className="z-smallmap" style={{ height: 280 }} />}>
          <SmallMap path={found.unit.path} stops={stops} height={280} />
        </Suspense>
        <Sources found={found} />
        <History history={found.history} />
      </aside>
    </div>
  );
}

function CaseHead({ found }: { found: CaseDetail }) {
  const { t, term } = useI18n();
  return (
    <header className="z-case-head">
      <div>
        <p className="z-head-note">
          <ViewLink path="/cases">{t("desk.cases")}</ViewLink> / {found.county.name}
        </p>
        <h1>
          {found.case_no} <State group="caseState" state={found.state} />
        </h1>
        <p>
          {term("caseCategory", found.category)} · {term("severity", found.severity)} ·{" "}
          {found.age_band} {term("sex", found.sex)} · {found.unit.name} ·{" "}
          {term("foundBy", found.found_by)}
        </p>
        {found.flags.length ? (
          <p className="z-waiting">{found.flags.map((flag) => term("flag", flag)).join(", ")}</p>
        ) : null}
      </div>
      <Identity caseId={found.id} identity={found.identity} />
      <Clocks clocks={found.clocks} />
    </header>
  );
}

function Sources({ found }: { found: CaseDetail }) {
  const { t, text } = useI18n();
  return (
    <>
      <h2 className="z-sub">{t("case.infectors")}</h2>
      {found.infector_candidates.length === 0 ? (
        <p className="z-hint">{t("case.noInfector")}</p>
      ) : null}
      <ul className="z-family">
        {found.infector_candidates.map((one) => (
          <li key={one.case_id}>
            <ViewLink path={`/cases/${one.case_id}`}>{one.case_no}</ViewLink> {text(one.reason)}
          </li>
        ))}
      </ul>
    </>
  );
}

function History({ history }: { history: CaseDetail["history"] }) {
  const { t, term } = useI18n();
  if (history.length === 0) return null;
  return (
    <>
      <h2 className="z-sub">{t("case.history")}</h2>
      <ol className="z-events">
        {history.map((one) => (
          <li key={`${one.at}-${one.action}`}>
            <When at={one.at} short />
            <span>
              <b>{term("action", one.action)}</b> {term("actor", one.by)}
            </span>
          </li>
        ))}
      </ol>
    </>
  );
}
