import { CheckCircleFilled, MinusCircleOutlined } from "@ant-design/icons";
import type { ClockDetail } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { When } from "@/shared/ui/marks.tsx";
import { isOpen } from "./DueWords.tsx";
import { ShareBar } from "./ShareBar.tsx";

/** Who is told when, step by step, and which steps were taken. */
export function Ladder({ clock }: { clock: ClockDetail }) {
  const { t, term } = useI18n();
  if (clock.ladder.length === 0) return null;
  return (
    <>
      <h3>{t("clock.ladder")}</h3>
      <ShareBar pct={clock.pct} running={isOpen(clock.state)} />
      <ol className="z-ladder">
        {clock.ladder.map((step) => (
          <li key={step.step} className={step.done_at ? "z-done" : ""}>
            {step.done_at ? <CheckCircleFilled /> : <MinusCircleOutlined />}
            <b>{term("clockStep", step.step)}</b>
            <span>{step.to.name}</span>
            <span>
              {step.done_at ? (
                <>
                  <When at={step.done_at} short /> {t("clock.sent")}
                </>
              ) : (
                <>
                  <When at={step.at} short />{" "}
                  {t(isOpen(clock.state) ? "clock.toSend" : "clock.notSent")}
                </>
              )}
            </span>
          </li>
        ))}
      </ol>
    </>
  );
}
