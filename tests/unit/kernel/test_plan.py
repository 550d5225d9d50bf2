"""What a dispatch plan says of itself."""

from __future__ import annotations

import math

import pytest

from zhongshu.kernel import plan
from zhongshu.kernel.runcard import RunCard


def answer(value: float, bound: float | None, *, least: bool = True) -> plan.Answer:
    return plan.Answer(
        planner="rooms",
        value=value,
        unit="person-km",
        bound=bound,
        seconds=0.1,
        seed=None,
        unserved=plan.unserved("person", [(7, 1, "no_free_room"), (8, 2, "reserve_kept")]),
        card=RunCard("rooms", "1", {}, {}),
        least=least,
    )


@pytest.mark.parametrize(
    ("value", "bound", "least", "gap"),
    [(103, 100, True, 0.03), (97, 100, False, 0.03), (100, 100, True, 0.0), (5, None, True, None),
     (0, 0, True, 0.0), (1, 0, True, math.inf)],
)  # fmt: skip
def test_the_gap_is_a_share_of_the_bound(
    value: float, bound: float | None, least: bool, gap: float | None
) -> None:
    assert answer(value, bound, least=least).gap == (gap if gap is None else pytest.approx(gap))


def test_what_binds_is_added_up_and_the_worst_is_first() -> None:
    assert list(answer(1, 1).binding.items()) == [("reserve_kept", 2.0), ("no_free_room", 1.0)]


def test_an_infinite_gap_is_null_at_a_door() -> None:
    assert answer(1, 0).as_json()["gap"] is None
    assert answer(103, 100).as_json()["gap"] == pytest.approx(0.03)
