"""Beds are kept for those whom a what-if, else the daily run, expects."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.service import builders as b
from tests.service import scenes
from tests.service.plans import acted, asked, cells, computed, figures
from zhongshu.service.dispatch.planning import facade as planning
from zhongshu.service.incidents import facade as incidents
from zhongshu.service.periods import facade as periods
from zhongshu.service.resources import facade as resources
from zhongshu.service.whatif import facade as whatif

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
    rows = [
        {"date": (today + n * b.DAY).isoformat(), "value": daily, "high": 3 * daily}
        for n in range(1, days + 1)
    ]
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


OPTION = "封控"


def compared(unit: str, levels: list[float]) -> whatif.Comparison:
    """A comparison as of yesterday evening: its days begin today, one tier's beds in use."""
    asked_at = b.NOW - b.DAY
    days = [(asked_at.date() + n * b.DAY).isoformat() for n in range(1, len(levels) + 1)]
    flat = [0.0] * len(levels)
    series = [
        {"measure": "beds.fangcang", "q50": levels, "q90": [2 * one for one in levels]},
        {"measure": "detected", "q50": flat, "q90": flat},
        {"measure": "p_beds_out", "mean": [0.25] * len(levels), "q50": flat, "q90": flat},
    ]
    answer = {
        "label": "illustrative", "synthetic_population": True, "days": days,
        "series": [{"option": OPTION} | row for row in series],
    }  # fmt: skip
    return whatif.Comparison.objects.create(
        incident=incidents.current(), unit_id=unit, unit_path=b.path(unit), title="对比",
        days=len(days), runs=20, against=OPTION, options=[{"name": OPTION}],
        as_of=asked_at, created_at=asked_at,
        created_by="流调", state="done", started_at=asked_at, finished_at=asked_at,
        answer=answer,
    )  # fmt: skip


def put_forward(one: whatif.Comparison, verdict: str = "") -> None:
    """The option waits for a decision, or has had one."""
    draft = b.draft(f"whatif:{one.unit_id}", one.unit_id, kind="whatif",
                    subject={"whatif": one.pk, "option": OPTION})  # fmt: skip
    run = b.run()
    made = periods.propose(run=run, draft=draft, now=b.NOW)
    periods.finish_run(run=run, now=b.NOW)
    if verdict:
        said = periods.Verdict(verdict, reason="按推演")
        periods.decide(proposal_id=made.pk, verdict=said, by_name="总指挥", **acted())


def test_an_approved_option_of_a_what_if_says_which_beds_are_kept() -> None:
    fangcang()
    foresee(10.0)
    one = compared(b.COUNTY, [30.0, 40.0, 40.0, 40.0])
    put_forward(one, "approve")
    plan = computed(asked("beds", suspected=True))
    assert plan.state == "ready", plan.refusal
    assert notes(plan) == [
        f"forecast_of_option:{one.pk}", "forecast_illustrative", "forecast_synthetic",
        "forecast_ran_out:25%",
    ]  # fmt: skip
    # ten beds more tomorrow than today; then as many as leave
    rows = cells(plan, "forecast")
    assert [row["persons"] for row in rows] == [10.0, 1.2, 1.2]
    assert rows[0]["upper"] == 50.0
    ahead = cells(plan, "beds_ahead")
    assert [(row["tier"], row["beds"], row["upper"]) for row in ahead] == [
        ("fangcang", 40.0, 80.0)
    ] * 3
    assert {(row["comparison"], row["option"]) for row in ahead} == {(one.pk, OPTION)}


def test_the_load_that_follows_is_the_one_the_option_tells() -> None:
    fangcang()
    put_forward(compared(b.COUNTY, [30.0, 40.0, 45.0, 60.0]), "approve")
    (today, *later) = [
        row["persons"] for row in cells(computed(asked("beds", suspected=True)), "load")
        if (row["hospital_id"], row["pool"]) == ("F", "ward")
    ][:4]  # fmt: skip
    assert later == pytest.approx([10.0, 15.0, 30.0], abs=today)  # beside today's own patient


def test_for_the_upper_end_more_beds_are_kept() -> None:
    fangcang()
    put_forward(compared(b.COUNTY, [30.0, 40.0, 45.0, 60.0]), "approve")
    usual = figures(computed(asked("beds", suspected=True)))
    cautious = computed(asked("beds", suspected=True, upper=True))
    assert notes(cautious)[-1] == "forecast_upper"
    assert figures(cautious)["later_short"] > usual["later_short"]
    assert usual["expected_upper"] > usual["expected"]


def test_an_option_that_waits_counts_and_is_told_as_not_decided() -> None:
    fangcang()
    put_forward(compared(b.CITY, [30.0, 40.0, 40.0, 40.0]))
    plan = computed(asked("beds", suspected=True))
    assert "forecast_proposed" in notes(plan)
    # the county has the only case of the city
    assert cells(plan, "forecast")[0]["persons"] == 10.0


@pytest.mark.parametrize(
    ("unit", "levels", "verdict"),
    [
        (b.COUNTY, [30.0, 40.0], "reject"),
        (b.OTHER_CITY, [30.0, 40.0], "approve"),
        (b.COUNTY, [30.0], "approve"),
    ],
    ids=["rejected", "of others", "over by today"],
)
def test_what_was_rejected_is_of_others_or_is_over_leaves_the_daily_run(
    unit: str, levels: list[float], verdict: str
) -> None:
    fangcang()
    put_forward(compared(unit, levels), verdict)
    foresee(10.0)
    assert notes(computed(asked("beds", suspected=True))) == ["forecast_of_run"]


def test_whoever_decides_reads_on_which_what_if_the_plan_rests() -> None:
    fangcang()
    one = compared(b.COUNTY, [30.0, 40.0])
    put_forward(one, "approve")
    plan = computed(asked("beds", suspected=True))
    proposed = planning.propose(plan_id=plan.pk, reason="", **acted())
    assert proposed.proposal_id is not None
    told = periods.get(proposed.proposal_id, b.scope())
    said = [row["text"]["zh"] for row in told.content["reasons"]]
    assert any(f"第 {one.pk} 号方案“{OPTION}”预留（未校准，仅供示意）" in line for line in said)
