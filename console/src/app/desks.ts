import type { Key } from "@/shared/i18n/catalogue.ts";

export interface DeskEntry {
  path: string;
  name: Key;
  permission: string;
  /** Addresses of desks that stand beside it under the same item. */
  beside?: readonly { path: string; permission: string }[];
}

/** The desks that exist, in the order of the rail; one sees those one's posts allow. */
export const DESKS: readonly DeskEntry[] = [
  { path: "/situation", name: "desk.situation", permission: "situation.read" },
  { path: "/decisions", name: "desk.decisions", permission: "proposal.read" },
  {
    path: "/clocks",
    name: "desk.clocks",
    permission: "clock.read",
    beside: [{ path: "/findings", permission: "finding.read" }],
  },
  { path: "/directives", name: "desk.directives", permission: "directive.read" },
  { path: "/cases", name: "desk.cases", permission: "case.read" },
  {
    path: "/contacts",
    name: "desk.contacts",
    permission: "contact.read",
    beside: [{ path: "/codes", permission: "code.read" }],
  },
  {
    path: "/tracing",
    name: "desk.tracing",
    permission: "tracing.ask",
    beside: [
      { path: "/tracing", permission: "inquiry.read" },
      { path: "/letters", permission: "letter.read" },
      { path: "/persons", permission: "person.merge" },
    ],
  },
  {
    path: "/signals",
    name: "desk.signals",
    permission: "signal.read",
    beside: [
      { path: "/signal-quality", permission: "signal.read" },
      { path: "/signal-breaks", permission: "signal.read" },
      { path: "/sources", permission: "feed.read" },
    ],
  },
  { path: "/zones", name: "desk.zones", permission: "zone.read" },
  {
    path: "/resources",
    name: "desk.resources",
    permission: "resource.read",
    beside: [
      { path: "/registry", permission: "resource.read" },
      { path: "/readiness", permission: "resource.read" },
      { path: "/rounds", permission: "resource.read" },
      { path: "/tubes", permission: "sample.read" },
    ],
  },
  { path: "/dispatch", name: "desk.dispatch", permission: "dispatch.read" },
  {
    path: "/whatif",
    name: "desk.whatif",
    permission: "whatif.read",
    beside: [{ path: "/drills", permission: "situation.read" }],
  },
];

/** Administration opens on any of these. */
export const ADMIN_PERMISSIONS = [
  "run.read",
  "feed.read",
  "pack.read",
  "report.read",
  "audit.read",
  "user.manage",
] as const;

export function desksFor(permissions: readonly string[]): DeskEntry[] {
  const desks = DESKS.flatMap((desk) => {
    if (permissions.includes(desk.permission)) return [desk];
    const other = desk.beside?.find((one) => permissions.includes(one.permission));
    return other ? [{ ...desk, path: other.path }] : [];
  });
  const admin = ADMIN_PERMISSIONS.find((permission) => permissions.includes(permission));
  return admin ? [...desks, { path: "/admin", name: "desk.admin", permission: admin }] : desks;
}

/** What whoever carries out orders opens all day. */
const CARRIED_OUT = ["/dispatch", "/directives"];

/** The bar of a phone shows five or six: for those who carry out orders, these come first, and
 * dispatch opens on jobs. */
export function inHand(desks: readonly DeskEntry[], permissions: readonly string[]): DeskEntry[] {
  if (!permissions.includes("dispatch.report")) return [...desks];
  const first = desks.filter((desk) => CARRIED_OUT.includes(desk.path)).reverse();
  const others = desks.filter((desk) => !CARRIED_OUT.includes(desk.path));
  return [...first, ...others].map((desk) =>
    desk.path === "/dispatch" ? { ...desk, path: "/dispatch/jobs" } : desk,
  );
}
