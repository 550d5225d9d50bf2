"""Supplies in small tables: how long they last, what moves, what is said when nothing can."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from typing import Any

import pyarrow as pa
import pytest

from zhongshu.engines.supply import model, solve, validate
from zhongshu.kernel.errors import BadInput

ON = dt.date(2022, 11, 8)
RULES = model.SupplyRules(
    target_days={},
    default_target_days=3.0,
    keep_days=5,
    horizon_days=7,
    expiring_days=5,
    detour_factor=1.0,
    in_county_km=10,
    km_per_day=300,
    least_lead_days=1,
)
COUNTIES = pa.Table.from_pylist(
    [
        {"county_code": "C1", "lon": 112.0, "lat": 37.8},
        {"county_code": "C2", "lon": 113.0, "lat": 37.8},
        {"county_code": "C3", "lon": 118.0, "lat": 37.8},
    ],
    schema=model.COUNTIES,
)


def day(number: int) -> dt.date:
    return ON + dt.timedelta(days=number)


def lot(
    store: str = "S1", quantity: float = 100, used: float = 10, county: str = "C1", **more: Any
) -> dict[str, Any]:
    base = {"store_id": store, "county_code": county, "item": "n95", "unit": "piece"}
    return {**base, "quantity": quantity, "used_per_day": used, "expires_on": None, **more}


def need(quantity: float, county: str = "C1", number: int = 0, **more: Any) -> dict[str, Any]:
    base = {"county_code": county, "item": "n95", "date": day(number), "quantity": quantity}
    return {**base, **more}


def plan(
    lots: list[Any], demand: list[Any] | None = None, rules: model.SupplyRules = RULES
) -> model.SupplyPlan:
    stocks = pa.Table.from_pylist(lots, schema=model.STOCKS)
    wanted = pa.Table.from_pylist(demand or [], schema=model.DEMAND)
    made = solve.cover(stocks=stocks, demand=wanted, counties=COUNTIES, rules=rules, on=ON)
    assert validate.check(made, stocks=stocks, rules=rules, on=ON) == []
    return made


def test_a_stock_of_45_at_10_a_day_lasts_four_and_a_half_days() -> None:
    row = plan([lot(quantity=45)]).cover.to_pylist()[0]
    assert (row["days"], row["at_least"], row["state"]) == (4.5, False, "ok")


def test_a_stock_that_outlasts_the_horizon_says_at_least() -> None:
    row = plan([lot(quantity=1000)]).cover.to_pylist()[0]
    assert (row["days"], row["at_least"]) == (7.0, True)


def test_a_target_beyond_the_horizon_is_judged_too() -> None:
    rules = dataclasses.replace(RULES, target_days={"n95": 30})
    row = plan([lot(quantity=200)], rules=rules).cover.to_pylist()[0]
    assert (row["days"], row["at_least"], row["state"]) == (20.0, False, "low")


def test_a_lot_is_of_no_use_after_it_expired() -> None:
    row = plan([lot(quantity=100, expires_on=day(1))]).cover.to_pylist()[0]
    assert row["days"] == 2.0


def test_what_expires_first_is_used_first_and_the_rest_of_it_is_listed() -> None:
    made = plan([lot(quantity=100), lot(quantity=50, expires_on=day(2))])
    row = made.expiring.to_pylist()[0]
    assert (row["expires_on"], row["quantity"], row["unused"]) == (day(2), 50, 20)
    assert made.cover["days"].to_pylist() == [7.0]


def test_the_plans_of_the_day_shorten_the_cover() -> None:
    made = plan([lot(quantity=50)], [need(30, number=1)])
    assert made.cover["days"].to_pylist() == [pytest.approx(2.0)]
    assert made.shortages["date"].to_pylist()[0] == day(2)


def test_the_demand_of_a_county_is_shared_by_use() -> None:
    made = plan([lot("S1", used=10), lot("S2", used=30)], [need(70, number=0)])
    assert made.cover["need_per_day"].to_pylist() == [pytest.approx(12.5), pytest.approx(37.5)]


def test_stock_moves_from_the_nearest_store_that_can_spare_it() -> None:
    lots = [lot("S1", 10), lot("S2", 500, county="C2"), lot("S3", 500, county="C3")]
    made = plan(lots)
    move = made.moves.to_pylist()[0]
    assert (move["from_store"], move["to_store"], move["quantity"]) == ("S2", "S1", 20)
    assert move["arrives_on"] == day(1)
    assert made.unit_km == made.unit_km_bound == pytest.approx(20 * move["km"])


def test_moves_take_the_shortage_away_from_the_day_they_arrive() -> None:
    made = plan([lot("S1", 10), lot("S2", 500, county="C2")])
    rows = [r for r in made.shortages.to_pylist() if r["county_code"] == "C1"]
    assert [r["short"] for r in rows[:3]] == [10, 10, 10]
    assert [r["short_after"] for r in rows[:3]] == [0, 0, 10]


def test_a_store_gives_only_what_it_does_not_need_itself() -> None:
    made = plan([lot("S1", 0), lot("S2", 65, county="C2")])
    assert made.moves["quantity"].to_pylist() == [15]
    assert made.unmet.to_pylist()[0]["quantity"] == 15
    assert made.unmet.to_pylist()[0]["reason"] == "no_surplus_left"


def test_a_county_without_a_store_is_listed() -> None:
    made = plan([lot()], [need(40, county="C2")])
    row = made.unmet.to_pylist()[0]
    assert (row["county_code"], row["quantity"], row["reason"]) == ("C2", 40, "no_store_in_county")


def test_a_correction_below_zero_is_taken_off_and_remarked() -> None:
    made = plan([lot(quantity=100), lot(quantity=-30)])
    assert made.cover["quantity"].to_pylist() == [70]
    assert made.remarks["remark"].to_pylist() == ["negative_stock"]


def test_an_item_nobody_uses_lasts() -> None:
    row = plan([lot(quantity=0, used=0)]).cover.to_pylist()[0]
    assert (row["days"], row["at_least"], row["state"]) == (7.0, True, "ok")


@pytest.mark.parametrize(
    ("lots", "demand", "rules", "code"),
    [
        ([lot(used=-1)], [], RULES, "input.negative"),
        ([lot()], [need(-5)], RULES, "input.negative"),
        ([lot()], [need(5, number=-1)], RULES, "supply.demand_in_the_past"),
        ([lot(county="C9")], [], RULES, "supply.county_without_point"),
        ([lot()], [], dataclasses.replace(RULES, horizon_days=0), "supply.bad_rules"),
    ],
)
def test_tables_that_make_no_sense_are_refused(
    lots: list[Any], demand: list[Any], rules: model.SupplyRules, code: str
) -> None:
    with pytest.raises(BadInput) as refusal:
        plan(lots, demand, rules)
    assert refusal.value.code == code


def test_the_run_card_can_be_written_down_as_json() -> None:
    assert json.dumps(plan([lot()]).card.as_json())
