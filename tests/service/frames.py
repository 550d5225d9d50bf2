"""A run's frame over the registers alone, for testing one step of the cycle."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pyarrow as pa
from django.conf import settings

from tests.service import builders as b
from zhongshu.kernel.divisions import DivisionTree
from zhongshu.kernel.time import beijing_day, start_of_day
from zhongshu.lake import schema
from zhongshu.lake.lake import Lake
from zhongshu.rules import reader
from zhongshu.service.periods.cycle.frame import Frame
from zhongshu.service.units.models import Unit

TODAY = beijing_day(b.NOW)
EVENING = b.HOUR * 18
Keep = Callable[[str, dt.date], bool]


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


def always(_site: str, _day: dt.date) -> bool:
    return True


def daily(
    *,
    stream: str = "fever_clinic",
    county: str = b.COUNTY,
    sites: Iterable[str] = ("A", "B", "C", "D", "E"),
    keep: Keep = always,
    count: Callable[[dt.date], int] = lambda _: 5,
    after: dt.timedelta = EVENING,
    first: dt.date = TODAY - b.DAY * 35,
    last: dt.date = TODAY,
) -> None:
    """Reports to this installation's lake: every site, every day kept, each `after` the day's
    beginning."""
    days = [first + b.DAY * n for n in range((last - first).days + 1)]
    rows = [
        {"stream": stream, "site_id": f"{county}{site}", "county_code": county, "date": day,
         "count": count(day), "denominator": None, "known_at": start_of_day(day) + after}
        for site in sites for day in days if keep(site, day)
    ]  # fmt: skip
    Lake(settings.ZHONGSHU_LAKE).write_counts(pa.Table.from_pylist(rows, schema=schema.COUNTS))


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
