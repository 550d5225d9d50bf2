import type * as T from "../../src/api/types.ts";
import { int, pick } from "./chance.ts";
import * as data from "./data.ts";
import { type Answer, matching, missing, no, ok, page } from "./reply.ts";
import { countyUnits as counties, PROVINCE, villages } from "./units.ts";

const text = (zh: string, en: string): T.Text => ({ zh, en });
const PLACES: readonly [string, string][] = [
  ["长风农贸市场", "market"],
  ["308 路公交", "bus"],
  ["内蒙古自治区锡林郭勒盟阿巴嘎旗驻并办事处职工食堂", "restaurant"],
  ["D2011 次列车 5 号车厢", "train_sealed"],
];
/** Counts are told in steps of this, under twice of it only as "fewer". */
const SMALL = 5;
const counted = (value: number): T.Count => {
  if (value === 0) return { value, below: null, about: false };
  if (value < 2 * SMALL) return { value: null, below: 2 * SMALL, about: false };
  return { value: value - (value % SMALL), below: null, about: true };
};

function detail(one: T.ContactItem): T.ContactDetail {
  const link = (from: T.ChainEnd, to: T.ChainEnd): T.ChainLink => ({
    from,
    to,
    place: text(one.exposures[0]?.place?.name ?? "长风农贸市场", "Changfeng market"),
    at: one.first_exposure,
    minutes: one.minutes,
    imputed: one.imputed,
    rule_id: one.rule_id,
  });
  const source = { kind: "case", label: one.case.case_no, id: one.case.id };
  const self = { kind: "contact", label: one.masked_name, id: one.id };
  const between = { kind: "contact", label: "赵*", id: one.via?.contact_id ?? null };
  const strongest =
    one.degree === 2 ? [link(source, between), link(between, self)] : [link(source, self)];
  return {
    ...one,
    exposures_next: null,
    decisions: [
      {
        at: one.last_exposure,
        by: "市疾控中心",
        action: "confirm",
        state: "confirmed",
        reason: "电话核实，当日确在场",
      },
    ],
    chains: {
      strongest,
      earliest: one.degree === 2 ? strongest.map((l) => ({ ...l, minutes: 12 })) : strongest,
    },
    score_parts: {
      confirmed_min: one.imputed ? 20 : one.minutes,
      imputed_min: one.imputed ? one.minutes - 20 : 0,
      household: one.exposures[0]?.setting === "household",
      link: one.score,
      via: one.degree === 2 ? 0.72 : null,
    },
    clearing: [
      text(
        "离开时间为补估；如查明其 11-05 09:12 前已离开，则不构成接触。",
        "The time out is assumed; had the person left before 11-05 09:12, there was no contact.",
      ),
      text("如病例该时段不在可传播期内。", "If the case was not infectious then."),
    ],
  };
}

