import type { Stay, Whereabouts } from "@/api/types.ts";

export type Step = ({ kind: "stay" } & Stay) | { kind: "gap"; from: string; to: string };

/** Stays and the gaps between them, in order of time. */
export function courseOf({ stays, gaps }: Whereabouts): Step[] {
  return [
    ...stays.map((stay): Step => ({ kind: "stay", ...stay })),
    ...gaps.map((gap): Step => ({ kind: "gap", ...gap })),
  ].sort((a, b) => Date.parse(a.from) - Date.parse(b.from));
}
