import type { PlanBar } from "@/api/types.ts";

export interface Placed {
  bar: PlanBar;
  from: number;
  to: number;
}
export interface Lane {
  key: string;
  label: string;
  bars: readonly Placed[];
}
/** A bar by its lane and its place in it. */
export interface Spot {
  lane: number;
  bar: number;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const BEIJING = 8 * HOUR;
const STEPS = [
  15 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
  DAY,
  2 * DAY,
  7 * DAY,
];
const TICK_PX = 68;

/** One lane for each, in the order they are first named; bars in order of time, none empty. */
export function lanesOf(bars: readonly PlanBar[]): Lane[] {
  const lanes = new Map<string, { label: string; bars: Placed[] }>();
  for (const bar of bars) {
    const [from, to] = [Date.parse(bar.begins), Date.parse(bar.ends)];
    const lane = lanes.get(bar.lane) ?? { label: bar.lane, bars: [] };
    lanes.set(bar.lane, lane);
    if (to > from) lane.bars.push({ bar, from, to });
  }
  return [...lanes].map(([key, lane]) => ({
    key,
    label: lane.label,
    bars: lane.bars.sort((a, b) => a.from - b.from),
  }));
}

const floor = (ms: number, step: number) => Math.floor((ms + BEIJING) / step) * step - BEIJING;

/** From the full hour before the first bar to the one after the last. */
export function extent(lanes: readonly Lane[]): [from: number, to: number] {
  const bars = lanes.flatMap((lane) => lane.bars);
  if (bars.length === 0) return [0, HOUR];
  let [from, to] = [Infinity, -Infinity];
  for (const bar of bars) {
    from = Math.min(from, bar.from);
    to = Math.max(to, bar.to);
  }
  return [floor(from, HOUR), floor(to - 1, HOUR) + HOUR];
}

/** Full steps of Beijing time, no closer than can be read at `width` pixels. */
export function ticks(from: number, to: number, width: number): { at: number; day: boolean }[] {
  const most = Math.max(1, width / TICK_PX);
  const step = STEPS.find((one) => (to - from) / one <= most) ?? 7 * DAY;
  const found = [];
  for (let at = floor(from + step - 1, step); at <= to; at += step)
    found.push({ at, day: step >= DAY || floor(at, DAY) === at });
  return found;
}

/** Where an arrow key leads: along the lane, or to what goes on in the next lane at that time. */
export function next(lanes: readonly Lane[], at: Spot, key: string): Spot | null {
  const bars = lanes[at.lane]?.bars ?? [];
  const within = (bar: number) => ({ ...at, bar: Math.min(Math.max(bar, 0), bars.length - 1) });
  switch (key) {
    case "ArrowRight":
      return within(at.bar + 1);
    case "ArrowLeft":
      return within(at.bar - 1);
    case "Home":
      return within(0);
    case "End":
      return within(bars.length - 1);
    case "ArrowDown":
      return across(lanes, at, 1);
    case "ArrowUp":
      return across(lanes, at, -1);
    default:
      return null;
  }
}

function across(lanes: readonly Lane[], at: Spot, step: 1 | -1): Spot {
  const here = lanes[at.lane]?.bars[at.bar];
  const middle = here ? (here.from + here.to) / 2 : 0;
  for (let lane = at.lane + step; lanes[lane]; lane += step) {
    const bars = lanes[lane]?.bars ?? [];
    if (bars.length === 0) continue;
    const far = bars.map((one) => Math.max(one.from - middle, middle - one.to, 0));
    return { lane, bar: far.indexOf(Math.min(...far)) };
  }
  return at;
}
