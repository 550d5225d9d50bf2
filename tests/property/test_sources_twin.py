"""What reports are expected and which came: the fast way against a reading of the rule."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from zhongshu.service.sources.expected import UNKNOWN, Reports, Terms, tell

TERMS = Terms(
    window_d=14, baseline_weeks=3, usual_share=0.5, late_h=20, due_h=36, complete_share=0.8,
    zero_usual=4,
)  # fmt: skip
DAYS, WINDOW, GROUPS = 40, 15, 2


@st.composite
def sent(draw: st.DrawFn) -> tuple[list[int], list[dict[int, tuple[int, bool]]]]:
    """For each site its group, and what it sent: day -> (count, in time).  Sites keep a week's
    rhythm, begin some day and fall silent some days, alone or all together."""
    sites = draw(st.integers(0, 5))
    silent = draw(st.sets(st.integers(0, DAYS - 1), max_size=12))
    group, rows = [], []
    for _ in range(sites):
        group.append(draw(st.integers(0, GROUPS - 1)))
        begun = draw(st.integers(0, DAYS - 1))
        rest = draw(st.sets(st.integers(0, 6), max_size=3))
        missed = draw(st.sets(st.integers(0, DAYS - 1), max_size=6))
        level = draw(st.sampled_from([0, 3, 9]))
        zeros = draw(st.sets(st.integers(0, DAYS - 1), max_size=6))
        days = [
            day for day in range(begun, DAYS)
            if day % 7 not in rest and day not in missed and day not in silent
        ]  # fmt: skip
        rows.append({day: (0 if day in zeros else level, day % 3 > 0) for day in days})
    return group, rows


def plain(
    group: list[int], rows: list[dict[int, tuple[int, bool]]], of: int, day: int
) -> tuple[int, int, int, int, bool]:
    """(received, expected, met, prompt, doubted) of one group on one day."""
    own = [sent for number, sent in zip(group, rows, strict=True) if number == of]
    received = [sent for sent in own if day in sent]
    before = [other for sent in own for other in sent if other < day]
    if not before:
        return len(received), UNKNOWN, 0, 0, False
    newest = next(other for other in range(max(before), -8, -1) if (other - day) % 7 == 0)
    weekdays = [newest - 7 * back for back in range(TERMS.baseline_weeks)]
    expected = []
    for sent in own:
        asked = [other for other in weekdays if other >= 0 and sent and other >= min(sent)]
        if asked and sum(other in sent for other in asked) >= TERMS.usual_share * len(asked):
            expected.append(sent)
    met = [sent for sent in expected if day in sent]
    usual = [
        sum(sent[other][0] for sent in own if other in sent)
        for other in weekdays
        if any(other in sent for sent in own)
    ]
    zeros = bool(received) and sum(sent[day][0] for sent in received) == 0
    doubted = zeros and bool(usual) and float(np.median(usual)) >= TERMS.zero_usual
    known = min(other for sent in own for other in sent) <= day - 7
    return (
        len(received),
        len(expected) if known else UNKNOWN,
        len(met),
        sum(sent[day][1] for sent in met),
        doubted,
    )


@settings(max_examples=150, deadline=None)
@given(sent())
def test_the_fast_way_tells_what_the_rule_says(
    given_: tuple[list[int], list[dict[int, tuple[int, bool]]]],
) -> None:
    group, rows = given_
    came = np.zeros((len(group), DAYS), dtype=np.bool_)
    prompt = np.zeros_like(came)
    total = np.zeros((GROUPS, DAYS), dtype=np.int64)
    for site, (of, days) in enumerate(zip(group, rows, strict=True)):
        for day, (count, in_time) in days.items():
            came[site, day], prompt[site, day] = True, in_time
            total[of, day] += count
    reports = Reports(np.array(group, dtype=np.int64), came, prompt, total)
    told = tell(reports, groups=GROUPS, days=WINDOW, terms=TERMS)
    for of in range(GROUPS):
        for number in range(WINDOW):
            fast = tuple(
                table[of, number].item()
                for table in (told.received, told.expected, told.met, told.prompt, told.doubted)
            )
            assert fast == plain(group, rows, of, DAYS - WINDOW + number), (of, number)
