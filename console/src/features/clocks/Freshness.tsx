import { useEffect, useState } from "react";
import { useI18n } from "@/shared/i18n/context.tsx";

const STEP_S = 5;

/** How old the figures on the screen are, and whether newer ones failed to come. */
export function Freshness({ at, failed }: { at: number; failed: boolean }) {
  const { t } = useI18n();
  const [wall, setWall] = useState(() => Date.now());
  useEffect(() => {
    const timer = window.setInterval(() => setWall(Date.now()), STEP_S * 1000);
    return () => window.clearInterval(timer);
  }, []);
  if (!at) return null;
  const seconds = Math.max(0, Math.floor((wall - at) / 1000 / STEP_S) * STEP_S);
  const age =
    seconds < STEP_S
      ? t("clocks.justNow")
      : seconds < 120
        ? t("clocks.secondsAgo", { n: seconds })
        : t("clocks.minutesAgo", { n: Math.floor(seconds / 60) });
  return (
    <span className={failed ? "z-fresh z-worse" : "z-fresh"} role={failed ? "alert" : undefined}>
      {failed ? t("clocks.stale", { age }) : age}
    </span>
  );
}
