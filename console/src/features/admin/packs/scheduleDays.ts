import type { Pack } from "@/api/types.ts";

type Schedule = Pack["schedules"][number];
export interface DayBox {
  /** Number the day bears. */
  n: number;
  place: string;
  test: boolean;
}

const numbers = (value: unknown): number[] =>
  (Array.isArray(value) ? value : [value]).filter((one): one is number => typeof one === "number");

/**
 * The days of a schedule in order. The anchor's own day bears `first_day`; the first stage begins
 * with day 1. Test days count from the anchor, or from their stage where it says so.
 */
export function daysOf(schedule: Schedule): DayBox[] {
  const days: DayBox[] = [];
  for (const stage of schedule.stages) {
    const before = days.length;
    const [length = 0] = numbers(stage.days.value);
    const tests = new Set(
      numbers(stage.test_days?.value).map((n) => (stage.count_from === "stage" ? n + before : n)),
    );
    for (let i = 1; i <= length; i += 1)
      days.push({ n: before + i, place: stage.place, test: tests.has(before + i) });
  }
  return days;
}
