"""The outbreak engine names the same infections as its slow twin."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from zhongshu.engines.whatif.options import BASELINE
from zhongshu.engines.whatif.outbreak import oracle, solve
from zhongshu.engines.whatif.outbreak.infect import PROFILE_FROM_D
from zhongshu.engines.whatif.outbreak.model import Mixing, Model, tables
from zhongshu.kernel import chance
from zhongshu.kernel.disease import course

sys.path.append(str(Path(__file__).parents[1] / "unit" / "whatif"))

from outbreak_made import seeds, town


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


def test_the_engine_begins_the_profile_where_the_disease_does() -> None:
    assert PROFILE_FROM_D == course.PROFILE_FROM_D
