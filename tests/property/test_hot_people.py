"""Persons of the hot index: forgetting some changes nobody else's id and leaves no pseudonym."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from zhongshu.lake.hot import people

PSEUDONYMS = st.integers(-(2**63) + 1, 2**63 - 1) | st.integers(-3, 12)
STEPS = st.lists(st.tuples(st.sets(PSEUDONYMS, max_size=12), st.integers(0, 2**24)), max_size=6)


@given(steps=STEPS)
def test_entering_and_forgetting_in_any_order_is_a_dictionary(
    steps: list[tuple[set[int], int]],
) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder, ids, total = Path(name), dict[int, int](), 0
        asked = np.array(sorted({one for new, _ in steps for one in new} | {-(2**63), 0}))
        for new, keep in steps:
            fresh = sorted(new - set(ids))
            people.enter(folder, people.read(folder), np.array(fresh, np.int64))
            ids |= {one: total + n for n, one in enumerate(fresh)}
            total += len(fresh)
            gone = {one for n, one in enumerate(sorted(ids)) if not keep >> (n % 24) & 1}
            ids = {one: at for one, at in ids.items() if one not in gone}
            seen = np.zeros(total, np.bool_)
            seen[list(ids.values())] = True
            assert people.forget(folder, seen) == people.left(folder, seen) + len(gone)
            known = people.read(folder)
            found = {
                one: at
                for one, at in zip(asked.tolist(), known.dense(asked).tolist(), strict=True)
                if at >= 0 and one != people.NOBODY
            }
            assert found == ids
            assert len(known) == total
            assert set(known.base.tolist()) <= {*ids, people.NOBODY}
            assert known.pseudonyms(np.array(list(ids.values()), int)).tolist() == list(ids)
