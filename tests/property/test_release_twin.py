"""The table of releases says of every row what one person's facts say."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.packs_made import pack as made

from zhongshu.kernel.time import BEIJING
from zhongshu.rules import isolation, reader, schedules
from zhongshu.rules.model import Pack

DAYS = st.dates(dt.date(2022, 2, 20), dt.date(2024, 3, 5))  # leap day, turn of the year
FIRST, LAST = (
    dt.datetime(*day, tzinfo=BEIJING).timestamp() for day in ((2022, 2, 20), (2024, 3, 5))
)
MOMENTS = st.integers(int(FIRST), int(LAST)).map(
    lambda seconds: dt.datetime.fromtimestamp(seconds, BEIJING)
)
ROWS = st.fixed_dictionaries(
    {
        "degree": st.sampled_from([1, 2, 3, 4, None]),
        "last_exposure": st.none() | MOMENTS,
        "state": st.sampled_from(["isolating", "positive", None]),
        "home_fit": st.sampled_from([True, False, None]),
        "is_case": st.sampled_from([True, False, None]),
        "begins": st.none() | DAYS,
        "days_served": st.none() | st.integers(0, 12),
    }
)
SCHEMA = pa.schema(
    [
        ("degree", pa.int64()),
        ("last_exposure", pa.timestamp("s", "UTC")),
        ("state", pa.string()),
        ("home_fit", pa.bool_()),
        ("is_case", pa.bool_()),
        ("begins", pa.date32()),
        ("days_served", pa.int64()),
    ]
)
PACKS = {
    "made-up": made,
    "9": lambda: reader.load("cn-covid-9"),
    "20": lambda: reader.load("cn-covid-9+20"),
    "10": lambda: reader.load("cn-covid-9+20+10"),
}


def slowly(pack: Pack, facts: dict[str, Any], on: dt.date) -> dict[str, Any]:
    """One row of the table, by the facts alone."""
    found = isolation.release(pack, "contact", facts, on=on)
    if found is None:
        return dict.fromkeys(isolation.RELEASES.names)
    plan = found.plan
    return {
        "schedule": plan.schedule_id,
        "rule_id": plan.rule_id,
        "verified": plan.verified,
        "day_one": plan.day_one,
        "central_until": plan.central_until,
        "ends_on": plan.ends_on,
        "released": found.released,
    }


@pytest.mark.parametrize("name", PACKS)
@settings(max_examples=60, deadline=None)
@given(rows=st.lists(ROWS, min_size=1, max_size=6), on=DAYS)
def test_every_row_is_judged_as_one_person_is(
    name: str, rows: list[dict[str, Any]], on: dt.date
) -> None:
    pack = PACKS[name]()
    table = pa.Table.from_pylist(rows, schema=SCHEMA)
    together = isolation.releases(pack, table, on=on).to_pylist()
    assert together == [slowly(pack, row, on) for row in rows]


@settings(max_examples=150, deadline=None)
@given(
    anchor=DAYS,
    gap=st.integers(0, 9),
    periods=st.lists(st.tuples(st.integers(-5, 12), st.integers(0, 6)), max_size=4),
    first_day=st.sampled_from(["first", "second"]),
)
def test_no_day_is_served_twice_and_none_is_lost(
    anchor: dt.date, gap: int, periods: list[tuple[int, int]], first_day: str
) -> None:
    """Days served elsewhere after day 1 and days still to serve make up the whole, once each."""
    pack = made()
    day = dt.timedelta(days=1)
    begins = anchor + gap * day
    served = [(anchor + a * day, anchor + (a + n) * day) for a, n in periods]
    plan = isolation.plan(pack, first_day, anchor=anchor, begins=begins, served=served)
    whole = isolation.plan(pack, first_day, anchor=anchor)
    start = max(begins, whole.day_one)
    elsewhere = {
        first + n * day
        for first, last in served
        for n in range((last - first).days + 1)
        if whole.day_one <= first + n * day < start
    }
    here = {
        stay.first + n * day
        for stay in plan.stays
        for n in range((stay.last - stay.first).days + 1)
    }
    total = sum(schedules.lengths(pack, pack.schedules[first_day]))
    assert len(elsewhere) >= plan.served
    assert len(here) == total - plan.served == max(0, total - len(elsewhere))
    assert not here or min(here) == start
    assert not here or max(here) == plan.ends_on
    assert all(start <= test.on <= plan.ends_on for test in plan.tests)
