"""Due times by the column are due times one by one; the database's ladder is the rules' ladder."""

import dataclasses
import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhongshu.kernel.time import BEIJING, DAY, beijing_day
from zhongshu.rules import clocks, reader

PACK, COMMAND = reader.load("cn-covid-9"), reader.load("chain-of-command")
CLOCK = PACK.clocks["case-report"]
BETWEEN = (dt.datetime(1995, 1, 1), dt.datetime(2100, 1, 1))  # noqa: DTZ001 - bounds of the zone
MOMENTS = st.datetimes(*BETWEEN, timezones=st.just(dt.UTC))
DAY_UNITS = ("calendar_day", "day_number")
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


class Lab:
    """A pack that knows one length and no days off."""

    def __init__(self, size):
        self.size = size

    def number(self, key):
        return self.size

    def get(self, key):
        return None


def lab(unit, first_day, top_up=False):
    return dataclasses.replace(
        CLOCK, unit=unit, first_day=first_day, top_up=top_up, length="any", escalate="standard"
    )


@given(
    anchors=st.lists(MOMENTS, min_size=1, max_size=20),
    unit=st.sampled_from(["minute", "hour", "calendar_day", "working_day", "day_number"]),
    first_day=st.sampled_from([0, 1]),
    size=st.integers(0, 60),
)
def test_a_column_of_clocks_is_due_when_each_of_them_is(anchors, unit, first_day, size):
    clock, pack = lab(unit, first_day), Lab(size)
    micros = np.array([(a - EPOCH) // dt.timedelta(microseconds=1) for a in anchors])
    many = clocks.due_many(clock, micros, pack=pack)
    one_by_one = [clocks.due(clock, anchor, pack=pack) for anchor in anchors]
    assert [EPOCH + dt.timedelta(microseconds=int(m)) for m in many] == one_by_one


@given(
    anchor=MOMENTS,
    unit=st.sampled_from(DAY_UNITS),
    first_day=st.sampled_from([0, 1]),
    days=st.integers(1, 60),
)
def test_days_end_at_midnight_and_bear_their_number(anchor, unit, first_day, days):
    due = clocks.due(lab(unit, first_day), anchor, pack=Lab(days)).astimezone(BEIJING)
    assert due.time() == dt.time()
    last = beijing_day(due - dt.timedelta(microseconds=1))
    started = 0 if unit == "calendar_day" else first_day
    assert (last - beijing_day(anchor)).days + started == days


PERIOD = st.tuples(st.integers(-40, 10), st.integers(0, 12))


@given(anchor=MOMENTS, periods=st.lists(PERIOD, max_size=4), days=st.integers(0, 21))
def test_each_day_served_before_is_taken_off_exactly_once(anchor, periods, days):
    today = beijing_day(anchor)
    served = [
        {"from": today + first * DAY, "to": today + (first + length) * DAY}
        for first, length in periods
    ]
    clock = lab("day_number", 1, top_up=True)
    due = clocks.due(clock, anchor, pack=Lab(days), facts={"served": served})
    whole = clocks.due(clock, anchor, pack=Lab(days))
    apart = {
        today + n * DAY
        for first, length in periods
        for n in range(first, first + length + 1)
        if n < 0
    }
    assert due == max(anchor, whole - len(apart) * DAY) or due == whole == anchor
    assert due >= anchor


@given(anchor=MOMENTS, minutes=st.integers(1, 100_000), done=st.integers(0, 4))
def test_the_next_step_is_the_first_not_taken_and_never_before_the_last_one(anchor, minutes, done):
    rungs = clocks.ladder(lab("hour", 0), pack=PACK, command=COMMAND)
    due = anchor + dt.timedelta(minutes=minutes)
    past = [rung.step for rung in rungs[:done]]
    found = clocks.next_step(rungs, anchor=anchor, due=due, done=past)
    if done == len(rungs):
        assert found is None
    else:
        assert found is not None
        assert found[0] == rungs[done].step
        before = [clocks.step_at(rung, anchor=anchor, due=due) for rung in rungs[:done]]
        assert all(at <= found[1] for at in before)


@given(
    anchor=MOMENTS, minutes=st.integers(1, 5000), shift=st.integers(-5000, 5000), at=st.floats(0, 3)
)
def test_what_stays_done_after_a_correction_never_grows(anchor, minutes, shift, at):
    rungs = clocks.ladder(lab("hour", 0), pack=PACK, command=COMMAND)
    due = anchor + dt.timedelta(minutes=minutes)
    now = anchor + (due - anchor) * at
    done = [r.step for r in rungs if clocks.step_at(r, anchor=anchor, due=due) <= now]
    moved = due + dt.timedelta(minutes=shift)
    kept = clocks.still_done(rungs, anchor=anchor, due=moved, now=now, done=done)
    assert set(kept) <= set(done)
    assert clocks.still_done(rungs, anchor=anchor, due=moved, now=now, done=kept) == kept
    if shift <= 0:
        assert list(kept) == done, "an earlier due time takes nothing back"


@pytest.mark.django_db
@given(anchor=MOMENTS, seconds=st.integers(-10, 3_000_000), micros=st.integers(0, 999_999))
def test_the_database_takes_the_steps_when_the_rules_say(anchor, seconds, micros):
    from django.db import connection  # noqa: PLC0415 - the only test here that needs it

    from zhongshu.service.clocks import sql  # noqa: PLC0415

    due = anchor + dt.timedelta(seconds=seconds, microseconds=micros)
    rungs = clocks.ladder(lab("hour", 0), pack=PACK, command=COMMAND)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {sql.step_at('g', 'c')} FROM unnest(%s::float[]) AS g (pct),"
            " (SELECT %s::timestamptz AS anchor_at, %s::timestamptz AS due_at) AS c",
            [[rung.pct for rung in rungs], anchor, due],
        )
        told = [row[0] for row in cursor.fetchall()]
    for rung, at in zip(rungs, told, strict=True):
        said = clocks.step_at(rung, anchor=anchor, due=due)
        assert abs(said - at) <= dt.timedelta(microseconds=1), "both round to the microsecond"
