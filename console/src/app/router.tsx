import { createBrowserRouter } from "react-router";
import { Home } from "./Home.tsx";
import { Root } from "./Root.tsx";
import { RouteFailure } from "./RouteFailure.tsx";

/** Before the first page is there: nothing, rather than a flicker. */
const Nothing = () => null;

/** Each desk is fetched when it is first opened. */
export const router = createBrowserRouter([
  {
    path: "/signin",
    lazy: async () => ({ Component: (await import("@/features/signin/SignIn.tsx")).SignIn }),
    HydrateFallback: Nothing,
  },
  {
    path: "/public/points",
    lazy: async () => ({
      Component: (await import("@/features/public/PublicPoints.tsx")).PublicPoints,
    }),
    HydrateFallback: Nothing,
  },
  {
    path: "/",
    Component: Root,
    HydrateFallback: Nothing,
    ErrorBoundary: RouteFailure,
    children: [
      { index: true, Component: Home },
      {
        path: "situation",
        lazy: async () => ({
          Component: (await import("@/features/situation/Situation.tsx")).Situation,
        }),
      },
      {
        path: "decisions/:id?",
        lazy: async () => ({
          Component: (await import("@/features/decisions/Decisions.tsx")).Decisions,
        }),
      },
      {
        path: "clocks/:id?",
        lazy: async () => ({ Component: (await import("@/features/clocks/Clocks.tsx")).Clocks }),
      },
      {
        path: "findings/:id?",
        lazy: async () => ({
          Component: (await import("@/features/findings/Findings.tsx")).Findings,
        }),
      },
      {
        path: "codes/:id?",
        lazy: async () => ({ Component: (await import("@/features/codes/Codes.tsx")).Codes }),
      },
      {
        path: "directives/:id?",
        lazy: async () => ({
          Component: (await import("@/features/directives/Directives.tsx")).Directives,
        }),
      },
      {
        path: "cases",
        lazy: async () => ({ Component: (await import("@/features/cases/CaseList.tsx")).CaseList }),
      },
      {
        path: "cases/:id",
        lazy: async () => ({ Component: (await import("@/features/cases/CasePage.tsx")).CasePage }),
      },
      {
        path: "contacts",
        lazy: async () => ({
          Component: (await import("@/features/cases/contacts/ContactList.tsx")).ContactList,
        }),
      },
      {
        path: "tracing",
        lazy: async () => ({ Component: (await import("@/features/tracing/Tracing.tsx")).Tracing }),
      },
      {
        path: "letters/:id?",
        lazy: async () => ({ Component: (await import("@/features/letters/Letters.tsx")).Letters }),
      },
      {
        path: "persons",
        lazy: async () => ({ Component: (await import("@/features/persons/Persons.tsx")).Persons }),
      },
      {
        path: "signals/:id?",
        lazy: async () => ({ Component: (await import("@/features/signals/Signals.tsx")).Signals }),
      },
      {
        path: "signal-quality",
        lazy: async () => ({
          Component: (await import("@/features/signals/quality/Quality.tsx")).Quality,
        }),
      },
      {
        path: "signal-breaks",
        lazy: async () => ({
          Component: (await import("@/features/signals/breaks/Breaks.tsx")).Breaks,
        }),
      },
      {
        path: "sources",
        lazy: async () => ({ Component: (await import("@/features/sources/Sources.tsx")).Sources }),
      },
      {
        path: "zones/:id?",
        lazy: async () => ({ Component: (await import("@/features/zones/Zones.tsx")).Zones }),
      },
      {
        path: "resources/:kind?",
        lazy: async () => ({
          Component: (await import("@/features/resources/Resources.tsx")).Resources,
        }),
      },
      {
        path: "registry/:id?",
        lazy: async () => ({
          Component: (await import("@/features/registry/Registry.tsx")).Registry,
        }),
      },
      {
        path: "rounds/:id?",
        lazy: async () => ({ Component: (await import("@/features/rounds/Rounds.tsx")).Rounds }),
      },
      {
        path: "rounds/:id/points",
        lazy: async () => ({ Component: (await import("@/features/rounds/Points.tsx")).Points }),
      },
      {
        path: "tubes/:id?",
        lazy: async () => ({ Component: (await import("@/features/tubes/Tubes.tsx")).Tubes }),
      },
      {
        path: "readiness",
        lazy: async () => ({
          Component: (await import("@/features/registry/Readiness.tsx")).Readiness,
        }),
      },
      {
        path: "dispatch",
        lazy: async () => ({
          Component: (await import("@/features/dispatch/Dispatch.tsx")).Dispatch,
        }),
      },
      {
        path: "dispatch/jobs",
        lazy: async () => ({
          Component: (await import("@/features/dispatch/jobs/Jobs.tsx")).Jobs,
        }),
      },
      {
        path: "dispatch/jobs/:id",
        lazy: async () => ({
          Component: (await import("@/features/dispatch/jobs/JobPage.tsx")).JobPage,
        }),
      },
      {
        path: "dispatch/:id",
        lazy: async () => ({
          Component: (await import("@/features/dispatch/plan/PlanPage.tsx")).PlanPage,
        }),
      },
      {
        path: "whatif",
        lazy: async () => ({ Component: (await import("@/features/whatif/WhatIf.tsx")).WhatIf }),
      },
      {
        path: "whatif/new",
        lazy: async () => ({ Component: (await import("@/features/whatif/form/Ask.tsx")).Ask }),
      },
      {
        path: "whatif/:id",
        lazy: async () => ({
          Component: (await import("@/features/whatif/page/ComparisonPage.tsx")).ComparisonPage,
        }),
      },
      {
        path: "drills",
        lazy: async () => ({ Component: (await import("@/features/drills/Drills.tsx")).Drills }),
      },
      {
        path: "drills/new",
        lazy: async () => ({ Component: (await import("@/features/drills/form/Begin.tsx")).Begin }),
      },
      {
        path: "drills/:id",
        lazy: async () => ({
          Component: (await import("@/features/drills/page/DrillPage.tsx")).DrillPage,
        }),
      },
      {
        path: "admin/packs/:id",
        lazy: async () => ({
          Component: (await import("@/features/admin/packs/PackPage.tsx")).PackPage,
        }),
      },
      {
        path: "admin/packs/:id/diff",
        lazy: async () => ({
          Component: (await import("@/features/admin/packs/DiffPage.tsx")).DiffPage,
        }),
      },
      {
        path: "admin/packs/:id/rules/:rule",
        lazy: async () => ({
          Component: (await import("@/features/admin/packs/RulePage.tsx")).RulePage,
        }),
      },
      {
        path: "admin/:part?",
        lazy: async () => ({ Component: (await import("@/features/admin/Admin.tsx")).Admin }),
      },
      {
        path: "account",
        lazy: async () => ({ Component: (await import("@/features/signin/Account.tsx")).Account }),
      },
      {
        path: "*",
        lazy: async () => ({ Component: (await import("./NoSuchPage.tsx")).NoSuchPage }),
      },
    ],
  },
]);
