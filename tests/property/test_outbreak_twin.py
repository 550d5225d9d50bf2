"""The outbreak engine names the same infections as its slow twin."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from zhongshu.engines.whatif.options import BASELINE, Capacities, Option, Round
from zhongshu.engines.whatif.outbreak import oracle, solve
from zhongshu.engines.whatif.outbreak.infect import PROFILE_FROM_D
from zhongshu.engines.whatif.outbreak.model import Mixing, Model, tables
from zhongshu.kernel import chance
from zhongshu.kernel.disease import course

sys.path.append(str(Path(__file__).parents[1] / "unit" / "whatif"))

from outbreak_made import halves, seeds, town


@settings(max_examples=6, deadline=None)
@given(
    seed=st.integers(0, 2**40),
    scale=st.floats(0.2, 2.0),
    who=st.lists(st.integers(0, 399), min_size=1, max_size=4, unique=True),
)
def test_twin_and_engine_name_the_same_infections(seed: int, scale: float, who: list[int]) -> None:
    people, start = town(400, seed=seed % 5), seeds(who, infected_day=-9, found_h=-3)
    model, key = Model(mixing=Mixing(transmission=scale)), chance.key(seed, "whatif", 0)
    fast = solve.infections(people, start, BASELINE, model=model, days=10, key=key)
    slow = oracle.Twin(people.people, tables(model), int(key)).infections(start, 10)
    assert [tuple(row) for row in fast.tolist()] == slow
    assert len(np.unique(fast[:, 0])) == len(fast)


ROUNDS = st.builds(
    Round,
    units=st.sampled_from([(), ("one half",), ("one half", "other half")]),
    start_hour=st.integers(0, 60),
    hours=st.integers(1, 40),
    every_d=st.integers(1, 3),
    count=st.integers(1, 4),
    pool_size=st.sampled_from([1, 5, 10]),
    sensitivity=st.floats(0.5, 1.0),
    dilution_loss=st.floats(0.0, 0.3),
    coverage=st.floats(0.5, 1.0),
)


@settings(max_examples=8, deadline=None)
@given(
    seed=st.integers(0, 2**40),
    series=st.lists(ROUNDS, min_size=1, max_size=2),
    lab_hours=st.floats(0.0, 30.0),
)
def test_twin_and_engine_find_the_same_people_in_rounds(
    seed: int, series: list[Round], lab_hours: float
) -> None:
    people, start = halves(town(400, seed=seed % 5)), seeds([3, 90, 200, 310], -9, -3)
    model, key = Model(mixing=Mixing(transmission=1.5)), chance.key(seed, "whatif", 0)
    option = Option("x", rounds=tuple(series), capacities=Capacities(lab_hours=lab_hours))
    fast = solve.infections(people, start, option, model=model, days=10, key=key)
    held = oracle.rounds(option, people, 10)
    slow = oracle.Twin(people.people, tables(model), int(key), held).infections(start, 10)
    assert [tuple(row) for row in fast.tolist()] == slow


def test_rounds_spare_the_twin_infections() -> None:
    """The comparison above is not one of runs that rounds leave as they were."""
    people, start = town(400, seed=1), seeds([3, 90, 200, 310], infected_day=-9, found_h=-3)
    given_ = tables(Model(mixing=Mixing(transmission=1.5)))
    option = Option("x", rounds=(Round((), count=8),))
    held = oracle.rounds(option, people, 10)
    keys = [int(chance.key(n, "whatif", 0)) for n in range(3)]
    runs = [[len(oracle.Twin(people.people, given_, key, rows).infections(start, 10))
             for rows in ([], held)] for key in keys]  # fmt: skip
    assert sum(without for without, _ in runs) > sum(with_ for _, with_ in runs)


def test_the_engine_begins_the_profile_where_the_disease_does() -> None:
    assert PROFILE_FROM_D == course.PROFILE_FROM_D
