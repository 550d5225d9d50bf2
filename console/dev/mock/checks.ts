/** How good warning is in the mock's world: quality, self-tests and breaks of a stream. */
import type * as T from "../../src/api/types.ts";
import { type Answer, missing, no, ok, page } from "./reply.ts";
import { day, iso } from "./times.ts";
import { countyUnits, PROVINCE, units } from "./units.ts";

const selftests: T.SelfTest[] = Array.from({ length: 12 }, (_, i) => ({
  id: 60 - i,
  week: day(1 + 7 * Math.floor(i / 3)),
  number: 3 - (i % 3),
  at: iso(30 + 168 * Math.floor(i / 3)),
  unit: countyUnits[(i * 7) % countyUnits.length] ?? PROVINCE,
  streams: i % 3 ? ["fever_clinic"] : ["fever_clinic", "pharmacy_sales"],
  start: day(14 + 7 * Math.floor(i / 3)),
  days: 10,
  size: 24 + 9 * (i % 4),
  size_sd: 2.2 + (i % 4),
  added: { fever_clinic: [1, 2, 3, 4, 5, 4, 2, 1, 1, 1] },
  found_after_days: i === 4 ? null : i % 4,
  method: "joint",
  seed: 1000 + i,
  synthetic: true,
}));

function quality(q: URLSearchParams): T.SignalQuality {
  const narrowed = q.get("scope") !== null && q.get("scope") !== PROVINCE.code;
  return {
    first: q.get("from") ?? day(27),
    last: q.get("to") ?? day(0),
    signals: 57,
    per_analyst_day: narrowed ? null : 6.33,
    ppv: narrowed ? { confirmed: 0, decided: 0 } : { confirmed: 7, decided: 23 },
    days_gained: narrowed ? { median: null, events: 0 } : { median: 4, events: 5 },
    budget: {
      set_per_week: 14,
      raised: 57,
      by_week: [9, 12, 15, 11, 10].map((raised, i) => ({
        week: day(29 - 7 * i),
        raised,
        set_per_week: 14,
      })),
      together: [18, 22, 20].map((raised, i) => ({
        week: day(15 - 7 * i),
        set_per_week: 20,
        raised,
        by_chance: 0.6 * raised,
      })),
    },
    self_tests: {
      run: selftests.length,
      found: selftests.length - 1,
      sensitivity: { value: 11 / 12, low: 0.646, high: 0.985 },
      last: selftests[0] ?? null,
    },
    calibration: narrowed
      ? []
      : [
          { said: 0.12, real: 0.1, tests: 10 },
          { said: 0.34, real: 0.29, tests: 7 },
          { said: 0.58, real: 0.67, tests: 3 },
          { said: 0.86, real: 0.67, tests: 3 },
        ],
    tests_done: narrowed ? null : 19_656,
    tests: narrowed
      ? null
      : [
          tested("fever_clinic", "baseline", 3190, 21, { no_report: 86 }),
          tested("pharmacy_sales", "baseline", 3211, 19, { no_report: 65 }),
          tested("school_absences", "C2", 2002, 17, { no_report: 154, short_baseline: 60 }),
        ],
    error_rates: narrowed
      ? null
      : [
          { said: 0.1, real: 0.108, tests: 8403 },
          { said: 0.01, real: 0.0117, tests: 8403 },
          { said: 0.001, real: 0.0018, tests: 8403 },
        ],
  };
}

function tested(
  stream: string,
  method: string,
  done: number,
  raised: number,
  untested: Record<string, number>,
) {
  return { stream, method, tested: done, raised, untested };
}

const breaks: T.Break[] = [made(1, "140100000000", "pharmacy_sales", 9, "新增 3 家哨点药店")];

function made(id: number, unit: string, stream: string, back: number, reason: string): T.Break {
  return {
    id,
    unit: units.get(unit) ?? PROVINCE,
    stream,
    day: day(back),
    reason,
    by: "王指挥",
    made_at: iso(24 * back - 6),
    removed_at: null,
    removed_by: "",
    removed_reason: "",
  };
}

export function readChecks(key: string, q: URLSearchParams): Answer | null {
  switch (key) {
    case "quality":
      return ok(quality(q));
    case "selftests":
      return page(
        selftests.filter((one) => q.get("missed") !== "true" || one.found_after_days === null),
        q,
      );
    case "breaks":
      return page(
        breaks.filter((one) => q.get("removed") === "true" || !one.removed_at),
        q,
      );
    default:
      return null;
  }
}

export function writeChecks(
  key: string | undefined,
  action: string | undefined,
  body: Record<string, unknown>,
): Answer | null {
  if (key === "selftests") return ok({ week: day(1) });
  if (key !== "breaks") return null;
  if (!action || action === "remove") {
    const reason = String(body.reason ?? "");
    const found = breaks[0];
    if (action === "remove" && found) {
      Object.assign(found, { removed_at: iso(0), removed_by: "王指挥", removed_reason: reason });
      return ok(found);
    }
    const day = String(body.day);
    if (breaks.some((one) => one.day === day && one.stream === body.stream))
      return no(400, "signals.break_twice", "该日的口径变更已经标记。", "Already marked.");
    const one = made(breaks.length + 1, String(body.unit), String(body.stream), 0, reason);
    breaks.unshift({ ...one, day });
    return ok(breaks[0]);
  }
  return missing();
}
