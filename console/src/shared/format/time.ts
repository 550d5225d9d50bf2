/** Instants arrive as ISO text and are shown in Beijing time, whatever the machine's zone. */
const BEIJING_MS = 8 * 3_600_000;

function parts(iso: string): string {
  return new Date(Date.parse(iso) + BEIJING_MS).toISOString();
}

/** A plain date (YYYY-MM-DD) has no zone and is not moved. */
const isDate = (iso: string): boolean => /^\d{4}-\d\d-\d\d$/.test(iso);

export function day(iso: string): string {
  return isDate(iso) ? iso : parts(iso).slice(0, 10);
}

export function monthDay(iso: string): string {
  return day(iso).slice(5);
}

export function minute(iso: string): string {
  return isDate(iso) ? iso : parts(iso).slice(0, 16).replace("T", " ");
}

export function shortMinute(iso: string): string {
  return minute(iso).slice(5);
}

/** The instant of a Beijing wall time "2022-11-08 20:00", as the server takes it. */
export function beijing(wall: string): string {
  return new Date(`${wall.replace(" ", "T")}:00+08:00`).toISOString();
}

/** 20:00 Beijing time of the day `daysBack` days before the day of `iso`, or `iso` for 0. */
export function evening(iso: string, daysBack: number): string {
  if (daysBack === 0) return iso;
  const midnight = Date.parse(`${day(iso)}T20:00:00+08:00`);
  return new Date(midnight - daysBack * 86_400_000).toISOString();
}

export interface Span {
  days: number;
  hours: number;
  minutes: number;
  negative: boolean;
}

export function span(ms: number): Span {
  const whole = Math.floor(Math.abs(ms) / 60_000);
  return {
    days: Math.floor(whole / 1440),
    hours: Math.floor((whole % 1440) / 60),
    minutes: whole % 60,
    negative: ms < 0,
  };
}
