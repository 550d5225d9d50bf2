/** Whether departments' daily reports come, in the mock's world. */
import type * as T from "../../src/api/types.ts";
import { chance } from "./chance.ts";
import { type Answer, matching, page } from "./reply.ts";
import { day, iso } from "./times.ts";
import { countyUnits, units } from "./units.ts";

const draw = chance(20221107);
const int = (low: number, high: number): number => low + Math.floor(draw() * (high - low + 1));
const STREAMS = ["fever_clinic", "pharmacy_sales", "school_absences"] as const;
const SENDERS = ["卫生健康委", "药品监督管理局", "教育厅"] as const;
const STATES = ["ok", "ok", "ok", "late", "ok", "partial", "ok", "outage", "ok", "never"] as const;

/** A county's stream as the watch over the sources tells it. */
function source(unit: T.UnitRef, k: number, i: number): T.SourceItem {
  const stream = STREAMS[k] ?? STREAMS[0];
  const state = STATES[(i * 3 + k * 7) % STATES.length] ?? "ok";
  const sites = state === "never" ? 0 : 4 + ((i + k) % 5);
  const history = Array.from({ length: 15 }, (_, d): T.SourceItem["history"][number] => {
    const back = 14 - d;
    const gone = state === "outage" && back < 4;
    const few = state === "partial" && back < 6;
    const received = sites === 0 || gone ? 0 : few ? Math.ceil(sites / 2) : sites;
    const due = back > 0;
    return {
      date: day(back),
      due,
      received: due ? received : Math.floor(received / 2),
      expected: sites || null,
      count: received ? received * int(2, 9) : null,
      doubted: false,
    };
  });
  const expected = sites ? sites * 14 : null;
  const received = history.filter((one) => one.due).reduce((sum, one) => sum + one.received, 0);
  return {
    id: `${unit.code}:${stream}`,
    unit,
    stream,
    sender: SENDERS[k] ?? "",
    state,
    since: ["late", "partial", "outage"].includes(state) ? day(4) : null,
    sites,
    received,
    expected,
    completeness: expected ? received / expected : null,
    delay_h: sites ? { median: 17.5, p90: state === "late" ? 57 : 33 } : null,
    last_day: sites ? day(state === "outage" ? 4 : 0) : null,
    last_at: sites ? iso(state === "outage" ? 98 : 2.5) : null,
    last_file_at: iso(2.5),
    history,
  };
}

const sources: T.SourceItem[] = countyUnits.flatMap((unit, i) =>
  STREAMS.map((_, k) => source(unit, k, i)),
);

export function readSources(path: string, q: URLSearchParams): Answer | null {
  if (path !== "/sources") return null;
  const scope = units.get(q.get("scope") ?? "");
  const found = matching(sources, q, ["stream", "state"]);
  return page(
    found.filter((one) => !scope || one.unit.path.startsWith(scope.path)),
    q,
  );
}
