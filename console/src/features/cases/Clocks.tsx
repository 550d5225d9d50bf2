import { CheckOutlined, ClockCircleOutlined, WarningFilled } from "@ant-design/icons";
import type { Clock } from "@/api/types.ts";
import { useFormat } from "@/shared/format/useFormat.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { When } from "@/shared/ui/marks.tsx";
import { useNow } from "@/shared/view/session.tsx";

/** The duties that run on this case: met, running, late or overdue, by sign as well as by colour. */
export function Clocks({ clocks }: { clocks: Clock[] }) {
  const { t, term, text } = useI18n();
  const { due } = useFormat();
  const now = useNow();
  return (
    <ul className="z-clocks" aria-label={t("case.clocks")}>
      {clocks.map((clock) => (
        <li key={clock.rule_id} className={`z-clock z-clock-${clock.state}`} title={clock.rule_id}>
          {clock.state === "met" ? (
            <CheckOutlined />
          ) : clock.state === "running" ? (
            <ClockCircleOutlined />
          ) : (
            <WarningFilled />
          )}
          <span>
            {text(clock.name)}
            <small>
              {term("clockState", clock.state)} ·{" "}
              {clock.state === "running" || clock.state === "overdue" ? (
                due(clock.due_at, now)
              ) : (
                <When at={clock.due_at} short />
              )}
            </small>
          </span>
        </li>
      ))}
    </ul>
  );
}
