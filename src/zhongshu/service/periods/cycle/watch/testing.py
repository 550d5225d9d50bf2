"""Tests taken: nobody oftener than allowed, no region where that is forbidden."""

from __future__ import annotations

from typing import Any

import polars as pl
import pyarrow as pa

from zhongshu.kernel import tables
from zhongshu.kernel.divisions import Level
from zhongshu.kernel.time import DAY
from zhongshu.rules import judge
from zhongshu.service.findings.facade import Found
from zhongshu.service.people import facade as people
from zhongshu.service.periods.cycle.frame import Frame
from zhongshu.service.periods.cycle.watch.finding import Kind, by_rule, found_as
from zhongshu.service.periods.cycle.words import say

# Today's results come in until tomorrow: both days are looked at.
_DAYS = 2
# A round counts as region-wide by the share of a township's residents sampled on one day.
_REGION_SHARE = "test.region_wide_share_pct"


def tests(frame: Frame) -> list[Found]:
    """People sampled more often on a day than allowed, and rounds of a region where forbidden."""
    most = frame.pack.get("test.max_per_day")
    first = frame.today - (_DAYS - 1) * DAY
    taken = tables.frame(frame.lake.tests(first, frame.today, known_at=frame.as_of))
    tests = taken.select(
        "person",
        "result",
        pl.col("sampled_at").dt.convert_time_zone("Asia/Shanghai").dt.date().alias("day"),
    )
    if tests.height == 0:
        return []
    found = [] if most is None else _doubled(frame, tests, int(frame.pack.number(most.key)))
    return found + _regions(frame, tests)


def _doubled(frame: Frame, tests: pl.DataFrame, most: int) -> list[Found]:
    """One finding a county and day.  Whoever had a positive or invalid result that day was
    collected again for it (T-13): that is no second round."""
    again = pl.col("result").is_in(["positive", "invalid"]).any()
    over = (
        tests.group_by("person", "day")
        .agg(pl.len().alias("tests"), again.alias("again"))
        .filter((pl.col("tests") > most) & ~pl.col("again"))
        .sort("day", "person")
    )
    if over.height == 0:
        return []
    lives = people.traits(pa.chunked_array([over["person"].to_arrow()]), fallback=frame.scope_unit)
    counties = [frame.county(unit) or frame.scope_unit for unit in lives["unit"].to_pylist()]
    rows = over.with_columns(pl.Series("county", counties, pl.String))
    grouped = rows.group_by("county", "day").agg(
        pl.len().alias("persons"), pl.col("tests").max().alias("most")
    )
    return [_double(frame, row) for row in grouped.sort("day", "county").iter_rows(named=True)]


def _double(frame: Frame, row: dict[str, Any]) -> Found:
    key = "test.max_per_day"
    facts = {"tests_today": row["most"], "persons": row["persons"], "day": row["day"]}
    rule_id = frame.pack.figure(key).rule_id
    judged = by_rule(frame.pack, rule_id, facts) or judge.of_figure(frame.pack, key, facts=facts)
    return found_as(
        frame,
        Kind.TEST_OVER_MAXIMUM,
        ("unit_day", f"{row['county']}:{row['day'].isoformat()}"),
        judged,
        label=say("finding.label.day", unit=frame.name(row["county"]), day=row["day"].isoformat()),
        text=say(
            "finding.tested_twice",
            limit=frame.pack.value(key),
            persons=row["persons"],
            most=row["most"],
        ),
        unit=row["county"],
        since=row["day"],
        facts=facts,
    )


def _regions(frame: Frame, tests: pl.DataFrame) -> list[Found]:
    """Townships most of whose residents were sampled on a day, where the edition forbids it."""
    allowed, share = frame.pack.get("test.region_wide_allowed"), frame.pack.get(_REGION_SHARE)
    if allowed is None or allowed.value or share is None:
        return []
    homes = tables.frame(people.households())
    lived = homes["unit"].unique().to_list()
    towns = pl.DataFrame(
        [{"unit": code, "town": _town(frame, code)} for code in lived],
        schema={"unit": pl.String, "town": pl.String},
    )
    lives = homes.select("person", "unit").join(towns, on="unit").drop_nulls("town")
    residents = lives.group_by("town").agg(pl.len().alias("residents"))
    sampled = (
        tests.select("person", "day")
        .unique()
        .join(lives, on="person")
        .group_by("town", "day")
        .agg(pl.len().alias("sampled"))
        .join(residents, on="town")
        .filter(100 * pl.col("sampled") >= frame.pack.number(share.key) * pl.col("residents"))
    )
    return [_region(frame, row) for row in sampled.sort("day", "town").iter_rows(named=True)]


def _town(frame: Frame, code: str) -> str | None:
    above = frame.tree.ancestor(code, Level.TOWNSHIP) if code in frame.tree else None
    return above.code if above is not None else None


def _region(frame: Frame, row: dict[str, Any]) -> Found:
    facts = {"sampled": row["sampled"], "residents": row["residents"], "day": row["day"]}
    judged = judge.of_figure(frame.pack, "test.region_wide_allowed", facts=facts)
    return found_as(
        frame,
        Kind.TEST_OVER_MAXIMUM,
        ("unit_day", f"{row['town']}:{row['day'].isoformat()}"),
        judged,
        label=say("finding.label.day", unit=frame.name(row["town"]), day=row["day"].isoformat()),
        text=say("finding.region_tested", sampled=row["sampled"], residents=row["residents"]),
        unit=row["town"],
        since=row["day"],
        facts=facts,
    )
