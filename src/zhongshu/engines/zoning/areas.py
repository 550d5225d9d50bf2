"""One row per area: new ones drawn, those in force kept, raised, stepped down or released."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

from zhongshu.engines.zoning import model, release
from zhongshu.engines.zoning.evidence import Candidate
from zhongshu.engines.zoning.units import Units

Row = dict[str, Any]
DAY = dt.timedelta(days=1)


@dataclasses.dataclass(frozen=True)
class Facts:
    """What is known about the inside of areas, by unit code."""

    units: Units
    rules: model.ZoneRules
    on: dt.date
    cases: dict[str, list[Row]]
    coverage: dict[str, list[Row]]


def draw(candidate: Candidate, facts: Facts) -> Row:
    """A new area at the level of its evidence."""
    return _row(candidate.unit_code, candidate.level, facts, action="draw", candidate=candidate)


def review(zone: Row, candidate: Candidate | None, facts: Facts) -> tuple[Row, list[Row]]:
    """An area in force, judged again; its row and the rows of its release conditions."""
    rule = facts.rules.level(zone["level"])
    if rule is None:  # the edition in force knows no such level any more
        row = _row(zone["unit_code"], zone["level"], facts, action="release", candidate=candidate)
        gone = {"was": zone["level"], "since": zone["since"], "reasons": ["level_abolished"]}
        return {**row, **gone, "days": 0.0, "person_days": 0.0, "earliest_release": facts.on}, []
    # A stepped-down area is raised only by evidence newer than the step: no flicker.
    fresh = candidate.newer_than(zone["since"]) if candidate and zone["stepped"] else candidate
    if fresh and model.LEVELS.index(fresh.level) > model.LEVELS.index(zone["level"]):
        row = _row(zone["unit_code"], fresh.level, facts, action="raise", candidate=fresh)
        return {**row, "was": zone["level"]}, []
    clock = release.read(
        zone,
        rule,
        facts.rules,
        cases=facts.cases.get(zone["unit_code"], []),
        coverage=facts.coverage.get(zone["unit_code"], []),
        on=facts.on,
    )
    rows = release.conditions(zone["unit_code"], clock, rule, on=facts.on)
    if clock.met_on is None:
        return _keep(zone, clock, candidate, facts), rows
    return _step(zone, clock, candidate, facts), rows


def _keep(zone: Row, clock: release.Clock, candidate: Candidate | None, facts: Facts) -> Row:
    waits = "waits_for_days" if facts.on < clock.due_on else "waits_for_tests"
    reasons = ["new_case_inside", waits] if clock.restarted else [waits]
    row = _row(
        zone["unit_code"],
        zone["level"],
        facts,
        action="prolong" if clock.restarted else "keep",
        candidate=candidate,
        reasons=reasons,
        remaining=max(1, (clock.due_on - facts.on).days),
    )
    earliest = max(facts.on, clock.due_on)
    return {
        **row,
        "was": zone["level"],
        "since": zone["since"],
        "clean_days": clock.clean,
        "earliest_release": earliest,
    }


def _step(zone: Row, clock: release.Clock, candidate: Candidate | None, facts: Facts) -> Row:
    rule = _rule(zone["level"], facts.rules)
    below = rule.steps_to if rule.steps_to and facts.rules.level(rule.steps_to) else None
    overdue = (facts.on - clock.met_on).days if clock.met_on else 0
    common = {
        "was": zone["level"],
        "clean_days": clock.clean,
        "overdue_days": overdue,
        "reasons": ["clean_and_negative" if clock.needs_tests else "clean"],
    }
    if below is None:
        row = _row(
            zone["unit_code"], zone["level"], facts, action="release", candidate=candidate,
            remaining=0,
        )  # fmt: skip
        return {**row, **common, "since": zone["since"], "earliest_release": facts.on}
    row = _row(
        zone["unit_code"], below, facts, action="step_down", candidate=candidate,
        remaining=_full_days(_rule(below, facts.rules), facts.rules, stepped=True),
    )  # fmt: skip
    return {**row, **common}


def _row(
    code: str,
    level: str,
    facts: Facts,
    *,
    action: str,
    candidate: Candidate | None,
    reasons: list[str] | None = None,
    remaining: int | None = None,
) -> Row:
    unit = facts.units.get(code)
    rule = _rule(level, facts.rules)
    evidence = candidate.evidence if candidate else ()
    windows = [item.window for item in evidence if item.window]
    if remaining is None:
        remaining = _full_days(rule, facts.rules, stepped=False)
    days, weighted = _course(level, remaining, facts.rules)
    living = {case["case_id"] for case in facts.cases.get(code, [])}
    named = {item.reason for item in evidence} | ({"home_of_case"} if living else set())
    found = sorted(named, key=model.REASONS.index)
    residents = unit.people if unit else 0
    return {
        "unit_code": code,
        "kind": unit.kind if unit else None,
        "county_code": facts.units.above(code, "county"),
        "level": level,
        "was": None,
        "action": action,
        "since": facts.on,
        "rule_id": rule.rule_id,
        "reasons": [*found, *(reasons or [])],
        "case_ids": sorted(living.union(*(item.case_ids for item in evidence))),
        "places": sorted({item.place for item in evidence if item.place is not None}),
        "window_from": min((window[0] for window in windows), default=None),
        "window_to": max((window[1] for window in windows), default=None),
        "residents": residents,
        "households": unit.households if unit else 0,
        "days": days,
        "person_days": residents * weighted,
        "clean_days": None,
        "earliest_release": facts.on + remaining * DAY,
        "overdue_days": 0,
    }


def _rule(level: str, rules: model.ZoneRules) -> model.LevelRule:
    """The rule of a level; an area of a level the edition has abolished follows the high rule."""
    return rules.level(level) or rules.high


def _full_days(rule: model.LevelRule, rules: model.ZoneRules, *, stepped: bool) -> int:
    days = rule.stepped_days if stepped and rule.stepped_days is not None else rule.clean_days
    return max(0, days - rules.first_day)


def course(level: str, rules: model.ZoneRules) -> tuple[float, float]:
    """Days until an area drawn now at `level` is free, if no case comes, and the same weighted by
    strictness; all steps below included."""
    return _course(level, _full_days(_rule(level, rules), rules, stepped=False), rules)


def _course(level: str, remaining: int, rules: model.ZoneRules) -> tuple[float, float]:
    """Days until free and the same weighted by strictness, all steps below included."""
    days, weighted, rule = 0.0, 0.0, _rule(level, rules)
    while True:
        days += remaining
        weighted += remaining * rule.strictness
        below = rules.level(rule.steps_to) if rule.steps_to else None
        if below is None:
            return days, weighted
        remaining, rule = _full_days(below, rules, stepped=True), below
