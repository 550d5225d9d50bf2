"""The plan over several days in small tables: who gets what, why not, and what is refused."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import pyarrow as pa
import pytest

from zhongshu.engines.supply.network import model, solve, validate
from zhongshu.kernel.errors import BadInput

ON = dt.date(2022, 11, 8)
RULES = model.NetworkRules(
    horizon_days=5,
    neighbours=1,
    detour_factor=1.0,
    in_place_km=10.0,
    km_per_day=300.0,
    least_lead_days=1,
    yuan_per_m3_km=1.0,
    reserve_days=0.0,
)
SCHEMAS = {
    "stores": model.STORES,
    "goods": model.GOODS,
    "lots": model.LOTS,
    "needs": model.NEEDS,
    "suppliers": model.SUPPLIERS,
}
Rows = list[dict[str, Any]]


def store(name: str, parent: str | None = "M", **more: Any) -> dict[str, Any]:
    at = {"M": 112.0, "A": 112.5, "B": 113.0}[name]
    base = {"store_id": name, "level": "county" if parent else "city", "parent": parent}
    room = {"cold": True, "out_m3_per_day": None, "in_m3_per_day": None}
    return {**base, "lon": at, "lat": 37.0, **room, **more}


def good(item: str = "n95", **more: Any) -> dict[str, Any]:
    base = {"item": item, "unit": "piece", "rank": 1, "m3": 1.0, "yuan": 10.0, "cold": False}
    return {**base, **more}


def lot(name: str, quantity: float, item: str = "n95", last: int | None = None) -> dict[str, Any]:
    gone = None if last is None else ON + dt.timedelta(days=last)
    return {"store_id": name, "item": item, "quantity": quantity, "expires_on": gone}


def need(name: str, day: int, quantity: float, item: str = "n95") -> dict[str, Any]:
    date = ON + dt.timedelta(days=day)
    return {"store_id": name, "item": item, "date": date, "quantity": quantity}


def plan(*, rules: model.NetworkRules = RULES, **rows: Rows) -> model.NetworkPlan:
    stores = [store("M", None), store("A"), store("B")]
    given = {"stores": stores, "goods": [good()], "lots": [], "needs": [], "suppliers": []} | rows
    tables = {name: pa.Table.from_pylist(given[name], schema=SCHEMAS[name]) for name in SCHEMAS}
    made = solve.plan(**tables, rules=rules, on=ON)
    assert validate.check(made, **tables, rules=rules, on=ON) == []
    return made


def test_what_lies_above_reaches_whoever_needs_it_in_time() -> None:
    made = plan(lots=[lot("M", 10)], needs=[need("A", 1, 6)])
    [move] = made.moves.to_pylist()
    assert (move["from_store"], move["to_store"], move["quantity"]) == ("M", "A", 6)
    assert made.unmet.num_rows == 0
    assert made.answer.gap == 0


def test_two_who_need_the_same_share_what_there_is_alike() -> None:
    made = plan(lots=[lot("M", 10)], needs=[need("A", 2, 10), need("B", 2, 10)])
    assert made.shares["share"].to_pylist() == pytest.approx([0.5, 0.5])


def test_what_expires_first_is_used_first_and_what_is_left_of_it_is_told() -> None:
    made = plan(lots=[lot("A", 5, last=1), lot("A", 5)], needs=[need("A", 1, 3), need("A", 4, 5)])
    assert made.unmet.num_rows == 0
    assert made.waste.to_pylist() == [
        {"store_id": "A", "item": "n95", "expires_on": ON + dt.timedelta(days=1), "quantity": 2.0}
    ]


def test_the_validator_sees_a_later_lot_sent_while_an_earlier_one_lies_there_to_expire() -> None:
    needs = [need("A", 1, 5)]
    good_plan = plan(lots=[lot("M", 5, last=2), lot("M", 5)], needs=needs)
    [move] = good_plan.moves.to_pylist()
    assert move["expires_on"] == ON + dt.timedelta(days=2)
    stores = [store("M", None), store("A"), store("B")]
    given = {"stores": stores, "goods": [good()], "needs": needs, "suppliers": []}
    given["lots"] = [lot("M", 5, last=2), lot("M", 5)]
    tables = {name: pa.Table.from_pylist(given[name], schema=SCHEMAS[name]) for name in SCHEMAS}
    left = {"store_id": "M", "item": "n95", "expires_on": move["expires_on"], "quantity": 5.0}
    lost = 5.0 * 10.0
    answer = dataclasses.replace(good_plan.answer, value=good_plan.answer.value + lost)
    bent = dataclasses.replace(
        good_plan,
        answer=answer,
        moves=pa.Table.from_pylist([move | {"expires_on": None}], schema=model.MOVES),
        waste=pa.Table.from_pylist([left], schema=model.WASTE),
    )
    claimed = dataclasses.replace(bent, answer=dataclasses.replace(answer, bound=answer.value))
    [fault] = validate.check(claimed, **tables, rules=RULES, on=ON)
    assert "expire in M" in fault


def test_a_good_of_the_first_rank_takes_the_lorry_before_one_of_the_second() -> None:
    made = plan(
        stores=[store("M", None, out_m3_per_day=3.0), store("A")],
        goods=[good("blood", rank=1), good("rice", rank=2)],
        lots=[lot("M", 5, "blood"), lot("M", 5, "rice")],
        needs=[need("A", 1, 2, "blood"), need("A", 1, 5, "rice")],
    )
    unmet = {row["item"]: row for row in made.unmet.to_pylist()}
    assert set(unmet) == {"rice"}
    assert unmet["rice"]["quantity"] == pytest.approx(4.0)
    assert (unmet["rice"]["reason"], unmet["rice"]["bound_by"]) == ("transport", "M")


@pytest.mark.parametrize(
    ("rows", "reason", "bound_by"),
    [
        ({}, "no_stock", None),
        ({"lots": [lot("M", 9)]}, "lead_time", "M"),
        ({"offers": 1, "lead": 0}, "supplier", "S"),
        ({"offers": 9, "lead": 4}, "lead_time", "S"),
    ],
)
def test_whoever_goes_short_is_told_why(
    rows: dict[str, Any], reason: str, bound_by: str | None
) -> None:
    suppliers = []
    if "offers" in rows:
        base = {"supplier_id": "S", "item": "n95", "store_id": "A", "yuan": 1.0}
        suppliers = [{**base, "per_day": rows["offers"], "lead_days": rows["lead"]}]
    made = plan(lots=rows.get("lots", []), needs=[need("A", 0, 4)], suppliers=suppliers)
    [row] = made.unmet.to_pylist()
    assert (row["reason"], row["bound_by"]) == (reason, bound_by)


def test_cold_goods_do_not_travel_by_a_store_that_is_warm() -> None:
    made = plan(
        stores=[store("M", None), store("A", cold=False)],
        goods=[good(cold=True)],
        lots=[lot("M", 9)],
        needs=[need("A", 2, 4)],
    )
    assert made.moves.num_rows == 0
    assert made.unmet["reason"].to_pylist() == ["no_stock"]


def test_the_reserve_of_the_last_evening_is_kept_when_nobody_goes_short_for_it() -> None:
    rules = dataclasses.replace(RULES, reserve_days=5.0)
    made = plan(lots=[lot("M", 10)], needs=[need("A", 1, 6)], rules=rules)
    assert made.unmet.num_rows == 0
    assert made.reserve.to_pylist() == [{"store_id": "A", "item": "n95", "quantity": 2.0}]
    of_its_own = dataclasses.replace(RULES, reserve_days=5.0, cover_days={"n95": 3.0})
    less = plan(lots=[lot("M", 10)], needs=[need("A", 1, 6)], rules=of_its_own)
    assert less.reserve.num_rows == 0


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        ({"stores": [store("M", None), store("M", None)]}, "supply.store_twice"),
        ({"stores": [store("A", "M")]}, "supply.unknown_store"),
        ({"stores": [store("M", None, lon=None)]}, "supply.store_without_point"),
        ({"goods": [good(), good()]}, "supply.item_twice"),
        ({"goods": [good(m3=-1.0)]}, "input.negative"),
        ({"lots": [lot("M", 1, "unheard")]}, "supply.unknown_item"),
        ({"lots": [lot("M", -1)]}, "input.negative"),
        ({"needs": [need("A", 9, 1)]}, "supply.need_outside"),
    ],
)
def test_what_cannot_be_planned_with_is_refused(bad: dict[str, Any], code: str) -> None:
    with pytest.raises(BadInput) as refused:
        plan(**bad)
    assert refused.value.code == code
