"""Drops shared among stores: nobody loads what is not there, and what expires first goes first."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from zhongshu.service.dispatch.planners import parcelstock as stock
from zhongshu.service.dispatch.planners.parcelneeds import Drop
from zhongshu.service.resources.facade import Thing

DAY = dt.date(2022, 11, 9)
STORES = {name: stock.Store(Thing(code=name), 112.0 + n / 10, 37.0) for n, name in enumerate("ABC")}


@st.composite
def drops(draw: st.DrawFn) -> list[Drop]:
    return [
        Drop(
            id=f"V{n}/food_pack",
            village=f"V{n}",
            item="food_pack",
            parcels=draw(st.integers(1, 12)),
            units=draw(st.integers(0, 60)),
            rank=1,
            due_on=DAY,
            lon=draw(st.none() | st.floats(111.9, 112.4)),
            lat=37.0,
        )
        for n in range(draw(st.integers(1, 6)))
    ]


@st.composite
def lots(draw: st.DrawFn) -> dict[stock.Key, list[stock.Lot]]:
    found = {}
    for store in STORES:
        days = draw(st.lists(st.integers(0, 30), max_size=3))
        own = [
            stock.Lot(f"{store}{n}", DAY + dt.timedelta(days=day), draw(st.integers(1, 50)))
            for n, day in enumerate(days)
        ]
        found[store, "food_pack"] = sorted(own, key=lambda one: (one.expires, one.code))
    return found


@given(drops(), lots(), st.data())
def test_what_is_packed_is_there_and_each_parcel_is_packed_or_told(
    asked: list[Drop], there: dict[stock.Key, list[stock.Lot]], data: st.DataObject
) -> None:
    serves = {one.id: data.draw(st.lists(st.sampled_from("ABC"), unique=True)) for one in asked}
    shared = stock.share(asked, stores=STORES, serves=serves, there=there)
    stops = [
        {"drop_id": name, "parcels": part}
        for name, one in shared.packed.items()
        for part in _parts(data.draw(st.integers(1, one.parcels)), one.parcels)
    ]
    loads = stock.loaded(shared, stops)
    assert stock.check(shared, asked, [*zip(stops, loads, strict=True)]) == []
    free = {one.code: one.free for own in there.values() for one in own}
    for load in loads:
        for lot, units in load:
            free[lot.code] -= units
    assert min(free.values(), default=0) >= 0
    assert {one.drop.id for one in shared.packed.values() if one.store not in "ABC"} == set()
    for drop, _ in shared.short:  # only where no store that serves it has a parcel's worth left
        for store in serves[drop.id] or STORES:
            used = sum(one.units for one in shared.packed.values() if one.store == store)
            has = sum(one.free for one in there[store, "food_pack"])
            assert (has - used) * drop.parcels < drop.units or drop.id in shared.packed


def _parts(first: int, whole: int) -> list[int]:
    return [one for one in (first, whole - first) if one]


def test_a_check_sees_what_is_wrong() -> None:
    drop = Drop("V/food_pack", "V", "food_pack", 2, 6, 1, DAY, 112.0, 37.0)
    old, new = stock.Lot("A0", DAY, 3), stock.Lot("A1", DAY + dt.timedelta(days=9), 9)
    there = {("A", "food_pack"): [old, new]}
    shared = stock.share([drop], stores=STORES, serves={drop.id: ["A"]}, there=there)
    stop = {"drop_id": drop.id, "parcels": 2}
    assert stock.check(shared, [drop], [(stop, [(old, 3), (new, 3)])]) == []
    assert stock.check(shared, [drop], [(stop, [(new, 6)])])  # the older lot waits
    assert stock.check(shared, [drop], [(stop, [(old, 3), (new, 1)])])  # too little
    assert stock.check(shared, [drop], [(stop, [(old, 6)])])  # more than there is
    assert stock.check(stock.Shared({}, [(drop, 1)], there), [drop], [])  # a parcel is lost
