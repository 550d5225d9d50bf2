import type { Count } from "@/api/types.ts";
import { countMost, type Told, toldOf } from "@/shared/format/count.ts";

export interface HourBar {
  hour: string;
  persons: Count;
  /** Left edge and height as shares of the drawing, 0 to 1. */
  left: number;
  height: number;
  /** A small cell shows the most it can be, hatched; a hidden one the whole height, faint. */
  told: Told;
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
  const most = Math.max(...hours.map((one) => countMost(one.persons) ?? 0));
  const bars = hours.map(
    ({ hour, persons }): HourBar => ({
      hour,
      persons,
      left: (Date.parse(hour) - first) / HOUR_MS / slots,
      height: heightOf(countMost(persons), most),
      told: toldOf(persons),
    }),
  );
  return { bars, slots, most };
}

/** Of a hidden count nobody knows: it may reach anywhere. */
function heightOf(persons: number | null, most: number): number {
  if (persons === null) return 1;
  return most > 0 ? persons / most : 0;
}
