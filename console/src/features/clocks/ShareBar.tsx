import { number } from "@/shared/format/number.ts";
import { useI18n } from "@/shared/i18n/context.tsx";

/** How much of the time is used up, in words beside the bar; past the due moment it is striped. */
export function ShareBar({ pct, running = true }: { pct: number; running?: boolean }) {
  const { t } = useI18n();
  const late = pct >= 100;
  return (
    <span className={late ? "z-sharebar z-sharebar-late" : "z-sharebar"}>
      <i aria-hidden="true">
        <i style={{ width: `${Math.min(100, Math.max(0, pct))}%` }} />
      </i>
      <span className="z-num">
        {t(running ? "clocks.used" : "clocks.usedAll", { pct: number(Math.round(pct)) })}
      </span>
    </span>
  );
}
