import type { Count } from "@/api/pending.ts";
import { countMost } from "@/shared/format/count.ts";

export interface HourBar {
  hour: string;
  persons: Count;
  /** Left edge and height as shares of the drawing, 0 to 1. */
  left: number;
  height: number;
  /** A small cell: the bar shows the most it can be, hatched. */
  small: boolean;
}
const HOUR_MS = 3_600_000;

/** Hours on a true time axis: an hour nobody was there is a gap, not a neighbour moved up. */
export function hourBars(hours: readonly { hour: string; persons: Count }[]): {
  bars: HourBar[];
  slots: number;
  most: number;
} {
  const at = hours.map((one) => Date.parse(one.hour));
  if (at.length === 0) return { bars: [], slots: 0, most: 0 };
  const first = Math.min(...at);
  const slots = Math.round((Math.max(...at) - first) / HOUR_MS) + 1;
  const most = Math.max(...hours.map((one) => countMost(one.persons)));
  const bars = hours.map(
    ({ hour, persons }): HourBar => ({
      hour,
      persons,
      left: (Date.parse(hour) - first) / HOUR_MS / slots,
      height: most > 0 ? countMost(persons) / most : 0,
      small: persons.value === null,
    }),
  );
  return { bars, slots, most };
}
