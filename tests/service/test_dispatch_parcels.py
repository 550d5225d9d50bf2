"""Parcels to closed areas: who gets what by which vehicle, from which lots, and when again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pytest

from tests.service import builders as b
from tests.service import scenes
from tests.service.plans import acted, approved, asked, cells, computed, figures, told
from zhongshu.service.dispatch import facade as dispatch
from zhongshu.service.dispatch.planning import facade as planning
from zhongshu.service.periods import facade as periods
from zhongshu.service.resources.registry import facade as registry
from zhongshu.service.zones import facade as zones

pytestmark = pytest.mark.django_db
SPOT = {"lon": 112.52, "lat": 37.82}
TODAY, TOMORROW = dt.date(2022, 11, 8), dt.date(2022, 11, 9)
ALL = (("van", 1), ("cold_van", 1), ("market", 1), ("drone", 1))


def entered(*drafts: registry.Draft) -> None:
    registry.enter(drafts=list(drafts), **acted())


def lot(serial: int, units: int, expires: dt.date, good: str = "food_pack") -> registry.Draft:
    return registry.Draft(
        kind="lot", code=f"S/{good}{serial}", name=f"批次{serial}", unit=b.COUNTY, part_of="S",
        capacity={"units": units}, facts={"goods": good, "expires_on": expires.isoformat()}, **SPOT,
    )  # fmt: skip


def ground(
    lots: Sequence[registry.Draft] = (),
    cars: Sequence[tuple[str, int]] = ALL,
    *,
    ill: bool = True,
    store: dict[str, float] = SPOT,
) -> None:
    """Three homes and four people of a village at high risk since yesterday, one on dialysis; a
    village at medium risk with one home; a county's store and what goes out from it."""
    one, _ = scenes.two_cities()
    dialysis = b.person(11, 11) | {"special_need": "透析"}
    b.register(dialysis if ill else b.person(11, 11), b.person(12, 12), b.person(21, 21),
               homes=[b.household(11), b.household(12), b.household(21, b.VILLAGE_2)])  # fmt: skip
    run = periods.latest_run(b.NOW)
    assert run is not None
    zones.upsert(
        drafts=[
            scenes.zone_draft(b.VILLAGE, one.case),
            scenes.zone_draft(b.VILLAGE_2, one.case, level="medium"),
        ],
        run_id=run.pk,
        as_of=run.as_of,
    )
    entered(
        registry.Draft(kind="store", code="S", name="县库", unit=b.COUNTY, capacity={}, **store)
    )
    far = dt.date(2023, 6, 1)
    entered(*(lots or (lot(1, 100, far), lot(2, 10, far, "medicine"))))
    entered(
        *(
            registry.Draft(
                kind="delivery", code=f"{type_}{serial}", name=f"{type_} {serial}", unit=b.COUNTY,
                capacity={"vehicle": 1}, facts={"type": type_, "store": "S"}, **SPOT,
            )
            for type_, count in cars
            for serial in range(1, count + 1)
        )
    )  # fmt: skip


def planned(**form: object) -> dispatch.DispatchPlan:
    plan = computed(asked("parcels", **form))
    assert plan.state == "ready", plan.refusal
    return plan


def by_item(plan: dispatch.DispatchPlan) -> dict[str, dict[str, Any]]:
    """With the sums of several stops, the last of them otherwise."""
    found: dict[str, dict[str, Any]] = {}
    for row in cells(plan, "deliveries"):
        before = found.get(row["item"], {"parcels": 0, "quantity": 0})
        sums = {name: before[name] + row[name] for name in ("parcels", "quantity")}
        found[row["item"]] = row | sums
    return found


def test_the_closed_get_food_and_medicine_and_the_watched_a_supermarket() -> None:
    ground()
    plan = planned()
    rows = by_item(plan)
    assert {item: row["parcels"] for item, row in rows.items()} == {
        "food_pack": 3,
        "medicine": 1,
        "shop": 1,
    }
    assert rows["food_pack"]["quantity"] == 4 * 3  # people, days
    assert rows["shop"]["vehicle"] == "market 1"
    assert figures(plan)["served"] == 5
    assert figures(plan)["unserved"] == 0
    for row in rows.values():
        arrives = dt.datetime.fromisoformat(row["arrives"])
        assert arrives.date() == TOMORROW
        assert 8 <= arrives.hour < 20


def test_what_expires_first_is_loaded_first_and_taken_of_the_registry() -> None:
    late, soon = dt.date(2023, 6, 1), dt.date(2022, 11, 20)
    over = dt.date(2022, 11, 7)
    ground(lots=(lot(1, 100, late), lot(2, 5, soon), lot(3, 50, over), lot(4, 9, late, "medicine")))
    plan = planned()
    taken = {row["lot"]: row["quantity"] for row in cells(plan, "lots")}
    assert taken == {"S/food_pack2": 5, "S/food_pack1": 12 + 2 - 5, "S/medicine4": 1}
    approved(plan)
    free = registry.things(scope=b.scope(), as_of=b.NOW, kind="lot")
    left = registry.frees(list(free), b.NOW + 20 * b.HOUR)
    assert {one.code: left[one.pk]["units"] for one in free if one.code in taken} == {
        "S/food_pack2": 0,
        "S/food_pack1": 91,
        "S/medicine4": 8,
    }


