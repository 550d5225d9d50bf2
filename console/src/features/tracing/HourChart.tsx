import type { Told } from "@/shared/format/count.ts";
import { number } from "@/shared/format/number.ts";
import { day, minute, monthDay } from "@/shared/format/time.ts";
import { useCount } from "@/shared/format/useCount.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { type HourBar, hourBars } from "./hours.ts";

const CLASS: Readonly<Record<Told, string>> = {
  known: "z-hour",
  few: "z-hour-few",
  hidden: "z-hour-hidden",
};
const WIDTH = 860;
const HEIGHT = 130;
const LEFT = 44;
const BOTTOM = 22;
const TOP = 10;

/** People present hour by hour: bars from zero; an hour with too few to tell is hatched. */
export function HourChart({ hours }: { hours: Parameters<typeof hourBars>[0] }) {
  const { t } = useI18n();
  const count = useCount();
  const { bars, slots, most } = hourBars(hours);
  if (bars.length === 0) return <p className="z-hint">{t("venue.nobody")}</p>;
  const inner = WIDTH - LEFT;
  const tall = HEIGHT - TOP - BOTTOM;
  const wide = inner / Math.max(slots, 12);
  const scale = (wide * slots) / inner;
  return (
    <svg
      className="z-hours"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={t("venue.byHour")}
    >
      <defs>
        <pattern
          id="few"
          width="6"
          height="6"
          patternUnits="userSpaceOnUse"
          patternTransform="rotate(45)"
        >
          <rect width="6" height="6" className="z-few-ground" />
          <rect width="2.5" height="6" className="z-few-line" />
        </pattern>
      </defs>
      <line x1={LEFT} x2={WIDTH} y1={TOP} y2={TOP} className="z-axis-faint" />
      <line x1={LEFT} x2={WIDTH} y1={TOP + tall} y2={TOP + tall} className="z-axis" />
      <text x={LEFT - 6} y={TOP + 4} textAnchor="end">
        {number(most)}
      </text>
      <text x={LEFT - 6} y={TOP + tall + 4} textAnchor="end">
        0
      </text>
      {bars.map((bar) => (
        <rect
          key={bar.hour}
          x={LEFT + bar.left * scale * inner + 0.5}
          y={TOP + tall * (1 - bar.height)}
          width={Math.max(1, wide - 1)}
          height={tall * bar.height}
          className={CLASS[bar.told]}
        >
          <title>{`${minute(bar.hour)} · ${count(bar.persons)} ${t("venue.persons")}`}</title>
        </rect>
      ))}
      {ticks(bars, slots).map((bar) => (
        <text
          key={bar.hour}
          x={LEFT + bar.left * scale * inner + wide / 2}
          y={HEIGHT - 6}
          textAnchor="middle"
        >
          {slots > 48 ? monthDay(bar.hour) : minute(bar.hour).slice(11)}
        </text>
      ))}
    </svg>
  );
}

const MOST_TICKS = 12;
/** Ticks nearer than this share of the axis would run into each other. */
const NEAREST = 0.06;

/** Over two days the days are named, else some of the hours. */
function ticks(bars: readonly HourBar[], slots: number): HourBar[] {
  const marks =
    slots > 48
      ? bars.filter((bar, i) => i === 0 || day(bar.hour) !== day(bars[i - 1]?.hour ?? bar.hour))
      : [...bars];
  const each = Math.ceil(marks.length / MOST_TICKS);
  return marks
    .filter((_, i) => i % each === 0)
    .filter((bar, i, shown) => (shown[i + 1]?.left ?? 2) - bar.left > NEAREST);
}
