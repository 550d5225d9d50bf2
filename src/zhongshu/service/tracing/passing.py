"""Until when an answer stands if nothing but time passes.

Of close contacts time changes nothing: a case whose window still runs on is another question each
time.  Of contacts of second degree it changes three things:

1. Whoever lives with a close contact still at large has been with him until the moment asked for.
2. Evidence older than the look-back of second degree falls short, and then away.
3. When the days of a close contact have passed, who came by way of him is left out.

Somebody left out already can come back only when the evidence by way of the released one grows
weaker than that by way of another who is not, which is the second.  Somebody cut at the cap never
rises by time alone: evidence that time cuts only ever loses score.  Scans that run on, or begin,
after the moment of the trace are not looked at here: they count as touched (`changes.touched`).
"""

from __future__ import annotations

import datetime as dt

import polars as pl
import pyarrow as pa

from zhongshu.engines.tracing import model
from zhongshu.kernel import tables
from zhongshu.kernel.time import beijing_day
from zhongshu.lake.store import BEIJING_OFFSET_S, DAY_S

_KEYS = ["case_id", "person"]


def stands_to(
    result: model.TraceResult,
    found: pa.Table,
    *,
    rules: model.TraceRules,
    as_of: dt.datetime,
    apart: pa.ChunkedArray,
) -> dict[int, dt.datetime]:
    """case_id to the last moment as of which the answer is the same; a case whose answer never
    changes by time alone is left out.

    result: of a trace as of `as_of` under `rules`.  found: its contacts as they go to the register,
    with `release_on` (`standing.stand`).  apart: canonical pseudonyms of everybody
    isolated by then.  Too early a moment costs work, too late a one is wrong.
    """
    days = _days(found, today=beijing_day(as_of))
    links = _links(result, days)
    evidence = _evidence(result, days).join(links.select(*_KEYS, "over"), on=_KEYS)
    until_s = int(as_of.timestamp())
    at_large = ~pl.col("source_person").is_in(apart.to_pylist())
    still = evidence.filter(~pl.col("over") & (pl.col("t1") >= until_s) & at_large)
    parts = [
        _released(links),
        still.select("case_id", to=pl.lit(until_s, pl.Int64)),
        _aging(evidence, rules),
    ]
    first = pl.concat(parts).group_by("case_id").agg(pl.min("to"))
    return {case: dt.datetime.fromtimestamp(to, dt.UTC) for case, to in first.iter_rows()}


def _days(found: pa.Table, *, today: dt.date) -> pl.DataFrame:
    """case_id, source_person, release_on, over: of each close contact, his last day, and whether it
    has passed."""
    close = tables.frame(found.select([*_KEYS, "degree", "release_on"])).filter(
        pl.col("degree") == 1
    )
    over = (pl.col("release_on") < today).fill_null(value=False)
    return close.select("case_id", pl.col("person").alias("source_person"), "release_on", over=over)


def _links(result: model.TraceResult, days: pl.DataFrame) -> pl.DataFrame:
    """case_id, person, release_on, over: of each contact of second degree, the days of whom he came
    by way of."""
    second = tables.frame(result.contacts.select([*_KEYS, "degree", "via_person"]))
    named = second.filter(pl.col("degree") > 1).rename({"via_person": "source_person"})
    return named.join(days, on=["case_id", "source_person"])


def _evidence(result: model.TraceResult, days: pl.DataFrame) -> pl.DataFrame:
    """case_id, person, source_person, home, t0, t1 of each meeting of second degree, seconds; back:
    whether somebody whose days have not passed was among those he met."""
    ways = days.select("case_id", "source_person", back=~pl.col("over"))
    return (
        tables.frame(result.exposures)
        .filter(pl.col("degree") > 1)
        .select(
            *_KEYS,
            "source_person",
            (pl.col("setting") == model.HOUSEHOLD).alias("home"),
            pl.col("time_from").dt.epoch("s").alias("t0"),
            pl.col("time_to").dt.epoch("s").alias("t1"),
        )
        .join(ways, on=["case_id", "source_person"])
        .with_columns(pl.col("back").any().over(*_KEYS))
    )


def _released(links: pl.DataFrame) -> pl.DataFrame:
    """The last second of the last days that have not passed."""
    day = pl.col("release_on").cast(pl.Int64)
    ahead = links.filter(~pl.col("over") & pl.col("release_on").is_not_null())
    return ahead.select("case_id", to=(day + 1) * DAY_S - BEIJING_OFFSET_S - 1)


def _aging(evidence: pl.DataFrame, rules: model.TraceRules) -> pl.DataFrame:
    """When meetings that matter begin to fall short of the look-back.

    Living together weighs the same however little of it is looked back on, so for somebody left
    out it counts only once nothing is.
    """
    if rules.second_lookback_days is None:
        return pl.DataFrame(schema={"case_id": pl.Int64, "to": pl.Int64})
    look_back_s = round(rules.second_lookback_days * DAY_S)
    end = pl.when("over", "home").then(pl.col("t1") - 1).otherwise("t0")
    matter = evidence.filter(~pl.col("over") | pl.col("back"))
    return matter.select("case_id", to=end + look_back_s)
