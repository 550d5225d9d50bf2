import type { UnitRef } from "../../src/api/types.ts";
/** The routes of clocks, notifications, packs, findings and codes. */
import { brief, bucketOf, clocks, notifications, running, wall } from "./clocks.ts";
import { iso } from "./data.ts";
import { codes, findings } from "./findings.ts";
import { explanation, judge } from "./judge.ts";
import { changes, packPage, packs } from "./packs.ts";
import { type Answer, matching, missing, no, ok, page } from "./reply.ts";
import { PROVINCE, unit, units } from "./units.ts";

const inside = (path: string, q: URLSearchParams): boolean => {
  const scope = units.get(q.get("scope") ?? "");
  return !scope || path.startsWith(scope.path);
};

/** The scope's own unit: its own clocks only; another: its and all below it. */
function ownedBy(of: UnitRef, q: URLSearchParams, home: string): boolean {
  const owner = units.get(q.get("owner") ?? "");
  if (!owner) return true;
  return owner.code === (q.get("scope") ?? home)
    ? of.code === owner.code
    : of.path.startsWith(owner.path);
}

function clockList(q: URLSearchParams, home: string): Answer {
  const bucket = q.get("bucket");
  const found = (q.get("state") || q.get("subject_id") ? clocks : running())
    .filter((one) => inside(one.owner.path, q))
    .filter((one) => !bucket || bucketOf(one) === bucket)
    .filter((one) => ownedBy(one.owner, q, home))
    .filter((one) => !q.get("subject_id") || String(one.subject.id) === q.get("subject_id"))
    .filter((one) => !q.get("subject_kind") || one.subject.kind === q.get("subject_kind"))
    .sort((a, b) => a.due_at.localeCompare(b.due_at));
  return page(matching(found, q, ["clock", "state"]).map(brief), q);
}

export function readRules(path: string, q: URLSearchParams, home: string): Answer | null {
  const [, noun, key, sub] = path.split("/");
  switch (noun) {
    case "clocks": {
      if (key === "wall") return ok(wall(unit(q.get("scope") ?? home ?? PROVINCE.code)));
      if (!key) return clockList(q, home);
      const found = clocks.find((one) => one.id === Number(key));
      return found ? ok(found) : missing();
    }
    case "notifications": {
      const unread = notifications.filter((one) => !one.read_at);
      if (key === "count") return ok({ unread: unread.length });
      return page(q.get("unread") === "true" ? unread : notifications, q);
    }
    case "packs": {
      if (!key) return ok(packs);
      if (sub === "diff") return ok({ changes: q.get("from") === q.get("to") ? [] : changes });
      const found = packPage(key);
      return found ? ok(found) : missing();
    }
    case "decisions":
      return sub === "explain" ? ok(explanation(Number(key))) : null;
    case "findings": {
      if (key) {
        const found = findings.find((one) => one.id === Number(key));
        return found ? ok(found) : missing();
      }
      const open = q.get("open");
      return page(
        matching(findings, q, ["kind"])
          .filter((one) => inside(one.unit.path, q))
          .filter((one) => !open || (open === "true") === (one.resolved_at === null)),
        q,
      );
    }
    case "codes": {
      if (key) {
        const found = codes.find((one) => one.id === Number(key));
        return found ? ok(found) : missing();
      }
      return page(
        matching(codes, q, ["colour"]).filter((one) => inside(one.unit.path, q)),
        q,
      );
    }
    default:
      return null;
  }
}

export function writeRules(path: string, body: Record<string, unknown>): Answer | null {
  const [, noun, key, action] = path.split("/");
  if (noun === "clocks") {
    const found = clocks.find((one) => one.id === Number(key));
    if (!found) return missing();
    const said = { at: iso(0), to: found.owner, by: "王指挥", note: String(body.note ?? "") };
    if (action === "remind") {
      found.events.push({ what: "reminded", ...said });
      return ok(found);
    }
    if (action === "waive") {
      found.state = "waived";
      found.waived = { ...said, reason: String(body.reason) };
      found.may = { remind: false, waive: false };
      found.stopped_at = said.at;
      found.events.push({ what: "waived", ...said, to: null });
      return ok(found);
    }
  }
  if (noun === "notifications" && action === "read") {
    const found = notifications.find((one) => one.id === Number(key));
    if (!found) return missing();
    found.read_at = iso(0);
    return ok(found);
  }
  if (noun === "packs" && action === "judge") {
    const facts = (body.facts ?? {}) as Record<string, unknown>;
    const found = judge(String(key), String(body.rule_id), facts);
    return found
      ? ok(found)
      : no(400, "rules.no_logic", "这条规则没有判定条件。", "This rule has no condition to judge.");
  }
  return null;
}
