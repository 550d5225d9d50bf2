"""What a start makes of what the register knows: whom tracing would have found is not unseen."""

from __future__ import annotations

import dataclasses

import numpy as np
import outbreak_made as made
import pytest

from zhongshu.engines.whatif.options import BASELINE, Tracing
from zhongshu.engines.whatif.outbreak import solve
from zhongshu.engines.whatif.outbreak.model import NEVER, UNSEEN, Mixing, Model, Start
from zhongshu.kernel import chance
from zhongshu.kernel.errors import BadInput

TOWN = made.town(3000)
WHO = np.array([3, 700, 1500, 2600], dtype=np.int32)
NOBODY_KNOWS = np.full(4, NEVER, dtype=np.int32)
MODEL = Model(mixing=Mixing(transmission=1.5))


def start(apart_d: int = 0, onset_d: int | None = None) -> Start:
    """Four cases found five days ago, some of them in quarantine."""
    found = np.full(4, -5 * 24, dtype=np.int32)
    onset = NOBODY_KNOWS if onset_d is None else np.full(4, onset_d, dtype=np.int32)
    return Start(WHO, NOBODY_KNOWS, onset, found, apart_h=found - np.int32(24 * apart_d))


def unseen(given: Start, done: Tracing) -> int:
    """Infected and not registered at hour 0, over twenty runs."""
    model = dataclasses.replace(MODEL, traced=done)
    rows = [
        solve.infections(TOWN, given, BASELINE, model=model, days=1,
                         key=chance.key(run, "whatif", 0))
        for run in range(20)
    ]  # fmt: skip
    return sum(int(((one[:, 1] < 0) & (one[:, 2] >= 0)).sum()) for one in rows)


def test_who_was_kept_apart_before_he_was_found_infected_fewer() -> None:
    counts = [unseen(start(apart_d=days, onset_d=-8), Tracing()) for days in (0, 2, 4)]
    assert counts[0] > counts[1] > counts[2]


def test_the_better_tracing_was_the_fewer_are_unseen() -> None:
    counts = [
        unseen(start(onset_d=-8), Tracing(depth=1, delay_h=12, recall=share, recall_home=share,
                                          recall_places=share, recall_community=share, since_d=9))
        for share in (0.0, 0.5, 1.0)
    ]  # fmt: skip
    assert counts[0] > counts[1] > counts[2]


def test_who_was_kept_apart_after_he_was_found_is_refused() -> None:
    with pytest.raises(BadInput) as refused:
        start(apart_d=-1)
    assert refused.value.code == "whatif.start"


def test_more_unseen_infected_are_never_fewer_and_lie_where_and_when_they_may() -> None:
    key, known, model = chance.key(3, "whatif", 0), start(onset_d=-8), made.plain()
    told = []
    for count in (0.0, 20.0, 60.0):
        given = dataclasses.replace(known, unseen=count, unseen_d=6)
        rows = solve.infections(TOWN, given, BASELINE, model=model, days=1, key=key)
        told.append({int(row[0]) for row in rows})
        alone = rows[rows[:, 3] == UNSEEN]
        assert ((alone[:, 1] >= -6 * 24) & (alone[:, 1] < 0) & (alone[:, 2] == -1)).all()
    assert told[0] < told[1] < told[2]
    assert len(told[2]) == pytest.approx(64, abs=4 * 8)
    halved = made.halves(TOWN)
    given = dataclasses.replace(known, unseen=60.0, unseen_cells=np.array([1], dtype=np.int32))
    rows = solve.infections(halved, given, BASELINE, model=model, days=1, key=key)
    alone = rows[rows[:, 3] == UNSEEN, 0]
    assert alone.size > 30
    assert (alone >= halved.people.cell_start[1]).all()


@pytest.mark.parametrize("wrong", [{"unseen": -1.0}, {"unseen_d": 0}, {"unseen": float("nan")}])
def test_a_number_of_unseen_that_cannot_be_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(BadInput) as refused:
        dataclasses.replace(start(), **wrong)  # type: ignore[arg-type]
    assert refused.value.code == "whatif.start"


def test_unseen_infected_in_a_cell_that_is_not_there_are_refused() -> None:
    given = dataclasses.replace(start(), unseen=1.0, unseen_cells=np.array([99999], np.int32))
    with pytest.raises(BadInput) as refused:
        unseen(given, Tracing())
    assert refused.value.code == "whatif.start"
