"""Couriers of a round are cars of the registry: taken on approval, and by one plan only."""

from __future__ import annotations

import pytest

from tests.service import builders as b
from tests.service import scenes
from tests.service.plans import acted, approved, asked, cells, computed, figures
from zhongshu.kernel.errors import WrongState
from zhongshu.service.dispatch import facade as dispatch
from zhongshu.service.dispatch.planning import facade as planning
from zhongshu.service.resources import facade as resources
from zhongshu.service.resources.registry import facade as registry

pytestmark = pytest.mark.django_db


def point() -> None:
    scenes.two_cities()
    near = {"point_id": "P", "name": "近点", "desks_max": 4, "village_code": b.VILLAGE,
            "lon": 112.5, "lat": 37.8, "as_of": b.NOW}  # fmt: skip
    resources.take_points(b.feed("sampling_points", near), b.NOW)


def fetched(couriers: int = 1) -> dispatch.DispatchPlan:
    plan = computed(asked("testing", couriers=couriers, homes=False))
    assert plan.state == "ready", plan.refusal
    return plan


def test_approval_takes_the_car_while_it_drives_and_gives_it_its_job() -> None:
    point()
    car = scenes.courier(1)
    plan = fetched()
    approved(plan)
    held = registry.Hold.objects.get(holder=f"plan:{plan.pk}", thing=car)
    trips = cells(plan, "trips")
    assert (held.pool, held.amount) == ("vehicle", 1)
    assert held.begins.isoformat() == min(row["leaves"] for row in trips)
    job = dispatch.jobs(scope=b.scope(), plan=plan.pk).get(kind="courier")
    assert (job.code, job.unit_id) == ("K1", b.COUNTY)


def test_two_plans_cannot_take_the_same_car() -> None:
    point()
    scenes.courier(1)
    first, second = fetched(), fetched()
    approved(first)
    with pytest.raises(WrongState) as refused:
        approved(second)
    assert refused.value.code == "resources.taken"


def test_a_car_that_broke_down_is_not_sent_again() -> None:
    point()
    scenes.courier(1)
    scenes.courier(2)
    plan = fetched(couriers=1)
    assert {row["vehicle"] for row in cells(plan, "trips")} == {"K1"}
    down = planning.Event("vehicle_down", "K1", b.NOW)
    again = computed(planning.happened(plan_id=plan.pk, events=[down], **acted()))
    assert {row["vehicle"] for row in cells(again, "trips")} == {"K2"}


def test_a_registry_without_couriers_leaves_the_tubes_and_says_so() -> None:
    point()
    plan = fetched()
    left = cells(plan, "unserved")
    assert {row["constraint"] for row in left} == {"no_vehicle"}
    assert sum(row["amount"] for row in left) == figures(plan)["tubes"]
