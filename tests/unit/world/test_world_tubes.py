"""Swabs that share a tube, and who of a positive one is swabbed again."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from zhongshu.engines.world.days import testing, tubes
from zhongshu.engines.world.days.epidemic import DAY_S, HOUR_S

DAY = 3
people = st.lists(
    st.tuples(st.integers(0, 2), st.integers(0, 11 * 3600), st.booleans(), st.integers(6, 22)),
    max_size=60,
)


def taken(drawn: list[tuple[int, int, bool, int]]) -> testing.Samples:
    rows = np.zeros(len(drawn), dtype=testing.SAMPLE)
    rows["person"] = np.arange(len(drawn))
    rows["sampled_s"] = [DAY * DAY_S + 8 * HOUR_S + s for _, s, _, _ in drawn]
    rows["swabbed_s"] = rows["sampled_s"]
    rows["positive"] = [positive for _, _, positive, _ in drawn]
    rows["reported_s"] = rows["sampled_s"] + [hours * HOUR_S for _, _, _, hours in drawn]
    rows["received_s"] = rows["sampled_s"] + HOUR_S
    rows["method"] = testing.POOL10
    return rows


@given(people)
def test_everybody_is_in_one_tube_or_alone_and_only_members_of_positive_ones_come_again(
    drawn: list[tuple[int, int, bool, int]],
) -> None:
    village = np.array([v for v, _, _, _ in drawn], dtype=np.int32)
    before = taken(drawn)
    filled = tubes.fill(before, village, most=10, first=7)
    after = np.sort(filled.samples, order="person")
    assert (after["person"] == before["person"]).all()
    for name in ("swabbed_s", "reported_s", "positive"):
        assert (after[name] == before[name]).all()  # when and whether somebody is found stays
    of = {int(row["person"]): int(row["tube"]) for row in filled.swabs}
    assert len(of) == len(filled.swabs)
    alone = [p for p in range(len(drawn)) if p not in of]
    assert (after["method"][alone] == testing.SINGLE).all()
    assert (after["sampled_s"][alone] == before["sampled_s"][alone]).all()
    for tube in filled.tubes:
        members = [p for p, number in of.items() if number == tube["tube"]]
        assert 2 <= len(members) == tube["swabs"] <= 10
        assert set(village[members]) == {tube["village"]}
        assert np.ptp(before["sampled_s"][members]) < tubes.SPAN_S
        assert tube["positive"] == before["positive"][members].any()
        first, last = (int(f(before["sampled_s"][members])) for f in (np.min, np.max))
        assert tube["swabbed_s"] == first
        assert last <= tube["received_s"] <= tube["reported_s"]
        assert tube["reported_s"] <= before["reported_s"][members].min()
        if tube["positive"]:
            assert (after["method"][members] == testing.SINGLE).all()
            assert (after["sampled_s"][members] >= tube["reported_s"]).all()
            assert (after["received_s"][members] <= after["reported_s"][members]).all()
        else:
            assert (after["sampled_s"][members] == before["sampled_s"][members]).all()
            assert (after["method"][members] == testing.POOL10).all()
