"""The table of colours says of every row what one person's facts say."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.packs_made import pack as made

from zhongshu.kernel.time import BEIJING
from zhongshu.rules import colour, reader

FIRST, LAST = (
    dt.datetime(*day, tzinfo=BEIJING).timestamp() for day in ((2022, 10, 20), (2022, 12, 12))
)
MOMENTS = st.integers(int(FIRST), int(LAST)).map(
    lambda seconds: dt.datetime.fromtimestamp(seconds, BEIJING)
)
FLAGS = st.sampled_from([True, False, None])
MOMENT = pa.timestamp("s", "UTC")
FACTS: dict[str, tuple[Any, pa.DataType]] = {
    "now": (MOMENTS, MOMENT),
    "is_case": (FLAGS, pa.bool_()),
    "case_release_at": (st.none() | MOMENTS, MOMENT),
    "contact_degree": (st.sampled_from([1, 2, None]), pa.int64()),
    "contact_release_at": (st.none() | MOMENTS, MOMENT),
    "isolating": (FLAGS, pa.bool_()),
    "isolated_until": (st.none() | MOMENTS, MOMENT),
    "zone_level": (st.sampled_from(["high", "medium", "low", None]), pa.string()),
    "zone_release_at": (st.none() | MOMENTS, MOMENT),
    "left_zone_level": (st.sampled_from(["high", "medium", None]), pa.string()),
    "left_zone_at": (st.none() | MOMENTS, MOMENT),
    "fever_c": (st.none() | st.sampled_from([36.5, 37.3, 38.9]), pa.float64()),
    "fever_at": (st.none() | MOMENTS, MOMENT),
    "tests_due": (st.none() | st.integers(0, 3), pa.int64()),
    "tests_done": (st.none() | st.integers(0, 3), pa.int64()),
    "tests_due_at": (st.none() | MOMENTS, MOMENT),
}
ROWS = st.fixed_dictionaries({name: values for name, (values, _) in FACTS.items()})
SCHEMA = pa.schema([(name, kind) for name, (_, kind) in FACTS.items()])
VERSIONS = ("made-up", "cn-covid-9", "cn-covid-9+20", "cn-covid-9+20+10")


@pytest.mark.parametrize("version", VERSIONS)
@settings(max_examples=60, deadline=None)
@given(rows=st.lists(ROWS, min_size=1, max_size=6))
def test_every_row_is_coloured_as_one_person_is(version: str, rows: list[dict[str, Any]]) -> None:
    pack = made() if version == "made-up" else reader.load(version)
    table = pa.Table.from_pylist(rows, schema=SCHEMA)
    alone = [colour.colour(pack, row) for row in rows]
    assert colour.colours(pack, table).to_pylist() == [
        {
            "colour": one.colour,
            "rule_id": one.rule_id,
            "verified": one.verified,
            "until": one.until and one.until.astimezone(dt.UTC),
        }
        for one in alone
    ]
