import type * as T from "../../src/api/types.ts";
import * as data from "./data.ts";
import { type Answer, matching, missing, no, ok, page } from "./reply.ts";
import { readRules, writeRules } from "./rules.ts";
import { readSignals, writeSignals } from "./signals.ts";
import { readSources } from "./sources.ts";
import { readTracing, writeTracing } from "./tracing.ts";
import { boundary, children, detail, PROVINCE, unit, units, villages } from "./units.ts";

export interface Asked {
  method: string;
  path: string;
  query: URLSearchParams;
  body: Record<string, unknown>;
  user: string | null;
}
const CLERK = villages[0] ?? PROVINCE;
const ALL =
  "unit.read case.read case.write contact.read contact.decide identity.open signal.read signal.handle zone.read proposal.read proposal.decide directive.read directive.issue directive.sign directive.report resource.read feed.read run.read run.start report.read audit.read user.manage pack.read situation.read map.read place.read clock.read clock.waive finding.read code.read tracing.ask inquiry.read letter.read letter.send letter.answer person.merge".split(
    " ",
  );
const FEW =
  "unit.read contact.read directive.read directive.sign directive.report zone.read situation.read map.read clock.read".split(
    " ",
  );

function session(user: string): T.Session {
  const clerk = user === "clerk";
  const scope = clerk ? CLERK : PROVINCE;
  return {
    user: { username: user, display_name: clerk ? "李明" : "王指挥", has_password: true },
    posts: [{ id: 1, unit: scope, role: clerk ? "village_clerk" : "commander" }],
    permissions: clerk ? FEW : ALL,
    scope,
    incident: {
      id: 1,
      name: { zh: "山西省新冠疫情(演示)", en: "Shanxi COVID-19 outbreak (demonstration)" },
      disease: "covid-19",
      level: "II",
      mode: "emergency",
      synthetic: true,
      pack: "cn-covid-9",
    },
    clock: {
      now: data.iso(-0.05),
      latest_as_of: data.iso(0),
      offset_s: Math.round((data.NOW + 180_000 - Date.now()) / 1000),
    },
  };
}

const inScope = (path: string, query: URLSearchParams): boolean => {
  const code = query.get("scope");
  const scope = code ? units.get(code) : undefined;
  return !scope || path.startsWith(scope.path);
};

function lists(path: string, q: URLSearchParams): Answer | null {
  switch (path) {
    case "/proposals":
      return page(
        matching(data.proposals, q, ["state", "kind"]).filter((p) => inScope(p.unit.path, q)),
        q,
      );
    case "/directives":
      return page(matching(data.directives, q, ["state", "overdue"]).map(data.brief), q);
    case "/cases": {
      const search = q.get("q") ?? "";
      const found = matching(data.cases, q, ["category", "state"]).filter(
        (c) => inScope(c.unit.path, q) && c.case_no.includes(search),
      );
      return page(
        found.filter(
          (c) => !q.get("reported_from") || (c.reported_at ?? "") >= (q.get("reported_from") ?? ""),
        ),
        q,
      );
    }
    case "/contacts":
      return page(
        matching(data.contacts, q, ["degree", "state"]).filter((c) => inScope(c.unit.path, q)),
        q,
      );
    case "/zones":
      return page(
        matching(data.zones, q, ["level", "state"]).filter((z) => inScope(z.unit.path, q)),
        q,
      );
    case "/runs":
      return page([data.run], q);
    default:
      return null;
  }
}

function one(path: string): Answer | null {
  const [, noun, key, sub] = path.split("/");
  const id = Number(key);
  const find = <R extends { id: number }>(items: R[]): Answer => {
    const found = items.find((item) => item.id === id);
    return found ? ok(found) : missing();
  };
  switch (noun) {
    case "units":
      if (!key || !units.has(key)) return missing();
      return ok(
        sub === "children"
          ? children(unit(key)).map((u) => ({ ...u, population: null }))
          : detail(unit(key)),
      );
    case "proposals":
      return find(data.proposals);
    case "directives":
      return find(data.directives);
    case "zones":
      return find(data.zones);
    case "cases": {
      const found = data.cases.find((item) => item.id === id);
      if (!found) return missing();
      return ok(data.caseDetail(found));
    }
    default:
      return null;
  }
}

