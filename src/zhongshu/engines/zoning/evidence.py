"""From cases and exposures to the units that should be areas, and why.

Z9-1: homes, and places with frequent activity and higher risk, are high.
Z9-2: places where a case stayed some time with possible transmission are medium.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import pyarrow as pa

from zhongshu.engines.zoning import model
from zhongshu.engines.zoning.units import Units
from zhongshu.kernel import tables

Row = dict[str, Any]


@dataclasses.dataclass(frozen=True)
class Evidence:
    """One reason to draw one unit.  day: when its last case was confirmed."""

    unit_code: str | None
    level: str
    reason: str
    rule_id: str
    case_ids: frozenset[int]
    day: dt.date
    place: int | None = None
    window: tuple[dt.datetime, dt.datetime] | None = None


@dataclasses.dataclass(frozen=True)
class Pair:
    """A case and a unit it lived or stayed in: what the alternatives are measured by."""

    case_id: int
    unit_code: str | None


@dataclasses.dataclass(frozen=True)
class Findings:
    """recent: cases confirmed within the look-back, one dictionary each."""

    items: list[Evidence]
    pairs: list[Pair]
    recent: list[Row]


def collect(
    cases: pa.Table, exposures: pa.Table, rules: model.ZoneRules, *, on: dt.date
) -> Findings:
    tables.require(cases, "cases", model.CASES.names)
    tables.require(exposures, "exposures", model.EXPOSURES.names)
    tables.not_negative(exposures, "exposures", ["minutes", "persons"])
    first = on - dt.timedelta(days=rules.lookback_days)
    recent = [row for row in cases.to_pylist() if first < row["confirmed_on"] <= on]
    by_id = {row["case_id"]: row for row in recent}
    stays = [row for row in exposures.to_pylist() if row["case_id"] in by_id]
    homes = [_home(row, rules) for row in recent if not row["in_quarantine"]]
    places = [found for rows in _by_place(stays) if (found := _place(rows, by_id, rules))]
    pairs = {Pair(row["case_id"], row["unit_code"]) for row in stays}
    pairs |= {Pair(row["case_id"], row["unit_code"]) for row in recent if not row["in_quarantine"]}
    ordered = sorted(pairs, key=lambda pair: (pair.case_id, pair.unit_code or ""))
    return Findings([*homes, *places], ordered, recent)


def _home(case: Row, rules: model.ZoneRules) -> Evidence:
    return Evidence(
        unit_code=case["unit_code"],
        level="high",
        reason="home_of_case",
        rule_id=rules.high.rule_id,
        case_ids=frozenset([case["case_id"]]),
        day=case["confirmed_on"],
    )


def _by_place(stays: list[Row]) -> list[list[Row]]:
    groups: dict[tuple[int, str], list[Row]] = {}
    for row in stays:
        groups.setdefault((row["place"], row["unit_code"] or ""), []).append(row)
    return [groups[key] for key in sorted(groups)]


def _place(rows: list[Row], cases: dict[int, Row], rules: model.ZoneRules) -> Evidence | None:
    """The evidence of one place: its stays added up, judged by the place rules."""
    ids = frozenset(row["case_id"] for row in rows)
    minutes = sum(row["minutes"] or 0.0 for row in rows)
    persons = max((row["persons"] or 0 for row in rows), default=0)
    judged = _judge(minutes, persons, len(ids), rules)
    if judged is None:
        return None
    level, reason, rule_id = judged
    begins = [row["time_from"] for row in rows if row["time_from"]]
    ends = [row["time_to"] for row in rows if row["time_to"]]
    return Evidence(
        unit_code=rows[0]["unit_code"],
        level=level,
        reason=reason,
        rule_id=rule_id,
        case_ids=ids,
        day=max(cases[case]["confirmed_on"] for case in ids),
        place=rows[0]["place"],
        window=(min(begins), max(ends)) if begins and ends else None,
    )


def _judge(
    minutes: float, persons: int, cases: int, rules: model.ZoneRules
) -> tuple[str, str, str] | None:
    high, medium = rules.place_high, rules.place_medium
    if cases >= high.cases:
        return "high", "several_cases_at_place", rules.high.rule_id
    if minutes >= high.minutes and persons >= high.persons:
        return "high", "place_high", rules.high.rule_id
    if rules.medium and medium:
        busy = minutes >= medium.minutes and persons >= medium.persons
        if busy or cases >= medium.cases:
            return "medium", "place_medium", rules.medium.rule_id
    return None


@dataclasses.dataclass(frozen=True)
class Candidate:
    """A unit with all its evidence; level: the highest of it."""

    unit_code: str
    evidence: tuple[Evidence, ...]

    @property
    def level(self) -> str:
        return max((item.level for item in self.evidence), key=model.LEVELS.index)

    def newer_than(self, day: dt.date) -> Candidate | None:
        """The part of the evidence confirmed after `day`."""
        rest = tuple(item for item in self.evidence if item.day > day)
        return Candidate(self.unit_code, rest) if rest else None


def gather(
    findings: Findings, units: Units, rules: model.ZoneRules, *, existing: set[str]
) -> tuple[dict[str, Candidate], pa.Table]:
    """Candidates by unit, and the table of what is withheld."""
    local = {
        units.above(row["unit_code"], "county") for row in findings.recent if not row["imported"]
    }
    groups: dict[str, list[Evidence]] = {}
    withheld: list[Row] = []
    for item in findings.items:
        reason = _withheld(item, units, rules, local)
        if reason:
            rule_id = rules.local_case_rule_id if reason == "no_local_case" else item.rule_id
            withheld.append(_withheld_row(item, reason, rule_id))
        else:
            groups.setdefault(str(item.unit_code), []).append(item)
    merged: dict[str, list[Evidence]] = {}
    drawn = groups.keys() | existing
    for item in (item for items in groups.values() for item in items):
        # What lies inside a larger area belongs to that area.
        merged.setdefault(_holder(item, drawn, units, rules), []).append(item)
    candidates = {code: Candidate(code, tuple(items)) for code, items in sorted(merged.items())}
    return candidates, pa.Table.from_pylist(withheld, schema=model.WITHHELD)


def _holder(item: Evidence, drawn: set[str], units: Units, rules: model.ZoneRules) -> str:
    """The largest of the drawn units around the evidence that its level may take."""
    rule = rules.level(item.level) or rules.high
    largest = model.KINDS.index(rule.largest_unit)
    line = [unit for unit in units.line(item.unit_code) if unit.rank <= largest]
    return next(unit.code for unit in reversed(line) if unit.code in drawn)


def _withheld(
    item: Evidence, units: Units, rules: model.ZoneRules, local: set[str | None]
) -> str | None:
    unit = units.get(item.unit_code)
    rule = rules.level(item.level)
    if unit is None or rule is None:
        return "unit_unknown"
    if unit.rank > model.KINDS.index(rule.largest_unit):
        return "unit_too_large"
    if units.above(unit.code, "county") not in local:
        return "no_local_case"
    return None


def _withheld_row(item: Evidence, reason: str, rule_id: str) -> Row:
    return {
        "unit_code": item.unit_code,
        "level": item.level,
        "reason": reason,
        "rule_id": rule_id,
        "case_ids": sorted(item.case_ids),
        "places": [] if item.place is None else [item.place],
    }
