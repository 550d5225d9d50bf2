"""The last mile in small tables: what goes by which vehicle, and why something stays."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest
from tests.property.test_supply_last_mile import DRONE, VAN

from zhongshu.engines.supply.lastmile import model, solve, validate
from zhongshu.kernel.errors import BadInput

Rows = list[dict[str, Any]]
RULES = model.MileRules(fair_weather=True, stop_min=2.0)


def drop(name: str = "d", parcels: int = 2, **more: Any) -> dict[str, Any]:
    base = {"drop_id": name, "store_id": "S", "lon": 112.55, "lat": 37.8, "way": "parcel"}
    load = {"parcels": parcels, "kg": 10.0 * parcels, "m3": 0.02 * parcels, "stay_min": parcels}
    when = {"cold": False, "out_min": 0.0, "from_min": 480.0, "to_min": 720.0}
    where = {"road": True, "road_factor": 1.0, "rank": 1, "waited_days": 0}
    return {**base, **load, **when, **where, **more}


def plan(drops: Rows, *fleet: dict[str, Any], rules: model.MileRules = RULES) -> model.MilePlan:
    vehicles = [one | {"vehicle_id": f"v{n}"} for n, one in enumerate(fleet)]
    asked = {
        "depots": pa.Table.from_pylist(
            [{"store_id": "S", "lon": 112.5, "lat": 37.8}], schema=model.DEPOTS
        ),
        "drops": pa.Table.from_pylist(drops, schema=model.DROPS),
        "vehicles": pa.Table.from_pylist(vehicles, schema=model.VEHICLES),
    }
    made = solve.plan(**asked, rules=rules)
    assert validate.check(made, **asked, rules=rules) == []
    return made


def test_neighbours_share_one_run() -> None:
    made = plan([drop("a"), drop("b", lat=37.81), drop("c", lat=37.79)], VAN, VAN)
    assert (made.runs.num_rows, made.brought) == (1, 6)


def test_a_village_without_a_road_is_flown_to_in_as_many_flights_as_it_takes() -> None:
    made = plan([drop(parcels=3, road=False)], VAN, DRONE)
    assert made.runs["kind"].to_pylist() == ["drone"] * 3
    assert made.brought == 3


def test_the_cheaper_way_is_taken_where_both_can() -> None:
    assert plan([drop(parcels=6)], VAN, DRONE).runs["kind"].to_pylist() == ["van"]
    assert plan([drop(parcels=1)], VAN, DRONE).runs["kind"].to_pylist() == ["drone"]


def test_whoever_waited_longest_is_served_first() -> None:
    late = VAN | {"to_min": 510.0, "kg": 20.0}
    made = plan([drop("new"), drop("old", waited_days=3)], late)
    assert made.stops["drop_id"].to_pylist() == ["old"]
    assert made.answer.binding == {"fleet_hours": 2.0}


@pytest.mark.parametrize(
    ("more", "vehicle", "reason"),
    [
        ({"lon": None}, VAN, "no_coordinates"),
        ({"way": "shop"}, VAN, "no_shop"),
        ({"road": False}, VAN, "no_road"),
        ({"kg": 150.0}, VAN, "too_heavy"),
        ({"cold": True}, VAN, "no_cold_vehicle"),
        ({"lon": 113.5}, DRONE, "out_of_range"),
        ({"to_min": 481.0}, VAN, "window"),
    ],
)
def test_what_stays_behind_says_why(
    more: dict[str, Any], vehicle: dict[str, Any], reason: str
) -> None:
    made = plan([drop(**more)] if "kg" in more else [drop(parcels=1, **more)], vehicle)
    assert set(made.answer.binding) == {reason}


def test_drones_stay_in_bad_weather() -> None:
    bad = model.MileRules(fair_weather=False, stop_min=2.0)
    assert set(plan([drop(parcels=1)], DRONE, rules=bad).answer.binding) == {"weather"}


def test_a_short_way_may_be_driven_without_keeping_it_cold() -> None:
    made = plan([drop(cold=True, out_min=60.0)], VAN)
    assert made.brought == 2
    assert made.stops["outside_min"].to_pylist()[0] < 60


def test_a_drop_of_no_known_way_is_refused() -> None:
    with pytest.raises(BadInput):
        plan([drop(way="post")], VAN)
