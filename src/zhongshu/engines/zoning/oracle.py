"""Slow readable twin: the rules in their own words, unit by unit.

`levels` answers, for every unit, at what level it stands after the day's proposals (None: free).
It knows nothing of costs, conditions or alternatives.  Units with nested areas are not its concern.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import pyarrow as pa

from zhongshu.engines.zoning import model

Row = dict[str, Any]


def levels(
    *,
    cases: pa.Table,
    exposures: pa.Table,
    units: pa.Table,
    zones: pa.Table,
    coverage: pa.Table,
    rules: model.ZoneRules,
    on: dt.date,
) -> dict[str, str]:
    standing = {row["unit_code"]: row for row in zones.to_pylist()}
    day = _Day(cases.to_pylist(), exposures.to_pylist(), coverage.to_pylist(), rules, on)
    counties = {row["unit_code"]: row["parent"] for row in units.to_pylist()}
    result = {}
    for unit in units.to_pylist():
        code = unit["unit_code"]
        level = day.level(code, standing.get(code), lambda case: _top(case, counties), counties)
        if level is not None:
            result[code] = level
    return result


def _top(code: str | None, parents: dict[str, str | None]) -> str | None:
    while code is not None and parents.get(code) is not None:
        code = parents[code]
    return code


class _Day:
    def __init__(
        self, cases: list[Row], stays: list[Row], rounds: list[Row], rules: Any, on: dt.date
    ) -> None:
        self.rules, self.on, self.stays, self.rounds = rules, on, stays, rounds
        self.cases = [case for case in cases if case["confirmed_on"] <= on]
        first = on - dt.timedelta(days=rules.lookback_days)
        self.recent = [case for case in self.cases if case["confirmed_on"] > first]

    def level(self, code: str, zone: Row | None, top: Any, parents: Any) -> str | None:
        since = zone["since"] if zone and zone["stepped"] else dt.date.min
        wanted = self.wanted(code, since)
        if not any(not c["imported"] and top(c["unit_code"]) == top(code) for c in self.recent):
            wanted = None  # Z9-5: a county without local cases draws nothing
        if zone is None:
            return wanted
        if wanted == "high" and zone["level"] == "medium":
            return "high"
        return self.after_review(code, zone)

    def wanted(self, code: str, since: dt.date) -> str | None:
        """The level the evidence of a unit asks for; only cases confirmed after `since`."""
        high, medium = self.rules.place_high, self.rules.place_medium
        found = set()
        for case in self.recent:
            lives_here = case["unit_code"] == code and not case["in_quarantine"]
            if lives_here and case["confirmed_on"] > since:
                found.add("high")
        for place in {stay["place"] for stay in self.stays}:
            known = {case["case_id"]: case for case in self.recent}
            here = [
                s
                for s in self.stays
                if s["place"] == place and s["unit_code"] == code and s["case_id"] in known
            ]
            if not here or max(known[s["case_id"]]["confirmed_on"] for s in here) <= since:
                continue
            minutes, persons = sum(s["minutes"] for s in here), max(s["persons"] for s in here)
            people = len({s["case_id"] for s in here})
            if people >= high.cases or (minutes >= high.minutes and persons >= high.persons):
                found.add("high")
            elif people >= medium.cases or (
                minutes >= medium.minutes and persons >= medium.persons
            ):
                found.add("medium")
        return "high" if "high" in found else "medium" if found else None

    def after_review(self, code: str, zone: Row) -> str | None:
        rule = self.rules.high if zone["level"] == "high" else self.rules.medium
        stepped = zone["stepped"] and rule.stepped_days is not None
        need = rule.stepped_days if stepped else rule.clean_days
        start = zone["since"]
        for case in self.cases:
            counts = self.rules.quarantined_restart or not case["in_quarantine"]
            if case["unit_code"] == code and counts:
                start = max(start, case["confirmed_on"])
        last_clean_day = start + dt.timedelta(days=need - self.rules.first_day)
        if self.on < last_clean_day:
            return str(zone["level"])
        if rule.all_negative and not stepped:
            earliest = last_clean_day - dt.timedelta(days=rule.negative_within_days)
            complete = [
                r
                for r in self.rounds
                if r["unit_code"] == code
                and earliest <= r["date"] <= self.on
                and r["tested"] >= r["inside"] > 0
                and r["positive"] == 0
            ]
            if not complete:
                return str(zone["level"])
        return rule.steps_to if rule.steps_to == "medium" else None