function chains(caseId: number): T.ChainGraph {
  const found = data.cases.find((one) => one.id === caseId);
  const close = data.contacts.filter((one) => one.degree === 1).slice(0, 9);
  const second = data.contacts.filter((one) => one.degree === 2).slice(0, 16);
  const node = (id: string, kind: string, label: T.Text, more: Partial<T.ChainNode> = {}) => ({
    id,
    kind,
    label,
    degree: null,
    state: null,
    count: null,
    below: null,
    ...more,
  });
  const person = (one: T.ContactItem) =>
    node(`contact:${one.id}`, "contact", text(one.masked_name, one.masked_name), {
      degree: one.degree,
      state: one.state,
    });
  const edge = (from: string, to: string, one: T.ContactItem, strongest = false): T.ChainEdge => ({
    from,
    to,
    minutes: one.exposures[0]?.setting === "household" ? null : one.minutes,
    place: one.exposures[0]?.place ? text(one.exposures[0].place.name, "a market") : null,
    first: one.first_exposure,
    last: one.last_exposure,
    rule_id: one.rule_id,
    strongest,
    imputed: one.imputed,
  });
  const root = `case:${caseId}`;
  const [any] = close;
  if (!found || !any) return { nodes: [], edges: [], left_out: 0 };
  return {
    nodes: [
      node(root, "case", text(found.case_no, found.case_no), { degree: 0, state: found.state }),
      ...PLACES.slice(0, 2).map(([name], i) =>
        node(`place:${i}`, "place", text(name, name), { count: 214 + i }),
      ),
      ...close.map(person),
      ...second.map(person),
      ...counties.slice(0, 3).map((unit, i) =>
        node(`more:${unit.code}:2`, "more", text(unit.name, unit.name), {
          degree: 2,
          count: i ? 31 * i : null,
          below: i ? null : SMALL,
        }),
      ),
    ],
    edges: [
      ...PLACES.slice(0, 2).map((_, i) => edge(root, `place:${i}`, any)),
      ...close.map((one, i) => edge(root, `contact:${one.id}`, one, i < 4)),
      ...second.map((one, i) =>
        edge(`contact:${close[(i * 5) % close.length]?.id}`, `contact:${one.id}`, one, i < 3),
      ),
      ...counties
        .slice(0, 3)
        .map((unit, i) => edge(`contact:${close[i + 2]?.id}`, `more:${unit.code}:2`, any)),
    ],
    left_out: 95,
  };
}

const changes: T.ContactChange[] = data.contacts.slice(0, 14).map((one, i) => ({
  id: 900 - i,
  at: data.iso(i * 7),
  what: pick(["added", "added", "removed", "changed"]),
  reason: text("迟到的 1,204 条到访中有其记录", "seen in 1,204 late visits"),
  reason_code: pick(["new_case", "late_visits", "window_changed", "by_hand", "merged"]),
  contact: { id: one.id, masked_name: one.masked_name, degree: one.degree, unit: one.unit },
  run_id: 40 - i,
}));

const letters: T.LetterDetail[] = counties.slice(0, 12).map((to, i) => {
  const about = data.cases[i % 4];
  const state = pick(["sent", "received", "answered"]);
  return {
    id: 60 + i,
    no: `协查〔2022〕第${120 + i}号`,
    kind: i % 3 ? "help" : "local",
    supplement_to: i === 4 ? "协查〔2022〕第121号" : null,
    case: { id: about?.id ?? 1000, case_no: about?.case_no ?? "" },
    from: counties[15] ?? to,
    to,
    persons: int(2, 40),
    made_at: data.iso(i * 5),
    due_at: data.iso(i * 5 - 24),
    state,
    overdue: state === "sent" && i > 5,
    received_at: state === "sent" ? null : data.iso(i * 5 - 2),
    answered_at: state === "answered" ? data.iso(i * 5 - 9) : null,
    by: "市疾控中心",
    note: i ? "" : "请优先联系与病例同桌就餐者。",
    rule_id: "WHO-9",
    verified: i % 2 === 0,
    rows: data.contacts.slice(i, i + 12).map((one, k) => ({
      contact_id: one.id,
      change: k === 3 ? "dropped" : k === 5 ? "changed" : "new",
      dropped: k === 3 ? text("已排除", "excluded since") : null,
      masked_name: one.masked_name,
      degree: one.degree,
      kind: one.kind,
      unit: one.unit,
      first_exposure: one.first_exposure,
      last_exposure: one.last_exposure,
      places: one.exposures.flatMap((e) => (e.place ? [e.place.name] : [])),
      rule_id: one.rule_id,
      measure: text("集中隔离 5 天", "central isolation for 5 days"),
      release_on: one.release_on,
    })),
    rows_next: null,
    receipts:
      state === "sent"
        ? []
        : [
            {
              at: data.iso(i * 5 - 2),
              by: "李值班",
              unit: to,
              action: "receive",
              found: null,
              controlled: null,
              not_found: null,
              note: "",
            },
          ],
    may: {
      receive: state === "sent",
      report: state === "received",
      answer: state !== "answered",
      open: true,
    },
  };
});

