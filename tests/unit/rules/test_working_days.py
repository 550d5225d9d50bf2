"""Clocks in minutes and in working days: local handling times of the hotline are working days."""

import dataclasses
import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhongshu.kernel.time import BEIJING
from zhongshu.rules import clocks, reader
from zhongshu.rules.model import Clock, Text

BASE = reader.load("cn-covid-9")
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def pack(days, *, holidays=(), extra=()):
    """A pack whose figure directive.sign_h is `days`, with these days off and worked."""
    whole = dict(BASE.figures())
    length = whole["directive.sign_h"]
    made = {
        "directive.sign_h": days,
        clocks.HOLIDAYS: tuple(holidays),
        clocks.EXTRA_WORKING_DAYS: tuple(extra),
    }
    whole |= {key: dataclasses.replace(length, key=key, value=value) for key, value in made.items()}
    return dataclasses.replace(BASE, _figures=whole)


def clock(unit):
    return Clock(
        id="reply", text=Text("答复", "Reply"), rule_id="DIR-T", of="ticket", when=None,
        anchor="rang_at", stop="closed_at", length="directive.sign_h", due=None, unit=unit,
        first_day=0, top_up=False, owner="unit", escalate=None, set_by="test",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("rang", "days", "due"),
    [
        ("2022-11-07", 1, "2022-11-09"),  # Monday: until the end of Tuesday
        ("2022-11-11", 1, "2022-11-15"),  # Friday: the weekend does not count
        ("2022-11-12", 1, "2022-11-15"),  # Saturday: Monday is the first working day
        ("2022-11-11", 3, "2022-11-17"),
        ("2022-11-10", 0, "2022-11-11"),  # at once: the same day
    ],
)
def test_working_days_leave_out_the_weekend(rang, days, due):
    anchor = dt.datetime.fromisoformat(f"{rang}T15:00+08:00")
    found = clocks.due(clock("working_day"), anchor, pack=pack(days))
    assert found == dt.datetime.fromisoformat(f"{due}T00:00+08:00")


def test_a_holiday_moves_the_end_and_a_worked_saturday_brings_it_back():
    anchor = dt.datetime(2022, 11, 11, 9, tzinfo=BEIJING)  # a Friday
    closed = pack(1, holidays=["2022-11-14"])
    worked = pack(1, holidays=["2022-11-14"], extra=["2022-11-12"])
    assert clocks.due(clock("working_day"), anchor, pack=closed).date() == dt.date(2022, 11, 16)
    assert clocks.due(clock("working_day"), anchor, pack=worked).date() == dt.date(2022, 11, 13)


def test_three_minutes_are_three_minutes():
    anchor = dt.datetime(2022, 11, 11, 23, 59, tzinfo=BEIJING)
    assert clocks.due(clock("minute"), anchor, pack=pack(3)) - anchor == dt.timedelta(minutes=3)


@given(
    minutes=st.lists(st.integers(0, 3_000_000), min_size=1, max_size=8),
    days=st.integers(0, 15),
    off=st.sets(st.dates(dt.date(2020, 1, 1), dt.date(2026, 1, 1)).map(str), max_size=5),
    unit=st.sampled_from(["minute", "working_day"]),
)
def test_a_column_of_anchors_is_due_like_each_of_them(minutes, days, off, unit):
    anchors = [dt.datetime(2020, 1, 1, tzinfo=dt.UTC) + dt.timedelta(minutes=m) for m in minutes]
    chosen = pack(days, holidays=sorted(off))
    column = np.array([(at - EPOCH) // dt.timedelta(microseconds=1) for at in anchors])
    found = clocks.due_many(clock(unit), column, pack=chosen)
    for at, us in zip(anchors, found, strict=True):
        expected = clocks.due(clock(unit), at, pack=chosen)
        assert EPOCH + dt.timedelta(microseconds=int(us)) == expected
