import { useI18n } from "@/shared/i18n/context.tsx";
import { span } from "./time.ts";

export interface Format {
  /** A length of time in its two largest parts: "1 d 3 h". */
  length: (ms: number) => string;
  /** Until a deadline, or how far past it. */
  due: (iso: string, now: number) => string;
  ago: (iso: string, now: number) => string;
  unit: (code: string | null | undefined) => string;
}

export function useFormat(): Format {
  const { t, term } = useI18n();
  const length = (ms: number): string => {
    const { days, hours, minutes } = span(ms);
    if (days > 0) return t("time.daysHours", { d: days, h: hours });
    if (hours > 0) return t("time.hoursMinutes", { h: hours, m: minutes });
    return t("time.minutes", { m: minutes });
  };
  return {
    length,
    due: (iso, now) => {
      const left = Date.parse(iso) - now;
      return t(left < 0 ? "time.overdueBy" : "time.left", { length: length(left) });
    },
    ago: (iso, now) => t("time.ago", { length: length(Math.max(0, now - Date.parse(iso))) }),
    unit: (code) => (code ? term("unit", code) : ""),
  };
}
