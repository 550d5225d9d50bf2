import type { ReactNode } from "react";
import { NavLink } from "react-router";
import type { Key } from "@/shared/i18n/catalogue.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { useSession } from "@/shared/view/session.tsx";
import { useView } from "@/shared/view/useView.ts";

interface Tab {
  path: string;
  name: Key;
  /** Any of them opens it. */
  permissions: readonly string[];
  /** Its neighbours' addresses begin like its own. */
  end?: boolean;
}

type Family = "clocks" | "contacts" | "dispatch" | "resources" | "signals" | "tracing" | "whatif";

/** Desks that stand beside each other under one item of the rail. */
export const TABS: Readonly<Record<Family, readonly Tab[]>> = {
  clocks: [
    { path: "/clocks", name: "desk.clocks", permissions: ["clock.read"] },
    { path: "/findings", name: "desk.findings", permissions: ["finding.read"] },
  ],
  contacts: [
    { path: "/contacts", name: "desk.contacts", permissions: ["contact.read"] },
    { path: "/codes", name: "desk.codes", permissions: ["code.read"] },
  ],
  dispatch: [
    { path: "/dispatch", name: "desk.dispatchPlans", permissions: ["dispatch.read"], end: true },
    { path: "/dispatch/jobs", name: "desk.dispatchJobs", permissions: ["dispatch.read"] },
  ],
  resources: [
    { path: "/registry", name: "desk.registry", permissions: ["resource.read"] },
    { path: "/readiness", name: "desk.readiness", permissions: ["resource.read"] },
    { path: "/rounds", name: "desk.rounds", permissions: ["resource.read"] },
    { path: "/tubes", name: "desk.tubes", permissions: ["sample.read"] },
    { path: "/resources", name: "desk.reports", permissions: ["resource.read"] },
  ],
  signals: [
    { path: "/signals", name: "desk.signals", permissions: ["signal.read"] },
    { path: "/signal-quality", name: "desk.signalQuality", permissions: ["signal.read"] },
    { path: "/sources", name: "desk.sources", permissions: ["feed.read"] },
    { path: "/signal-breaks", name: "desk.signalBreaks", permissions: ["signal.read"] },
  ],
  tracing: [
    { path: "/tracing", name: "desk.questions", permissions: ["tracing.ask", "inquiry.read"] },
    { path: "/letters", name: "desk.letters", permissions: ["letter.read"] },
    { path: "/persons", name: "desk.persons", permissions: ["person.merge"] },
  ],
  whatif: [
    { path: "/whatif", name: "desk.whatif", permissions: ["whatif.read"] },
    { path: "/drills", name: "desk.drills", permissions: ["situation.read"] },
  ],
};

/** Head of such a desk: its name and its neighbours' as tabs, what is shown, and tools. */
export function DeskTabs({
  desk,
  note,
  children,
}: {
  desk: Family;
  note?: ReactNode;
  children?: ReactNode;
}) {
  const { t } = useI18n();
  const { permissions } = useSession();
  const { to } = useView();
  return (
    <header className="z-head z-desktabs">
      <h1 className="z-desktabs-names">
        {TABS[desk]
          .filter((tab) => tab.permissions.some((one) => permissions.includes(one)))
          .map((tab) => (
            <NavLink key={tab.path} to={to(tab.path)} end={tab.end ?? false}>
              {t(tab.name)}
            </NavLink>
          ))}
      </h1>
      {note ? <span className="z-head-note">{note}</span> : null}
      <div className="z-head-tools">{children}</div>
    </header>
  );
}
