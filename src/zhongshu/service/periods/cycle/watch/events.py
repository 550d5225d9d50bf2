"""Events: clusters and absences that reach a threshold of any pack in force, with their grade."""

from __future__ import annotations

import dataclasses
import itertools
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from zhongshu.kernel.errors import NotFound
from zhongshu.rules import grading, isolation, judge, judgement, reader, thresholds
from zhongshu.rules.expression import vector
from zhongshu.rules.judgement import judging, lookup
from zhongshu.rules.model import Pack, Rule
from zhongshu.rules.thresholds import Crossing
from zhongshu.service.incidents import facade as incidents
from zhongshu.service.periods import selectors
from zhongshu.service.periods.cycle.detect import rulesignals
from zhongshu.service.periods.cycle.frame import Frame, Outcome
from zhongshu.service.periods.cycle.watch import eventfacts
from zhongshu.service.periods.cycle.watch.eventwords import KIND, Found, draft, key

_SHOWN = 40  # thresholds named in the record as not judged; the rest is counted


@dataclasses.dataclass(frozen=True)
class Tables:
    """The packs that grade an event and put its disease in a class; None where none is in force."""

    grading: Pack | None
    reporting: Pack | None


def run(frame: Frame) -> Outcome:
    """Ask every pack in force; propose to verify and report, by county and rule."""
    disease = incidents.current().disease
    rows = eventfacts.gather(frame, disease)
    packs = reader.all_applicable(frame.today, frame.tree.get(frame.scope_unit).path)
    found = reached(frame, packs, rows, disease=disease)
    fresh, known = _fresh(found)
    drafts = tuple(draft(frame, one) for _, one in sorted(fresh.items()))
    missing = _unjudged(packs, rows, disease)
    raised = rulesignals.raise_signals(frame, found)
    summary = {
        "packs": len(packs),
        "cases": rows.ill.num_rows,
        "school_days": rows.absent.num_rows,
        "groups": len(found),
        "signals": raised,
        "decided_before": known,
        "proposals": len(drafts),
        "not_judged": dict(itertools.islice(missing.items(), _SHOWN)),
        "not_judged_total": len(missing),
    }
    return Outcome(summary, drafts, (KIND,))


def reached(
    frame: Frame, packs: Sequence[Pack], rows: eventfacts.Rows, *, disease: str
) -> list[Found]:
    """Groups of the rows that reach a threshold of any of the packs, each with its grade.

    disease: of rows that tell none.
    """
    tables = Tables(_in_force(frame, "grading"), _in_force(frame, "reporting"))
    found: list[Found] = []
    for pack in packs:
        found += _ill(frame, pack, rows, tables, disease)
        found += _absent(frame, pack, rows)
    return found


def _in_force(frame: Frame, topic: str) -> Pack | None:
    path = frame.tree.get(frame.scope_unit).path
    try:
        return reader.applicable(disease=reader.ANY, topic=topic, on=frame.today, path=path)
    except NotFound:
        return None


def _unjudged(packs: Sequence[Pack], rows: eventfacts.Rows, disease: str) -> dict[str, list[str]]:
    """{pack:threshold: columns nobody sends}, the packs of the incident's disease first."""
    found: dict[str, list[str]] = {}
    for pack in sorted(packs, key=lambda one: (one.disease not in (disease, reader.ANY), one.id)):
        told = {
            name: missing
            for home, table in ((True, rows.ill), (False, rows.attended))
            for name, missing in thresholds.unjudged(pack, table, of="illness").items()
            if (pack.thresholds[name].per in eventfacts.HOMES) == home
        }
        told |= thresholds.unjudged(pack, rows.absent, of="absence")
        found |= {f"{pack.id}:{name}": missing for name, missing in told.items()}
    return found


def _asked(pack: Pack) -> dict[tuple[bool, bool], set[str]]:
    """Thresholds over ill people: (by where they live, else by the places they attended; of every
    row, else of those of the pack's own disease, since nothing in it looks at the disease)."""
    found: dict[tuple[bool, bool], set[str]] = defaultdict(set)
    for one in pack.thresholds.values():
        if one.of == "illness":
            named = pack.disease == reader.ANY or "disease" in judgement.names(one.where)
            found[one.per in eventfacts.HOMES, named].add(one.id)
    return found


def _ill(
    frame: Frame, pack: Pack, rows: eventfacts.Rows, tables: Tables, disease: str
) -> list[Found]:
    found: list[Found] = []
    everybody: list[dict[str, Any]] | None = None
    for (home, named), only in _asked(pack).items():
        table = rows.ill if home else rows.attended
        if not named:
            table = table.filter(pc.equal(table["disease"], pack.disease))
        if table.num_rows == 0:
            continue
        crossings = thresholds.crossed(pack, table, of="illness", on=frame.today, only=only)
        if crossings and everybody is None:
            everybody = rows.ill.to_pylist()
        for one, mine in zip(crossings, _members(pack, table, crossings), strict=True):
            grade = _grade(tables, mine, everybody or [], one, disease=disease, wide=home)
            found.append(_found(frame, pack, one, mine, grade=grade, names=rows.names))
    return [one for one in found if one.county]


def _members(
    pack: Pack, table: pa.Table, crossings: Sequence[Crossing]
) -> list[list[dict[str, Any]]]:
    """The rows that each crossing counted: of its group, within its window."""
    if not crossings:
        return []
    told = table.to_pylist()
    by: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for per in {pack.thresholds[one.threshold].per for one in crossings}:
        groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for row in told:
            groups[str(row.get(per))].append(row)
        by[per] = groups
    found = []
    for one in crossings:
        asked, ids = pack.thresholds[one.threshold], set(one.ids)
        inside = [row for row in by[asked.per][one.group] if one.first <= row["day"] <= one.last]
        found.append(
            [row for row in inside if not ids or str(row.get(asked.distinct_by or "")) in ids]
        )
    return found


def _grade(
    tables: Tables,
    rows: Sequence[Mapping[str, Any]],
    everybody: Sequence[Mapping[str, Any]],
    one: Crossing,
    *,
    disease: str,
    wide: bool,
) -> grading.Grade:
    """The graver of the threshold's own grade and the grading table's.

    wide: the group is all who live in a division; where the event ends is not known by that, and
    everybody ill of the disease in the window is counted for its extent.
    """
    floor = grading.NONE
    if one.outcome.get("grade") is not None:
        said = str(one.outcome["grade"])
        floor = grading.Grade(said, one.rule_id, one.verified, one.judgement)
    if tables.grading is None:
        return floor
    diseases = Counter(str(row["disease"]) for row in rows if row.get("disease"))
    mine = diseases.most_common(1)[0][0] if diseases else disease
    near = [row for row in everybody if row.get("disease", disease) == mine]
    inside = [row for row in near if one.first <= row["day"] <= one.last]
    facts = grading.counted(
        tables.grading,
        inside if wide and inside else rows,
        disease=mine,
        reporting=tables.reporting,
        around=near or None,
    )
    return grading.at_least(grading.grade(tables.grading, facts), floor)


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
    site = threshold.per not in eventfacts.HOMES
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
    found = []
    for one in thresholds.crossed(pack, rows.absent, of="absence", on=frame.today):
        mine = [row for row in rows.absent.to_pylist() if row["site"] == one.group]
        found.append(_found(frame, pack, one, mine, grade=grading.NONE, names={}))
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
            grade=grading.NONE,
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