def test_where_the_store_has_too_little_the_rest_is_told() -> None:
    ground(lots=(lot(1, 8, dt.date(2023, 6, 1)),), ill=False)
    plan = planned()
    assert by_item(plan)["food_pack"]["parcels"] == 2  # of three households, 4 packs each
    short = {row["id"]: (row["amount"], row["constraint"]) for row in cells(plan, "unserved")}
    assert short[f"{b.VILLAGE}/food_pack"] == (1, "no_stock")
    assert {one for _, one in short.values()} == {"no_stock"}


def test_medicine_far_from_its_store_needs_a_cold_van() -> None:
    far = {"lon": 113.0, "lat": 38.1}
    ground(cars=(("van", 1), ("market", 1)), store=far)
    (left,) = cells(planned(), "unserved")
    assert (left["id"], left["constraint"]) == (f"{b.VILLAGE}/medicine", "no_cold_vehicle")
    entered(
        registry.Draft(
            kind="delivery", code="C", name="冷藏车", unit=b.COUNTY,
            capacity={"vehicle": 1}, facts={"type": "cold_van", "store": "S"}, **far,
        )
    )  # fmt: skip
    assert by_item(planned())["medicine"]["vehicle"] == "冷藏车"


def test_where_the_road_is_closed_a_drone_flies_in_fair_weather() -> None:
    ground(cars=(("van", 1), ("market", 1)))
    plan = planned()
    assert "medicine" in by_item(plan)  # near enough to be handed over in time
    closed = planning.Event("road_closed", f"{b.VILLAGE}/food_pack", b.NOW)
    again = computed(planning.happened(plan_id=plan.pk, events=[closed], **acted()))
    why = {row["id"]: row["constraint"] for row in cells(again, "unserved")}
    assert why == {f"{b.VILLAGE}/food_pack": "no_road", f"{b.VILLAGE}/medicine": "no_road"}
    entered(
        registry.Draft(
            kind="delivery", code="D", name="无人机", unit=b.COUNTY,
            capacity={"vehicle": 1}, facts={"type": "drone", "store": "S"}, **SPOT,
        )
    )  # fmt: skip
    by_air = computed(planning.happened(plan_id=again.pk, events=[closed], **acted()))
    assert {row["vehicle"] for row in cells(by_air, "deliveries") if row["item"] != "shop"} == {
        "无人机"
    }
    grounded = computed(asked("parcels", fair_weather=False))
    assert "无人机" not in {row["vehicle"] for row in cells(grounded, "deliveries")}


def test_receipts_say_what_came_and_the_next_is_due_when_it_is_eaten() -> None:
    ground()
    plan = planned()
    approved(plan)
    plan = dispatch.get(plan.pk, b.scope())
    assert periods.get(plan.proposal_id or 0, b.scope()).kind == "parcels"
    nothing = computed(asked("parcels"))
    assert nothing.refusal is not None
    assert nothing.refusal["code"] == "dispatch.nothing_due"  # all of it is on its way
    for one in dispatch.jobs(scope=b.scope(), plan=plan.pk):
        job = dispatch.job(one.pk, b.scope())
        for step in job.steps:
            told(job, step["no"], "done" if step["kind"] == "load" else "handed_over")
    assert dispatch.get(plan.pk, b.scope()).state == "done"
    again = planned(start=dt.datetime(2022, 11, 11, 8, tzinfo=b.NOW.tzinfo).isoformat())
    due = {row["item"]: row["due_on"] for row in cells(again, "deliveries")}
    assert due["food_pack"] == "2022-11-11"  # told today, three days later
    assert "medicine" not in due


def test_what_a_broken_van_had_goes_with_another() -> None:
    ground(cars=(("van", 2), ("market", 1)))
    plan = planned()
    approved(plan)
    van = next(row for row in cells(plan, "trips") if row["delivery_type"] == "van")["vehicle_id"]
    down = planning.Event("vehicle_down", van, b.NOW)
    again = computed(planning.happened(plan_id=plan.pk, events=[down], **acted()))
    assert again.state == "ready", again.refusal
    assert van not in {row["vehicle_id"] for row in cells(again, "trips")}
    assert figures(again)["served"] == figures(plan)["served"]


def test_a_village_can_be_left_out_by_word() -> None:
    ground()
    plan = planned()
    drop = f"{b.VILLAGE}/food_pack"
    again = computed(
        planning.again(plan_id=plan.pk, words=[planning.Word("forbid", drop)], **acted())
    )
    assert {row["id"]: row["constraint"] for row in cells(again, "unserved")} == {drop: "forbidden"}


@pytest.mark.parametrize(
    ("cars", "code"), [((), "dispatch.no_delivery"), (ALL, "dispatch.nobody_closed")]
)
def test_what_cannot_be_planned_is_refused(cars: Sequence[tuple[str, int]], code: str) -> None:
    if code == "dispatch.nobody_closed":
        b.headquarters()
    else:
        ground(cars=cars)
    plan = computed(asked("parcels"))
    assert plan.refusal is not None
    assert plan.refusal["code"] == code
