"""Grouping signals against the plainest way of saying it."""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
import random

from hypothesis import given
from hypothesis import strategies as st

from zhongshu.service.signals.grouping import Grouped, Spot, group

DAY = dt.date(2022, 11, 1)
COUNTIES = "ABCDEF"
Case = tuple[list[Spot], dict[str, set[str]], int]
PAIRS = list(itertools.combinations(COUNTIES, 2))


def oracle(spots: list[Spot], borders: dict[str, set[str]], days: int) -> Grouped:
    """Everybody in a bag of his own or of his group; linked bags are poured together until none
    is left to be."""
    bags = [{one} for one in spots if one.group is None]
    for number in {one.group for one in spots} - {None}:
        bags.append({one for one in spots if one.group == number})

    def linked(one: Spot, other: Spot) -> bool:
        near = one.county == other.county or other.county in borders.get(one.county, set())
        new = one.group is None or other.group is None
        return near and new and abs((one.day - other.day).days) <= days

    poured = True
    while poured:
        poured = False
        for first, second in itertools.combinations(bags, 2):
            if any(linked(one, other) for one in first for other in second):
                bags = [bag for bag in bags if bag not in (first, second)] + [first | second]
                poured = True
                break
    fresh: dict[int, int] = {}
    merged: dict[int, int] = {}
    for bag in bags:
        groups = [one.group for one in bag if one.group is not None]
        name = min(groups) if groups else min(one.id for one in bag)
        fresh |= {one.id: name for one in bag if one.group is None}
        merged |= {old: name for old in groups if old != name}
    return Grouped(fresh, merged)


@st.composite
def places(draw: st.DrawFn) -> Case:
    size = draw(st.integers(0, 9))
    where = draw(st.lists(st.sampled_from(COUNTIES), min_size=size, max_size=size))
    when = draw(st.lists(st.integers(0, 12), min_size=size, max_size=size))
    # Groups are called by a signal in them, which may have been withdrawn since.
    of = draw(st.lists(st.sampled_from([None, None, 1, 2, 3]), min_size=size, max_size=size))
    spots = [
        Spot(number, county, DAY + dt.timedelta(days=day), old)
        for number, (county, day, old) in enumerate(zip(where, when, of, strict=True), 10)
    ]
    borders: dict[str, set[str]] = {}
    for one, other in draw(st.lists(st.sampled_from(PAIRS), max_size=6)):
        borders.setdefault(one, set()).add(other)
        borders.setdefault(other, set()).add(one)
    return spots, borders, draw(st.integers(0, 4))


@given(places())
def test_groups_are_those_of_the_plainest_way(case: Case) -> None:
    spots, borders, days = case
    assert group(spots, borders=borders, days=days) == oracle(spots, borders, days)


@given(places(), st.randoms(use_true_random=False))
def test_the_order_in_which_signals_come_makes_no_difference(
    case: Case, chance: random.Random
) -> None:
    spots, borders, days = case
    mixed = list(spots)
    chance.shuffle(mixed)
    told = group(mixed, borders=borders, days=days)
    assert told == group(spots, borders=borders, days=days)


@given(places())
def test_who_has_his_group_already_is_left_in_it_or_in_what_it_became(case: Case) -> None:
    spots, borders, days = case
    told = group(spots, borders=borders, days=days)
    became = {one.id: one.group for one in spots if one.group is not None} | dict(told.fresh)
    again = [
        dataclasses.replace(one, group=told.merged.get(became[one.id], became[one.id]))
        for one in spots
    ]
    assert group(again, borders=borders, days=days) == Grouped({}, {})
