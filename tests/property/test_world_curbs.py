"""How measures hold people back, against the readable twin."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from zhongshu.engines.world import oracle
from zhongshu.engines.world.days.curbs import FREE, KEEPS, Curbs, Held
from zhongshu.engines.world.days.schedule import Visits
from zhongshu.kernel import chance

PEOPLE, PLACES = 6, 3
VISIT = st.tuples(
    st.integers(0, PEOPLE - 1),
    st.integers(0, PLACES - 1),
    st.integers(0, 80_000),
    st.integers(1, 40_000),
)
SECOND = st.sampled_from([0, 1, 30_000, 79_200, 86_399, 86_400, int(FREE)])
SECONDS = st.lists(SECOND, min_size=PEOPLE, max_size=PEOPLE)


def flags(count: int) -> st.SearchStrategy[list[bool]]:
    return st.lists(st.booleans(), min_size=count, max_size=count)


HELD = st.one_of(
    st.builds(
        lambda closed, from_s, strictness: Held(np.array(closed), True, from_s, strictness),
        flags(PEOPLE),
        SECOND,
        st.sampled_from([0.0, 0.4, 1.0]),
    ),
    st.builds(
        lambda closed, from_s, strictness: Held(np.array(closed), False, from_s, strictness),
        flags(PLACES),
        SECOND,
        st.sampled_from([0.0, 0.4, 1.0]),
    ),
)


@settings(deadline=None)
@given(st.lists(VISIT, max_size=30), SECONDS, st.lists(HELD, max_size=3), st.integers(0, 2**32))
def test_what_takes_place_is_what_the_twin_lets_happen(
    rows: list[tuple[int, int, int, int]], apart: list[int], held: list[Held], seed: int
) -> None:
    person, place, begin, stay = np.array(rows, dtype=np.int32).reshape(-1, 4).T
    apart_s = np.array(apart, dtype=np.int32)
    curbs = Curbs(apart_s, np.full(PEOPLE, FREE, np.int32), apart_s, tuple(held))
    fast = curbs.visits(Visits(person, place, begin, begin + stay), seed=seed, day=3)
    columns = (fast.person, fast.place, fast.time_in, fast.time_out)
    planned = [(a, b, c, c + d) for a, b, c, d in rows]
    slow = oracle.curbed(int(chance.key(seed, KEEPS, 3)), curbs, planned)
    assert list(zip(*(column.tolist() for column in columns), strict=True)) == slow


@settings(deadline=None, max_examples=15)
@given(SECOND, SECOND, SECOND)
def test_a_restricted_day_is_the_sum_of_its_seconds(apart: int, central: int, area: int) -> None:
    apart = min(apart, central)  # whoever is in a room is isolated
    apart_s, central_s, area_s = np.array([[apart], [central], [area]], dtype=np.int32)
    shares = Curbs(apart_s, central_s, area_s, ()).shares(np.zeros(1, dtype=np.bool_))
    told = oracle.restricted(apart, central, area)
    assert np.allclose(shares[:, 0] * 86_400, told)
