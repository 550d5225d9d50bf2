import type { PackPage } from "@/api/types.ts";

/** The versions a pack went through: as written, then after each amendment. */
export function versionsOf(pack: Pick<PackPage, "id" | "amendments">): string[] {
  return [pack.id, ...pack.amendments.map((one) => one.id)];
}