function read(path: string, q: URLSearchParams, user: string): Answer {
  if (path === "/session") return ok(session(user));
  const asOf = q.get("as_of") ?? data.iso(0);
  if (path === "/situation") {
    const scope = unit(q.get("scope") ?? session(user).scope?.code ?? PROVINCE.code);
    return ok({
      as_of: asOf,
      scope,
      synthetic: true,
      figures: data.figures,
      trends: data.trends,
      feeds: data.feeds,
      run: data.run,
    });
  }
  if (path === "/units") {
    const text = q.get("q") ?? "";
    return ok(
      [...units.values()]
        .filter((u) => u.name.includes(text) || u.code.startsWith(text))
        .slice(0, 20),
    );
  }
  if (path.startsWith("/map/boundaries/")) {
    return ok({ ...boundary(path.split("/")[3] ?? ""), source: data.mapLayers(asOf).source });
  }
  if (path === "/map/layers") return ok(data.mapLayers(asOf));
  if (path === "/reports") return ok([]);
  if (path === "/feeds/sources") return ok(data.feeds);
  const home = session(user).scope?.code ?? PROVINCE.code;
  return (
    readRules(path, q, home) ??
    readTracing(path, q) ??
    readSignals(path, q) ??
    readSources(path, q) ??
    lists(path, q) ??
    one(path) ??
    missing()
  );
}

function write({ path, body }: Asked): Answer {
  const ruled = writeRules(path, body) ?? writeTracing(path, body) ?? writeSignals(path, body);
  if (ruled) return ruled;
  const [, noun, key, action] = path.split("/");
  if (noun === "proposals" && action === "decision") {
    const found = data.proposals.find((p) => p.id === Number(key));
    if (!found) return missing();
    const verdict = String(body.verdict);
    found.state = verdict === "approve" ? "approved" : verdict === "amend" ? "amended" : "rejected";
    found.decision = {
      id: 99,
      verdict,
      reason: String(body.reason ?? ""),
      by: "王指挥",
      post: "省指挥部",
      role: "commander",
      at: data.iso(0),
    };
    return ok({ decision: found.decision, directives: data.directives.slice(0, 3) });
  }
  if (noun === "directives") {
    const found = data.directives.find((d) => d.id === Number(key));
    if (!found) return missing();
    if (action === "sign") {
      Object.assign(found, {
        state: "signed",
        signed_at: data.iso(0),
        may: { ...found.may, receive: false, sign: false, report: true },
      });
      found.events.push({
        at: data.iso(0),
        action: "sign",
        by: "李值班",
        unit: found.to_unit,
        note: String(body.note ?? ""),
      });
    }
    return ok(found);
  }
  if (noun === "cases" && action === "identity") {
    return ok({
      name: "张三",
      id_no: "990101199001011234",
      birth_date: "1990-01-01",
      address: "(合成地址)",
    });
  }
  return missing();
}

export function answer(asked: Asked): Answer {
  const { method, path, body, user } = asked;
  if (path === "/session" && method === "POST") {
    if (body.secret) return { status: 204, signIn: "commander" };
    if (body.password === "mock") return { status: 204, signIn: String(body.username) };
    return no(401, "sign-in-refused", "用户名或密码不对", "wrong username or password");
  }
  if (!user) return no(401, "not-signed-in", "请先登录", "please sign in");
  if (path === "/session" && method === "DELETE") return { status: 204, signOut: true };
  return method === "GET" ? read(path, asked.query, user) : write(asked);
}
