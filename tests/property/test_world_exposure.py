"""The world's kernels against their readable twins, and what must hold for any input."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from zhongshu.engines.world import oracle
from zhongshu.engines.world.arrays import largest_remainder, ranges
from zhongshu.engines.world.days import exposure
from zhongshu.engines.world.days.exposure import Hits
from zhongshu.engines.world.days.schedule import Visits
from zhongshu.engines.world.people.population import household_sizes
from zhongshu.kernel import chance
from zhongshu.kernel.random import stream

PEOPLE, PLACES = 12, 4
VISIT = st.tuples(
    st.integers(0, PEOPLE - 1),
    st.integers(0, PLACES - 1),
    st.integers(0, 80_000),
    st.integers(1, 40_000),
)
FORCE = st.lists(st.sampled_from([0.0, 0.0, 0.5, 3.0]), min_size=PEOPLE, max_size=PEOPLE)
OPEN = st.lists(st.booleans(), min_size=PEOPLE, max_size=PEOPLE)


def as_set(hits: Hits) -> set[oracle.Hit]:
    columns = (hits.source, hits.person, hits.place, hits.moment)
    return set(zip(*(column.tolist() for column in columns), strict=True))


@settings(deadline=None)
@given(st.lists(VISIT, max_size=40), FORCE, OPEN, st.integers(0, 2**32))
def test_infections_in_places_are_those_of_the_twin(
    rows: list[tuple[int, int, int, int]], force: list[float], open_: list[bool], seed: int
) -> None:
    person, place, begin, stay = np.array(rows, dtype=np.int32).reshape(-1, 4).T
    visits = Visits(person, place, begin, begin + stay)
    hazard = np.array([0.05, 0.5, 2.0, 10.0])
    key = chance.key(seed, "test")
    susceptible = np.array(open_) & (np.array(force) == 0)
    fast = exposure.in_places(key, visits, np.array(force), susceptible, hazard)
    slow = oracle.in_places(int(key), visits, np.array(force), susceptible, hazard)
    assert as_set(fast) == slow


@settings(deadline=None)
@given(st.lists(st.integers(1, 5), min_size=1, max_size=6), st.integers(0, 2**32), st.data())
def test_infections_in_households_are_those_of_the_twin(
    sizes: list[int], seed: int, data: st.DataObject
) -> None:
    people = sum(sizes)
    household = np.repeat(np.arange(len(sizes)), sizes).astype(np.int32)
    starts = np.concatenate(([0], np.cumsum(sizes)))
    force = np.array(
        data.draw(st.lists(st.sampled_from([0.0, 1.0]), min_size=people, max_size=people))
    )
    key = chance.key(seed, "test")
    fast = exposure.in_households(
        key,
        household=household,
        starts=starts,
        force=force,
        susceptible=force == 0,
        hazard_per_day=0.8,
    )
    slow = oracle.in_households(int(key), household, force, force == 0, 0.8)
    assert as_set(fast) == slow


@settings(deadline=None)
@given(st.lists(VISIT, max_size=40), FORCE, st.integers(0, 2**32))
def test_each_person_is_infected_once_and_by_the_first(
    rows: list[tuple[int, int, int, int]], force: list[float], seed: int
) -> None:
    person, place, begin, stay = np.array(rows, dtype=np.int32).reshape(-1, 4).T
    visits = Visits(person, place, begin, begin + stay)
    susceptible = np.array(force) == 0
    every = exposure.in_places(
        chance.key(seed, "x"), visits, np.array(force), susceptible, np.full(PLACES, 9.0)
    )
    first = exposure.first_of_each(every)
    assert first.person.tolist() == sorted(set(every.person.tolist()))
    for who, moment in zip(first.person, first.moment, strict=True):
        assert moment == every.moment[every.person == who].min()


@given(st.lists(st.floats(0.001, 1e6), min_size=1, max_size=50), st.integers(0, 10**6))
def test_shares_add_up_and_differ_from_the_exact_by_less_than_one(
    weights: list[float], total: int
) -> None:
    shares = largest_remainder(np.array(weights), total)
    exact = np.array(weights) * total / sum(weights)
    assert shares.sum() == total
    assert np.abs(shares - exact).max() <= 1 + 1e-6


@given(st.lists(st.tuples(st.integers(0, 100), st.integers(0, 9)), max_size=20))
def test_ranges_are_the_concatenation_of_the_parts(parts: list[tuple[int, int]]) -> None:
    starts, counts = (
        (np.array(column, dtype=np.int64) for column in zip(*parts, strict=True))
        if (parts)
        else (np.empty(0, np.int64), np.empty(0, np.int64))
    )
    expected = [start + i for start, count in parts for i in range(count)]
    assert ranges(starts, counts).tolist() == expected


@given(st.integers(1, 3000), st.floats(1.6, 4.0), st.floats(0.0, 0.5), st.integers(0, 99))
def test_household_sizes_hold_everybody(
    count: int, mean: float, one_share: float, seed: int
) -> None:
    sizes = household_sizes(count, mean, one_share, stream(seed, "test"))
    assert sizes.sum() == count
    assert sizes.min() >= 1


@given(st.integers(0, 2**62), st.integers(-5, 400), st.lists(st.integers(0, 10**6), max_size=20))
def test_a_draw_depends_on_its_arguments_only(seed: int, day: int, who: list[int]) -> None:
    key = chance.key(seed, "draws", day)
    together = chance.uniform(key, np.array(who, dtype=np.int64))
    alone = [float(chance.uniform(key, np.array([one]))[0]) for one in who]
    assert together.tolist() == alone
    assert all(0 <= value < 1 for value in alone)
