"""A round's laboratories run their tubes on the machines that the registry knows to be ready."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.service import builders as b
from tests.service import scenes
from tests.service.plans import acted, asked, cells, computed, figures
from zhongshu.kernel.errors import BadInput
from zhongshu.service.dispatch import facade as dispatch
from zhongshu.service.resources import facade as resources
from zhongshu.service.resources.registry import facade as registry

pytestmark = pytest.mark.django_db
SPOT = {"lon": 112.5, "lat": 37.8}


def ground(machines: int = 2, tubes_per_day: int = 700) -> None:
    """Two cities; forty who live at a point with desks enough, and a laboratory of so many machines
    (0: none is in the registry)."""
    scenes.two_cities()
    b.register(*(b.person(n, n) for n in range(100, 140)),
               homes=[b.household(n) for n in range(100, 140)])  # fmt: skip
    point = {"point_id": "P", "name": "近点", "desks_max": 4, "village_code": b.VILLAGE,
             "as_of": b.NOW} | SPOT  # fmt: skip
    resources.take_points(b.feed("sampling_points", point), b.NOW)
    lab = {"lab_id": "L9", "name": "市检测中心", "county_code": b.COUNTY, "as_of": b.NOW,
           "tubes_per_day": (machines or 1) * tubes_per_day} | SPOT  # fmt: skip
    resources.take(feed="laboratories", table=b.feed("laboratories", lab), known_at=b.NOW)
    drafts = [
        registry.Draft(
            kind="machine", code=f"L9/machine{n}", name=f"扩增仪{n}", unit=b.COUNTY,
            capacity={"tubes_per_day": tubes_per_day}, part_of="L9", **SPOT,
        )
        for n in range(1, machines + 1)
    ]  # fmt: skip
    if drafts:
        registry.enter(drafts=drafts, **acted())
    others = registry.Thing.objects.filter(kind="laboratory").exclude(code="L9")
    others.update(state="closed")  # of the scene


def planned(**form: object) -> dispatch.DispatchPlan:
    plan = computed(asked("testing", homes=False, **form))
    assert plan.state == "ready", plan.refusal
    return plan


def hours(row: dict[str, str]) -> float:
    begins, ends = (dt.datetime.fromisoformat(row[key]) for key in ("starts", "ends"))
    return (ends - begins).total_seconds() / 3600


def test_every_tube_has_a_run_that_takes_as_long_as_the_machine_needs() -> None:
    ground(machines=2)
    plan = planned(pool_size="1")
    runs = cells(plan, "runs")
    assert sum(row["tubes"] for row in runs) == figures(plan)["tubes"] > 0
    assert {row["machine"] for row in runs} <= {1, 2}
    assert all(row["tubes"] <= 96 for row in runs)
    assert {round(hours(row), 2) for row in runs} == {round(96 * 24 / 700, 2)}


def test_the_last_result_is_told_with_the_interval_it_is_expected_in() -> None:
    ground()
    found = figures(planned())
    assert 0 < found["finish_low_h"] <= found["finish_high_h"]
    assert found["finish_low_h"] <= found["finish_h"] * 1.5
    assert 0 <= found["in_time"] <= 100


def test_a_machine_in_repair_runs_nothing() -> None:
    ground(machines=1)
    (machine,) = resources.things(scope=b.scope(), as_of=b.NOW, kind="machine")
    registry.change(thing_id=machine.pk, state="repair", why="坏", **acted())
    plan = planned()
    assert cells(plan, "runs") == []
    assert "finish_h" not in figures(plan)


def test_a_laboratory_without_machines_in_the_registry_runs_as_much_as_it_reports() -> None:
    ground(machines=0, tubes_per_day=480)
    (row, *_) = cells(planned(pool_size="1"), "runs")
    assert round(hours(row), 2) == round(96 * 24 / 480, 2)


@pytest.mark.parametrize("hours", ["soon", "25", "-1"])
def test_hours_that_are_none_are_refused_at_the_register(hours: str) -> None:
    b.headquarters()
    draft = registry.Draft(
        kind="laboratory", code="L1", name="检测中心", unit=b.COUNTY,
        capacity={"tubes_per_day": 500}, facts={"opens_h": hours}, **SPOT,
    )  # fmt: skip
    with pytest.raises(BadInput, match="from 0 to 24"):
        registry.enter_one(draft=draft, **acted())


def test_a_laboratory_runs_within_its_hours() -> None:
    ground(machines=0)
    lab = registry.Thing.objects.get(code="L9")
    lab.facts = {"opens_h": "14", "closes_h": "20", "batch": "48"}
    lab.save()
    for row in cells(planned(pool_size="1"), "runs"):
        begins, ends = (
            dt.datetime.fromisoformat(row[key]).astimezone(b.NOW.tzinfo)
            for key in ("starts", "ends")
        )
        assert begins.hour + begins.minute / 60 >= 14
        assert ends.hour + ends.minute / 60 <= 20
        assert row["tubes"] <= 48
