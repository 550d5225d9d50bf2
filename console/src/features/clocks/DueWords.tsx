import { WarningFilled } from "@ant-design/icons";
import type { ClockBrief } from "@/api/types.ts";
import { useFormat } from "@/shared/format/useFormat.ts";
import { State, When } from "@/shared/ui/marks.tsx";
import { useNow } from "@/shared/view/session.tsx";

export function isOpen(state: string): boolean {
  return state === "running" || state === "overdue";
}

/** When it is due, and how much is left or by how much it is over, in words. */
export function DueWords({ clock }: { clock: Pick<ClockBrief, "due_at" | "state"> }) {
  const { due } = useFormat();
  const now = useNow(15_000);
  const late = clock.state === "overdue" || Date.parse(clock.due_at) < now;
  return (
    <span className="z-due">
      <When at={clock.due_at} short />{" "}
      {isOpen(clock.state) ? (
        <b className={late ? "z-overdue" : "z-num"}>
          {late ? <WarningFilled /> : null} {due(clock.due_at, now)}
        </b>
      ) : (
        <State group="clockState" state={clock.state} />
      )}
    </span>
  );
}
