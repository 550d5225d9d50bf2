"""Codes: the colour of everybody whom a decision or a diagnosis concerns, by the pack's rules.

Cases, contacts somebody has confirmed, members of positive tubes and people who live in an area in
force are asked about; a machine's proposal alone colours nobody.  Who meets no rule any more is
green again by itself.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from typing import Any

import polars as pl
import pyarrow as pa

from zhongshu.kernel import tables
from zhongshu.kernel.time import DAY, start_of_day
from zhongshu.rules import colour, judgement, zones
from zhongshu.rules.model import Pack, Rule
from zhongshu.service.cases import facade as cases
from zhongshu.service.codes import facade as codes
from zhongshu.service.people import facade as people
from zhongshu.service.periods.cycle.frame import Frame, Outcome
from zhongshu.service.periods.cycle.watch import standing
from zhongshu.service.rounds import facade as rounds

ILL = ("reported", "confirmed", "admitted")
_MOMENT = pl.Datetime("us", "UTC")
_INSIDE = pl.Schema(
    [("unit", pl.String()), ("zone_level", pl.String()), ("zone_release_at", _MOMENT)]
)
_TABLE = pa.schema(
    [
        ("person", pa.int64()),
        ("colour", pa.string()),
        ("rule_id", pa.string()),
        ("verified", pa.bool_()),
        ("until", pa.timestamp("s", "UTC")),
        ("judgement", pa.string()),
    ]
)


def run(frame: Frame) -> Outcome:
    """Judge everybody concerned and write the colours that are not green."""
    asked = persons(frame)
    found = coloured(frame, asked)
    changed = codes.take(
        table=found, pack_version=frame.pack.version, run_id=frame.run_id, as_of=frame.as_of
    )
    summary: dict[str, Any] = {
        "persons": asked.height,
        "colours": dict(sorted(Counter(found["colour"].to_pylist()).items())),
        "rules": dict(sorted(Counter(found["rule_id"].to_pylist()).items())),
        **changed,
    }
    if not colour.giving(frame.pack):
        summary["not_in_edition"] = 1
    return Outcome(summary)


def coloured(frame: Frame, asked: pl.DataFrame) -> pa.Table:
    """person, colour, rule_id, verified, until, judgement of those who are not green."""
    table = asked.to_arrow()
    judged = tables.frame(colour.colours(frame.pack, table))
    both = asked.hstack(judged).filter(pl.col("colour") != colour.GREEN)
    rules = {rule.rule_id: rule for rule in colour.giving(frame.pack)}
    stored = [_stored(frame.pack, rules[row["rule_id"]], row) for row in both.to_dicts()]
    rows = both.select("person", "colour", "rule_id", "verified", "until").with_columns(
        pl.Series("judgement", stored, pl.String)
    )
    return rows.to_arrow().cast(_TABLE)


def _stored(pack: Pack, rule: Rule, row: dict[str, Any]) -> str:
    """The judgement as it is kept; its trace comes back from the facts."""
    return json.dumps(judgement.holding(pack, rule, row).stored(), ensure_ascii=False)


def persons(frame: Frame) -> pl.DataFrame:
    """One row a person, sorted: `person` and the facts of the subject ``person``."""
    parts = [_cases(frame), _contacts(frame), _residents(frame), _in_positive_tubes(frame)]
    every = pl.concat([part.select("person") for part in parts]).unique().sort("person")
    for part in parts:
        every = every.join(part, on="person", how="left")
    return every.with_columns(
        pl.col("is_case").fill_null(value=False),
        pl.lit(frame.as_of.astimezone(dt.UTC)).cast(_MOMENT).alias("now"),
    )


def _cases(frame: Frame) -> pl.DataFrame:
    known = tables.frame(cases.open_cases(frame.as_of))
    ill = known.filter(pl.col("state").is_in(ILL))
    return ill.select("person").unique().with_columns(pl.lit(value=True).alias("is_case"))


def _contacts(frame: Frame) -> pl.DataFrame:
    """The closest degree whose days still run, and when they end.  Whom this edition does not
    isolate is not coloured for being isolated: that is a finding, not a reason."""
    known = standing.known_contacts(frame)
    decided = known.filter(pl.col("state").is_in(standing.DECIDED) & ~pl.col("is_case"))
    running = decided.filter(pl.col("ends_on") >= frame.today)
    closest = (
        running.with_columns(pl.col("degree").min().over("person").alias("closest"))
        .filter(pl.col("degree") == pl.col("closest"))
        .group_by("person")
        .agg(
            pl.col("degree").first().cast(pl.Int64).alias("contact_degree"),
            pl.col("last_exposure").max().cast(_MOMENT),
            _end("ends_on").alias("contact_release_at"),
        )
    )
    apart = (
        decided.filter((pl.col("state") == "isolating") & pl.col("ends_on").is_not_null())
        .group_by("person")
        .agg(
            pl.lit(value=True).alias("isolating"),
            _end("ends_on").alias("isolated_until"),
        )
    )
    return closest.join(apart, on="person", how="full", coalesce=True)


def _end(name: str) -> pl.Expr:
    """The end of the latest Beijing day of a column, as a moment."""
    return (
        (pl.col(name).max() + DAY)
        .cast(pl.Datetime("us"))
        .dt.replace_time_zone("Asia/Shanghai")
        .dt.convert_time_zone("UTC")
    )


def _in_positive_tubes(frame: Frame) -> pl.DataFrame:
    """Who gave a swab to a positive tube and has no result of his own yet."""
    waiting = rounds.unresolved(frame.tree.get(frame.scope_unit).path, frame.as_of)
    rows = {one.person: one.tube.reported_at for one in reversed(waiting)}
    return pl.DataFrame(
        {
            "person": pl.Series(list(rows), dtype=pl.Int64),
            "tube_positive_pending": pl.Series([True] * len(rows), dtype=pl.Boolean),
            "tube_positive_at": pl.Series(list(rows.values()), dtype=_MOMENT),
        }
    )


def _residents(frame: Frame) -> pl.DataFrame:
    """People who live in an area in force, with its level and when it is expected to end."""
    order = zones.levels(frame.pack)
    inside: dict[str, tuple[int, dict[str, Any]]] = {}
    for area in standing.areas(frame):
        if area.level not in order:
            continue
        rank = order.index(area.level)
        ends = start_of_day(area.expected_on + DAY) if area.expected_on else None
        for code in _units(frame, area.unit):
            if code not in inside or rank < inside[code][0]:
                inside[code] = (
                    rank, {"unit": code, "zone_level": area.level, "zone_release_at": ends}
                )  # fmt: skip
    units = pl.DataFrame([row for _, row in inside.values()], schema=_INSIDE)
    homes = tables.frame(people.households())
    return homes.select("person", "unit").join(units, on="unit").drop("unit")


def _units(frame: Frame, code: str) -> list[str]:
    """The unit and all below it."""
    below = [unit.code for unit in frame.tree.children(code)]
    return [code, *(one for child in below for one in _units(frame, child))]