const inquiries: T.Inquiry[] = [];

const place = ([name, kind]: readonly [string, string], i: number): T.TracedPlace => ({
  name,
  kind,
  unit: villages[i] ?? null,
  lon: 112.5 + i / 20,
  lat: 37.8 + i / 30,
});

function asked(question: string, body: Record<string, unknown>): Answer {
  inquiries.unshift({
    id: inquiries.length + 1,
    at: data.iso(0),
    by: "王指挥",
    unit: PROVINCE,
    as_of: data.iso(0),
    answered: {},
    question,
    purpose: String(body.purpose),
    note: String(body.note),
    subject: text(String(body.place_id ?? body.case_id ?? body.case_ids ?? ""), "a subject"),
  });
  const by_county = counties.slice(0, 7).map((unit, i) => ({
    unit,
    persons: i === 5 ? { value: null, below: null, about: false } : counted(180 >> i),
  }));
  switch (question) {
    case "venue":
      if (body.place_id === "none")
        return no(
          404,
          "tracing.no_place",
          "没有编号为“none”的场所，请核对扫码编号。",
          "There is no place 'none'; check the id.",
        );
      return ok({
        place: place(PLACES[0] ?? ["", ""], 0),
        persons: counted(1204),
        by_hour: Array.from({ length: 60 }, (_, i) => ({
          hour: data.iso(70 - i),
          persons: counted(Math.max(0, Math.round(60 * Math.sin((i % 24) / 7.6)))),
        })).filter((one) => one.persons.value !== 0),
        by_spot: ["1F", "2F", "3F", "地下一层"].map((name, i) => ({
          name,
          persons: counted(90 >> (i * 2)),
        })),
        by_county,
        cases: 3,
      } satisfies T.Venue);
    case "timeline":
      return ok({
        stays: PLACES.map((one, i) => ({
          place: i === 3 ? null : place(one, i),
          from: data.iso(80 - i * 9),
          to: data.iso(78 - i * 9),
          imputed: i === 1,
          doubted: i === 2,
          source: pick(["scan", "ticket", "cell"]),
        })),
        gaps: [{ from: data.iso(78), to: data.iso(71) }],
      } satisfies T.Whereabouts);
    case "common":
      return ok({
        asked: (body.case_ids as number[]).length,
        tested: 1304,
        places: PLACES.map((one, i) => ({
          place: place(one, i),
          cases: data.cases.slice(0, 4 - i).map((c) => ({ id: c.id, case_no: c.case_no })),
          expected: 0.04 * (i + 1),
          persons: counted(214 >> (i * 2)),
          p: 0.000002 * 40 ** i,
          p_adjusted: Math.min(1, 0.0026 * 40 ** i),
          visits: data.cases
            .slice(0, 4 - i)
            .map((c) => ({ case_id: c.id, from: data.iso(90 - i), to: data.iso(89 - i) })),
        })),
      } satisfies T.Common);
    default:
      return ok({
        persons: counted(391),
        by_county,
        cells: 27,
        rule_id: "WHO-8",
        verified: true,
        minutes: 10,
        days: 14,
      } satisfies T.Companions);
  }
}

const PEOPLE = [
  { name: "陈*", id_no: "9900**********0018", address: "歇子寨村村民委员会" },
  { name: "陈*", id_no: "9900**********0026", address: "槐园社区居委会" },
] as const satisfies readonly T.MaskedPerson[];
const merges: T.MergeItem[] = [];

const mergeOf = (what: "merged" | "split", reason: string): T.MergeItem => ({
  id: merges.length + 1,
  at: data.iso(0),
  by: "data",
  what,
  reason,
  keep: PEOPLE[0],
  other: PEOPLE[1],
  stands: what === "merged",
});

