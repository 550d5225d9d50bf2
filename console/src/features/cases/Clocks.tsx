import type { Clock } from "@/api/types.ts";
import { ClockItems } from "@/shared/ui/SubjectClocks.tsx";
import { useMay } from "@/shared/view/session.tsx";

/** The duties that run on this case. */
export function Clocks({ clocks }: { clocks: Clock[] }) {
  return <ClockItems clocks={clocks} link={useMay("clock.read")} />;
}
