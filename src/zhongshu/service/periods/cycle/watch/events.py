"""Events: clusters and absences that reach a threshold of any pack in force, with their grade."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pyarrow as pa

from zhongshu.kernel.errors import NotFound
from zhongshu.rules import grading, isolation, judge, reader, thresholds
from zhongshu.rules.expression import vector
from zhongshu.rules.judgement import judging, lookup
from zhongshu.rules.model import Pack, Rule
from zhongshu.rules.thresholds import Crossing
from zhongshu.service.incidents import facade as incidents
from zhongshu.service.periods import selectors
from zhongshu.service.periods.cycle.frame import Frame, Outcome
from zhongshu.service.periods.cycle.watch import eventfacts
from zhongshu.service.periods.cycle.watch.eventwords import KIND, Found, draft, key


def run(frame: Frame) -> Outcome:
    """Ask every pack in force; propose to verify and report, by county and rule."""
    disease = incidents.current().disease
    rows = eventfacts.gather(frame, disease)
    packs = reader.all_applicable(frame.today, frame.tree.get(frame.scope_unit).path)
    graded = _grading(frame)
    found: list[Found] = []
    unjudged: dict[str, list[str]] = {}
    for pack in packs:
        if pack.disease in (disease, "any"):
            found += _ill(frame, pack, rows, graded, disease)
        found += _absent(frame, pack, rows)
        unjudged |= {
            f"{pack.id}:{name}": missing
            for name, missing in thresholds.unjudged(pack, rows.absent, of="absence").items()
        }
    fresh, known = _fresh(found)
    drafts = tuple(draft(frame, one) for _, one in sorted(fresh.items()))
    summary = {
        "packs": len(packs),
        "cases": rows.ill.num_rows,
        "school_days": rows.absent.num_rows,
        "groups": len(found),
        "decided_before": known,
        "proposals": len(drafts),
        "not_judged": unjudged,
    }
    return Outcome(summary, drafts, (KIND,))


def _grading(frame: Frame) -> Pack | None:
    path = frame.tree.get(frame.scope_unit).path
    try:
        return reader.applicable(disease="any", topic="grading", on=frame.today, path=path)
    except NotFound:
        return None


def _ill(
    frame: Frame, pack: Pack, rows: eventfacts.Rows, graded: Pack | None, disease: str
) -> list[Found]:
    by_site = {t.id for t in pack.thresholds.values() if t.per in eventfacts.SITES}
    found = []
    for table, only in (
        (rows.attended, by_site),
        (rows.ill, set(pack.thresholds) - by_site),
    ):
        if table.num_rows == 0 or not only:
            continue
        crossings = thresholds.crossed(pack, table, of="illness", on=frame.today, only=only)
        members = _members(pack, table, crossings)
        for one, mine in zip(crossings, members, strict=True):
            grade = _grade(graded, mine, disease, one)
            found += [_found(frame, pack, one, mine, grade=grade, names=rows.names)]
    return [one for one in found if one.county]


def _members(
    pack: Pack, table: pa.Table, crossings: Sequence[Crossing]
) -> list[list[dict[str, Any]]]:
    """The rows of each crossing's group within its window."""
    told = table.to_pylist()
    by: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for per in {pack.thresholds[one.threshold].per for one in crossings}:
        groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for row in told:
            groups[str(row.get(per))].append(row)
        by[per] = groups
    return [
        [
            row
            for row in by[pack.thresholds[one.threshold].per][one.group]
            if one.first <= row["day"] <= one.last
        ]
        for one in crossings
    ]


def _grade(
    graded: Pack | None, rows: Iterable[Mapping[str, Any]], disease: str, one: Crossing
) -> grading.Grade:
    said = one.outcome.get("grade")
    if said is not None:
        return grading.Grade(str(said), one.rule_id, one.verified, one.judgement)
    if graded is None:
        return grading.Grade(None, "", True, None)
    facts = grading.counted(graded, rows, disease=disease)
    return grading.grade(graded, facts)


def _found(
    frame: Frame,
    pack: Pack,
    one: Crossing,
    rows: Sequence[Mapping[str, Any]],
    *,
    grade: grading.Grade,
    names: Mapping[str, str],
) -> Found:
    threshold = pack.thresholds[one.threshold]
    county = next((row["county"] for row in rows if row["county"]), None)
    site = threshold.per in eventfacts.SITES
    return Found(
        pack=pack,
        source=one.threshold,
        text=threshold.text,
        rule_id=one.rule_id,
        county=county or "",
        group=one.group,
        name=names.get(one.group, one.group) if site else frame.name(one.group),
        first=one.first,
        last=one.last,
        size=one.count,
        at_most=one.at_most,
        outcome=one.outcome,
        judgement=one.judgement,
        grade=grade,
    )


def _absent(frame: Frame, pack: Pack, rows: eventfacts.Rows) -> list[Found]:
    """Schools: thresholds over absences, and rules that judge one school's day."""
    if rows.absent.num_rows == 0:
        return []
    none = grading.Grade(None, "", True, None)
    found = []
    for one in thresholds.crossed(pack, rows.absent, of="absence", on=frame.today):
        mine = [row for row in rows.absent.to_pylist() if row["site"] == one.group]
        found.append(_found(frame, pack, one, mine, grade=none, names={}))
    rules = [rule for rule in judging(pack, "absence") if _proposes(rule)]
    if rules:
        recent = eventfacts.baseline(rows.absent, pack, frame)
        found += [one for rule in rules for one in _days(frame, pack, rule, recent)]
    return [one for one in found if one.county]


def _proposes(rule: Rule) -> bool:
    return rule.logic is not None and rule.logic.then.propose is not None


def _days(frame: Frame, pack: Pack, rule: Rule, recent: pa.Table) -> list[Found]:
    """Today's and yesterday's reports of which the rule holds; each school's latest."""
    if recent.num_rows == 0 or rule.logic is None:
        return []
    held = isolation.truth(vector.evaluate(rule.logic.when, recent, figures=lookup(pack)))
    latest: dict[str, Found] = {}
    for row in recent.filter(pa.array(held)).sort_by("day").to_pylist():
        judged = judge.judge(pack, rule.rule_id, row | {"now": frame.as_of})
        latest[row["site"]] = Found(
            pack=pack,
            source=rule.rule_id,
            text=rule.text,
            rule_id=rule.rule_id,
            county=row["county"] or "",
            group=row["site"],
            name=row["site"],
            first=row["day"],
            last=row["day"],
            size=int(row["count"]),
            at_most=int(row["count"]),
            outcome=judged.outcome,
            judgement=judged,
            grade=grading.Grade(None, "", True, None),
        )
    return list(latest.values())


def _fresh(found: Sequence[Found]) -> tuple[dict[str, list[Found]], int]:
    """By proposal key, the groups nobody has decided about at their present size; and how many
    were decided before."""
    keys = {key(one) for one in found}
    decided = selectors.decided_groups(keys)
    fresh: dict[str, list[Found]] = defaultdict(list)
    known = 0
    for one in found:
        if one.size <= decided.get((key(one), one.group), 0):
            known += 1
        else:
            fresh[key(one)].append(one)
    return fresh, known
