"""What cases have in common: found when planted, not found when there is nothing."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from trace_builders import aliases, at, cases, places, rules, visits

from zhongshu.engines.tracing import common, model, scans
from zhongshu.engines.tracing.placetree import PlaceTree
from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.random import stream

START, DAYS = at("00:00"), 10
BEGIN_S = int(START.timestamp())
UNTIL = START + dt.timedelta(days=DAYS)
PEOPLE, SHOPS = 3000, 300
RESTAURANT, TRAIN, CARRIAGE = 900, 950, 951
KINDS = (
    dict.fromkeys(range(SHOPS), "market")
    | {RESTAURANT: "market"}
    | dict.fromkeys(range(TRAIN, TRAIN + 9), "bus")
)
WITHIN = {TRAIN + n: (TRAIN, n) for n in range(1, 9)}
TREE = PlaceTree.of(places(KINDS, within=WITHIN), rules())


def ordinary(seed: int) -> pa.Table:
    """Visits of people who go where others go: Zipf over the shops, some by train."""
    rng = stream(seed, "ordinary visits")
    rows = PEOPLE * 8
    tail = np.cumsum(1 / np.arange(1, SHOPS + 1) ** 0.8)
    place = np.searchsorted(tail / tail[-1], rng.random(rows))
    aboard = rng.random(rows) < 0.02
    place[aboard] = rng.integers(TRAIN, TRAIN + 9, int(aboard.sum()))
    seconds = BEGIN_S + rng.integers(0, DAYS * 86_400, rows)
    return table(rng.integers(1, PEOPLE + 1, rows), place, seconds)


def table(person: Any, place: Any, seconds: Any) -> pa.Table:
    moment = pa.array(np.asarray(seconds, np.int64)).cast(model.SECONDS)
    none = pa.nulls(len(person), model.SECONDS)
    return pa.table(
        [np.asarray(person), np.asarray(place, np.int32), moment, none, moment],
        schema=model.VISITS,
    )


def ill(persons: list[int]) -> pa.Table:
    return cases(*((n, person, START, UNTIL) for n, person in enumerate(persons)))


def asked(lake: pa.Table, persons: list[int], **given: Any) -> common.Common:
    source = scans.over_table(lake, until=UNTIL, aliases=given.pop("aliases", None))
    return common.common(source, TREE, ill(persons), **given)


def test_random_people_are_told_of_no_common_source() -> None:
    """Under chance p stays at or above what it says, place by place and for the whole list."""
    source = scans.over_table(ordinary(1), until=UNTIL)
    rng = stream(2, "random cases")
    tested, small, found, rounds = 0, dict.fromkeys((0.01, 0.05, 0.2), 0), 0, 250
    for _ in range(rounds):
        persons = (rng.choice(PEOPLE, 8, replace=False) + 1).tolist()
        answer = common.common(source, TREE, ill(persons))
        p = answer.places["p"].to_numpy()
        tested += answer.tested
        for level in small:
            small[level] += int((p <= level).sum())
        found += bool((answer.places["p_adjusted"].to_numpy() <= 0.05).any())
    for level, count in small.items():
        spread = 4 * np.sqrt(level * (1 - level) / tested)
        assert count / tested <= level + spread, (level, count / tested)
    assert small[0.2] / tested > 0.02, "and not so careful that it finds nothing"
    assert found / rounds <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / rounds), found


def test_a_planted_restaurant_comes_first() -> None:
    lake = ordinary(3)
    guests = np.arange(100, 130)  # thirty people ate there, six of them fell ill
    dinner = table(guests, np.full(30, RESTAURANT), np.full(30, BEGIN_S + 5 * 86_400))
    answer = asked(pa.concat_tables([lake, dinner]), [100, 101, 102, 103, 104, 105, 7, 8])
    first = answer.places.slice(0, 1).to_pylist()[0]
    assert (first["place"], first["cases"], first["persons"]) == (RESTAURANT, 6, 24)
    assert first["p_adjusted"] < 1e-6
    assert first["expected"] < 0.2
    assert answer.places["p_adjusted"].to_pylist()[1] > 0.05
    told = answer.visits.filter(pa.compute.equal(answer.visits["place"], RESTAURANT))
    assert told["case_id"].to_pylist() == [0, 1, 2, 3, 4, 5]


def test_a_planted_carriage_comes_before_its_train() -> None:
    lake = ordinary(4)
    riders = np.arange(200, 300)
    seats = TRAIN + 1 + (riders - 200) // 13  # thirteen to a carriage
    ride = table(riders, seats, np.full(100, BEGIN_S + 3 * 86_400))
    answer = asked(pa.concat_tables([lake, ride]), [200, 201, 202, 203, 204])
    top = answer.places["place"].to_pylist()[:2]
    assert top == [CARRIAGE, TRAIN]
    assert answer.places["cases"].to_pylist()[:2] == [5, 5]
    assert answer.places["p_adjusted"].to_pylist()[0] < 1e-4


def test_where_cases_live_is_no_news_but_where_they_went_is() -> None:
    """All live in a county of one hundred: its shop is theirs, its restaurant is the source."""
    villagers = np.repeat(np.arange(1, 101), 4)
    shop, restaurant = 1, RESTAURANT
    rng = stream(5, "village")
    there = table(villagers, np.full(400, shop), BEGIN_S + rng.integers(0, 800_000, 400))
    ate = table(np.arange(1, 9), np.full(8, restaurant), np.full(8, BEGIN_S + 86_400))
    elsewhere = table(
        np.arange(1000, 9000),
        rng.integers(2, SHOPS, 8000),
        BEGIN_S + rng.integers(0, 800_000, 8000),
    )
    lake = pa.concat_tables([there, ate, elsewhere])
    county = pa.table(
        {"place": [shop, restaurant, *range(2, SHOPS)], "area": [1, 1] + [2] * (SHOPS - 2)}
    )
    ill_ones = [1, 2, 3, 4, 5]
    against_all = asked(lake, ill_ones).places.to_pylist()
    at_home = asked(lake, ill_ones, areas=county).places.to_pylist()
    assert {row["place"] for row in against_all if row["p_adjusted"] < 0.01} == {shop, restaurant}
    assert {row["place"] for row in at_home if row["p_adjusted"] < 0.01} == {restaurant}


def test_a_place_only_the_cases_know_is_unlikely_but_never_impossible() -> None:
    lake = pa.concat_tables(
        [ordinary(6), table([1, 2], [RESTAURANT] * 2, [BEGIN_S + 5, BEGIN_S + 6])]
    )
    row = asked(lake, [1, 2]).places.to_pylist()[0]
    assert (row["place"], row["persons"]) == (RESTAURANT, 0)
    assert 0 < row["p"] < 0.01


def test_each_case_is_asked_for_his_own_window() -> None:
    lake = visits((1, 1, at("09:00"), None), (2, 1, at("09:00", day=3), None))
    source = scans.over_table(lake, until=UNTIL)
    early = (1, 1, at("00:00"), at("00:00", day=2))
    late = (2, 2, at("00:00", day=2), at("00:00", day=4))
    assert common.common(source, TREE, cases(early, late)).places["place"].to_pylist() == [1]
    missed = (2, 2, at("00:00"), at("00:00", day=2))
    answer = common.common(source, TREE, cases(early, missed))
    assert (answer.places.num_rows, answer.seen, answer.tested) == (0, 1, 1)


def test_two_pseudonyms_of_one_case_are_one() -> None:
    lake = visits((1, 1, at("09:00"), None), (50, 1, at("09:30"), None), (2, 2, at("10:00"), None))
    same = aliases((50, 2))
    row = asked(lake, [1, 2], aliases=same).places.to_pylist()[0]
    assert (row["place"], row["cases"], row["persons"]) == (1, 2, 0)


def test_nobody_and_nothing_are_no_trouble() -> None:
    empty = asked(visits(), [1, 2])
    assert (empty.asked, empty.seen, empty.tested) == (2, 0, 0)
    assert empty.places.schema == common.COMMON
    assert asked(visits(), []).asked == 0


def test_too_many_different_windows_are_refused_with_what_to_do() -> None:
    windows = [(n, n, START + dt.timedelta(minutes=n), UNTIL) for n in range(32)]
    source = scans.over_table(visits((1, 1, at("09:00"), None)), until=UNTIL)
    with pytest.raises(BadInput, match="whole days") as refusal:
        common.common(source, TREE, cases(*windows))
    assert refusal.value.code == "tracing.too_many_windows"
