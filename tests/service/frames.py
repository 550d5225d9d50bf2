"""A run's frame over the registers alone, for testing one step of the cycle."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pyarrow as pa

from tests.service import builders as b
from zhongshu.kernel.divisions import DivisionTree
from zhongshu.kernel.time import beijing_day
from zhongshu.lake import schema
from zhongshu.lake.lake import Lake
from zhongshu.rules import reader
from zhongshu.service.periods.cycle.frame import Frame
from zhongshu.service.units.models import Unit


def frame(folder: Path, *, as_of: dt.datetime = b.NOW, pack: Any = None, run_id: int = 1) -> Frame:
    """The province of the builders as of a moment; the pack is that of the day."""
    rows = Unit.objects.values_list("code", "name", "level", "parent_id", "zone")
    return Frame(
        run_id=run_id,
        as_of=as_of,
        pack=pack or reader.applicable(disease="covid-19", on=beijing_day(as_of)),
        lake=Lake(folder / "lake"),
        tree=DivisionTree(list(rows)),
        scope_unit=b.PROVINCE,
        seed=1,
        inputs_hash="0" * 64,
    )


def place(lake: Lake, name: str, kind: str, village: str = b.VILLAGE) -> int:
    """A place of the lake; its key."""
    row = {"place_id": name, "name": name, "kind": kind, "village_code": village,
           "lon": 112.5, "lat": 37.8}  # fmt: skip
    lake.write_places(pa.Table.from_pylist([row]))
    keys, _ = lake.place_keys(pa.array([name]))
    return int(keys[0].as_py())


def absences(lake: Lake, *rows: dict[str, Any]) -> None:
    """School reports: site_id, date, count."""
    told = [
        {"stream": "school_absences", "county_code": b.COUNTY, "denominator": 500,
         "known_at": b.NOW - b.HOUR} | row
        for row in rows
    ]  # fmt: skip
    lake.write_counts(pa.Table.from_pylist(told, schema=schema.COUNTS))


def tests(lake: Lake, *rows: dict[str, Any]) -> None:
    """Samples: person (pseudonym), sample_no, sampled_at, result."""
    told = [
        {"received_at": row["sampled_at"], "reported_at": row["sampled_at"] + b.HOUR,
         "lab_id": "L", "method": "pool10", "result": "negative", "ct": None} | row
        for row in rows
    ]  # fmt: skip
    lake.write_tests(pa.Table.from_pylist(told, schema=schema.TESTS))