/** As the server finds them: by words of the name or the id. */
function placesNamed(words: string): T.PlaceItem[] {
  return PLACES.map(([name, kind], i): T.PlaceItem => {
    const unit = counties[i % counties.length] ?? null;
    return { place: i + 1, place_id: `P${1000 + i}`, name, kind, whole: null, unit, county: unit };
  }).filter((one) => `${one.name} ${one.place_id}`.toLowerCase().includes(words.toLowerCase()));
}

/** The tracing routes that read; null where the path is none of them. */
export function readTracing(path: string, q: URLSearchParams): Answer | null {
  const [, noun, key, sub] = path.split("/");
  const id = Number(key);
  if (path === "/tracing/inquiries") return page(inquiries, q);
  if (path === "/tracing/places") return page(placesNamed(q.get("q") ?? ""), q);
  if (path === "/persons/merges") return page(merges, q);
  if (path === "/letters") {
    const about = Number(q.get("case"));
    return page(
      matching(letters, q, ["state"]).filter((one) => !about || one.case.id === about),
      q,
    );
  }
  if (noun === "letters") {
    const letter = letters.find((one) => one.id === id);
    if (!letter) return missing();
    return sub === "file" ? ok({}) : ok(letter);
  }
  if (noun === "contacts" && key) {
    const one = data.contacts.find((contact) => contact.id === id);
    return one ? ok(detail(one)) : missing();
  }
  if (noun !== "cases") return null;
  switch (sub) {
    case "chains":
      return ok(chains(id));
    case "changes":
      return page(changes, q);
    case "contacts":
      return page(matching(data.contacts.slice(0, 120), q, ["degree", "state"]), q);
    case "trace":
      return ok({
        as_of: data.iso(0),
        ms: 2.4,
        engine: "hot",
        window: { from: data.iso(120), to: data.iso(20), rule_id: "WHO-1", verified: true },
        close: 24,
        second: 60,
        notices: 2,
        capped: { found: 412, kept: 60 },
        sensitivity: { tolerance_min: 5, sure: 71, listed: 84, possible: 97 },
        difference: { added: 3, removed: 1 },
        kept_from: null,
      } satisfies T.CaseTrace);
    default:
      return null;
  }
}

/** The tracing routes that write or ask. */
export function writeTracing(path: string, body: Record<string, unknown>): Answer | null {
  const [, noun, key, sub] = path.split("/");
  if (noun === "tracing" && key) return asked(key, body);
  if (path === "/persons/pair")
    return ok({
      keep: { person: PEOPLE[0], cases: 0, contacts: 2 },
      other: { person: PEOPLE[1], cases: 1, contacts: 0 },
      merged: false,
    } satisfies T.Pair);
  if (path === "/persons/merge") {
    merges.unshift(mergeOf("merged", String(body.reason)));
    return ok({ merged: true });
  }
  if (noun === "persons" && key === "merges") {
    for (const one of merges) one.stands = false;
    merges.unshift(mergeOf("split", String(body.reason)));
    return ok({ merged: false });
  }
  if (noun === "letters") {
    const letter = letters.find((one) => one.id === Number(key));
    return letter ? ok(letter) : missing();
  }
  if (noun === "cases" && sub === "letters") return ok(letters.slice(0, 2));
  if (noun === "cases" && sub === "trace")
    return ok({ added: changes.slice(0, 3), removed: [], ms: 41 });
  if (noun === "contacts" && sub === "decision") {
    const one = data.contacts.find((contact) => contact.id === Number(key));
    if (!one) return missing();
    const to: Record<string, string> = {
      confirm: "confirmed",
      downgrade: "downgraded",
      exclude: "excluded",
      reopen: "proposed",
    };
    one.state = to[String(body.action)] ?? one.state;
    return ok(one);
  }
  if (path === "/contacts") return ok(data.contacts[0]);
  return null;
}
