"""The clock of an area in force: what would release it, what has been met, and since when."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

from zhongshu.engines.zoning import model

Row = dict[str, Any]


@dataclasses.dataclass(frozen=True)
class Clock:
    """State of the release conjunction of one area on one day.

    anchor: the later of the day the level began and the last counting case inside.
    due_on: first day on which the clean days are complete.
    met_on: first day on which every condition held, None while one is open.
    """

    anchor: dt.date
    restarted: bool
    needed: int
    clean: int
    due_on: dt.date
    needs_tests: bool
    inside: int
    negative: int
    tests_on: dt.date | None
    met_on: dt.date | None


def read(
    zone: Row,
    rule: model.LevelRule,
    rules: model.ZoneRules,
    *,
    cases: list[Row],
    coverage: list[Row],
    on: dt.date,
) -> Clock:
    """cases: those living inside; coverage: rounds of the unit; both up to `on`."""
    counting = [c for c in cases if rules.quarantined_restart or not c["in_quarantine"]]
    last = max((c["confirmed_on"] for c in counting), default=zone["since"])
    anchor = max(zone["since"], last)
    stepped = bool(zone["stepped"]) and rule.stepped_days is not None
    needed = rule.stepped_days if stepped and rule.stepped_days is not None else rule.clean_days
    due_on = anchor + dt.timedelta(days=needed - rules.first_day)
    needs_tests = rule.all_negative and not stepped
    first_test = due_on - dt.timedelta(days=rule.negative_within_days)
    rounds = [row for row in coverage if first_test <= row["date"] <= on]
    complete = [row["date"] for row in rounds if _all_negative(row)]
    tests_on = min(complete, default=None)
    clean_met = on >= due_on
    tested = tests_on is not None or not needs_tests
    met_on = max(due_on, tests_on or due_on) if clean_met and tested else None
    return Clock(
        anchor=anchor,
        restarted=anchor > zone["since"],
        needed=needed,
        clean=max(0, (on - anchor).days + rules.first_day),
        due_on=due_on,
        needs_tests=needs_tests,
        inside=max((row["inside"] for row in rounds), default=0),
        negative=max((row["tested"] for row in rounds if not row["positive"]), default=0),
        tests_on=tests_on,
        met_on=met_on,
    )


def conditions(unit_code: str, clock: Clock, rule: model.LevelRule, *, on: dt.date) -> list[Row]:
    """One row per condition of the conjunction."""
    rows = [
        {
            "unit_code": unit_code,
            "rule_id": rule.rule_id,
            "code": "clean_days",
            "needed": clock.needed,
            "have": clock.clean,
            "met": on >= clock.due_on,
            "due_on": clock.due_on,
        }
    ]
    if clock.needs_tests:
        rows.append(
            {
                "unit_code": unit_code,
                "rule_id": rule.rule_id,
                "code": "all_negative",
                "needed": clock.inside,
                "have": clock.negative,
                "met": clock.tests_on is not None,
                "due_on": clock.tests_on or max(on, clock.due_on),
            }
        )
    return rows


def _all_negative(row: Row) -> bool:
    return bool(row["inside"] > 0 and row["tested"] >= row["inside"] and row["positive"] == 0)
