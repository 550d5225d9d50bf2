"""Beds are kept for those whom the daily run expects."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.service import builders as b
from tests.service import scenes
from tests.service.plans import asked, cells, computed, figures
from zhongshu.service.periods import facade as periods
from zhongshu.service.resources import facade as resources

pytestmark = pytest.mark.django_db


def fangcang(free: int = 80) -> None:
    scenes.two_cities()
    beds = {"hospital_id": "F", "name": "方舱", "tier": "fangcang", "beds_total": 90,
            "beds_free": free, "icu_total": 0, "icu_free": 0, "county_code": b.COUNTY,
            "lon": 112.5, "lat": 37.8, "as_of": b.NOW}  # fmt: skip
    resources.take_beds(b.feed("hospital_beds", beds), b.NOW)


def foresee(daily: float, days: int = 7) -> None:
    """The last run expects so many new cases of the incident on each of the next days."""
    run = b.run()
    today = b.NOW.date()
    rows = [{"date": (today + n * b.DAY).isoformat(), "value": daily} for n in range(1, days + 1)]
    periods.step_started(run=run, name="estimate", position=1, now=run.as_of)
    summary = {"trends": {"cases_projected": {b.PROVINCE: rows}}}
    periods.step_done(run=run, name="estimate", summary=summary, now=run.as_of)
    periods.finish_run(run=run, now=run.as_of)


def notes(plan: object) -> list[str]:
    return list(plan.detail["answer"]["notes"])  # type: ignore[attr-defined]


def test_a_plan_without_a_forecast_says_so() -> None:
    fangcang()
    plan = computed(asked("beds", suspected=True))
    assert plan.state == "ready", plan.refusal
    assert notes(plan) == ["no_forecast"]
    assert "expected" not in figures(plan)


def test_what_the_run_expects_is_spread_by_the_cases_of_the_unit_and_told() -> None:
    fangcang()
    foresee(10.0)
    plan = computed(asked("beds", suspected=True))
    assert plan.state == "ready", plan.refusal
    assert notes(plan) == ["forecast_of_run"]
    rows = cells(plan, "forecast")
    # one of the two cases of the incident lies in the county; six days after today are planned
    assert [row["persons"] for row in rows] == [5.0] * 6
    assert dt.datetime.fromisoformat(rows[0]["known_at"]) <= b.NOW
    assert figures(plan)["expected"] == 30.0


def test_more_than_there_are_beds_for_is_told_as_short_later() -> None:
    fangcang(free=10)
    foresee(0.1)
    few = figures(computed(asked("beds", suspected=True)))["later_short"]
    foresee(40.0)
    many = figures(computed(asked("beds", suspected=True)))["later_short"]
    assert many > few + 50
