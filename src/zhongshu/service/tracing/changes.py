"""Which cases a new trace could answer differently: only ever too many, never too few.

A trace of a case rests on its window, the rules, who is a case, who lives with whom, who is kept
apart since when, how far which device clocks are off, and on scans.  All but the scans are compared
by value or by digest.  Of scans, those that came, went or ran on since the last trace are
*touched*, and with them every scan of the same person that they overlap in time, in a chain: there
an estimated end, a merged stay or a second place can have become another.

A case is to be traced again when a touched scan

- belongs to him or to one of his contacts while he was infectious (at degree 2: or later),
- or shares place (or a place near it) and clock hour with a scan of his while infectious, or, at
  degree 2, of one of his close contacts: that covers meetings, crowds and venue notices.

Nothing here knows how tracing decides, so a new rule of tracing needs nothing here as long as who
meets shares place and hour.
"""

from __future__ import annotations

import base64
import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping

import numpy as np
import polars as pl
import pyarrow as pa

from zhongshu.engines.tracing import model, near
from zhongshu.kernel import tables
from zhongshu.kernel.segments import Array

NEW_CASE = "new_case"
RULES = "rules_changed"
WINDOW = "window_changed"
MERGED, SPLIT = "merged", "pseudonym_split"
HOUSEHOLD = "household_changed"
ISOLATED = "isolation_changed"
PLACES = "places_changed"
CLOCKS = "clock_corrected"
CORRECTED = "visits_corrected"
RETENTION = "retention"
LATE = "late_visits"
RELEASED = "contact_released"
TIME = "time_passed"
FURTHER = "read_further"
BY_HAND = "by_hand"
CLOSED = "case_closed"
REASONS = (
    NEW_CASE, RULES, WINDOW, MERGED, SPLIT, HOUSEHOLD, ISOLATED, PLACES, CLOCKS, CORRECTED, LATE,
    RETENTION, RELEASED, TIME, FURTHER, BY_HAND, CLOSED,
)  # fmt: skip
_RANK = {reason: rank for rank, reason in enumerate(REASONS)}
HOUR_S, DAY_S = 3600, 86_400
SCAN = {"person": pl.Int64, "place": pl.Int32, "t0": pl.Int64, "t_out": pl.Int64}
_KEY = ["person", "place", "t0", "t_out"]
_PARTS = 1024


def scans(visits: pa.Table) -> pl.DataFrame:
    """Columns of `SCAN` of `visits` (`model.VISITS`); t_out -1 for none; rows without person or
    place left out."""
    rows = tables.frame(visits.select(["person", "place", "time_in", "time_out"]))
    return rows.drop_nulls(["person", "place"]).select(
        "person",
        pl.col("place").cast(pl.Int32),
        pl.col("time_in").dt.epoch("s").alias("t0"),
        pl.col("time_out").dt.epoch("s").fill_null(-1).alias("t_out"),
    )


def mark(rows: pl.DataFrame) -> str:
    """Of a set of scans, whatever their order: their number, and a checksum for each 1/1024 of the
    persons, so that another set tells in whose scans it differs."""
    mixed = np.zeros(rows.height, np.uint64)
    for name in _KEY:
        mixed = _mixed(mixed ^ rows[name].cast(pl.Int64).to_numpy().view(np.uint64))
    sums = np.zeros(_PARTS, np.uint64)
    np.add.at(sums, _part(rows), mixed)
    return f"{rows.height}:" + base64.b64encode(sums.astype("<u8").tobytes()).decode()


def differing(then: str, rows: pl.DataFrame) -> tuple[pl.DataFrame, bool]:
    """Of `rows` those of persons for whom `then` (a `mark`) had others, and whether some that it
    had are gone."""
    now = mark(rows)
    if now == then:
        return rows.clear(), False
    (count, sums), (count_now, sums_now) = (_unpacked(one) for one in (then, now))
    return rows.filter(pl.Series((sums != sums_now)[_part(rows)])), count_now < count


def _unpacked(text: str) -> tuple[int, Array]:
    count, sums = text.split(":")
    return int(count), np.frombuffer(base64.b64decode(sums), "<u8")


def _part(rows: pl.DataFrame) -> Array:
    return (_mixed(rows["person"].to_numpy().view(np.uint64)) % np.uint64(_PARTS)).astype(np.int64)


def digest(owner: Array, *values: Array) -> dict[int, str]:
    """Of each owner's rows of values (int64), whatever their order; owners without rows are left
    out."""
    mixed = np.zeros(len(owner), np.uint64)
    for column in values:
        mixed = _mixed(mixed ^ np.ascontiguousarray(column, np.int64).view(np.uint64))
    each, at = np.unique(owner, return_inverse=True)
    sums = np.zeros(len(each), np.uint64)
    np.add.at(sums, at, mixed)
    return {int(one): f"{int(total):016x}" for one, total in zip(each, sums, strict=True)}


def _mixed(values: Array) -> Array:
    """splitmix64 (Steele et al. 2014, doi:10.1145/2660193.2660195)."""
    z = values + np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(z ^ (z >> np.uint64(31)))


@dataclasses.dataclass(frozen=True)
class Figures:
    """How long a scan can be felt, by place; places in `unread` are not looked at."""

    by_place: pl.DataFrame  # place, imputed_s, max_s
    imputed_s: int
    max_s: int
    unread: pl.Series
    longest_s: int

    @classmethod
    def of(cls, places: pa.Table, rules: model.TraceRules) -> Figures:
        known = tables.frame(places.select(["place", "kind"]))
        kinds = pl.DataFrame(
            {
                "kind": list(rules.kinds),
                "imputed_s": [round(rules.for_kind(k).imputed_stay_min * 60) for k in rules.kinds],
                "max_s": [round(rules.for_kind(k).max_stay_min * 60) for k in rules.kinds],
            },
            schema={"kind": pl.String, "imputed_s": pl.Int64, "max_s": pl.Int64},
        )
        none = rules.for_kind(None)
        return cls(
            known.join(kinds, on="kind").group_by("place").agg(pl.max("imputed_s", "max_s")),
            round(none.imputed_stay_min * 60),
            round(none.max_stay_min * 60),
            known.filter(pl.col("kind").is_in(list(rules.not_read)))["place"].cast(pl.Int32),
            rules.look_back_s(),
        )

    def felt(self, rows: pl.DataFrame) -> pl.DataFrame:
        """`rows` (SCAN) with t1, the last second at which each can be felt; read places only."""
        end = pl.when(pl.col("t_out") > pl.col("t0")).then("t_out")
        estimated = pl.col("t0") + pl.col("imputed_s").fill_null(self.imputed_s)
        longest = pl.col("t0") + pl.col("max_s").fill_null(self.max_s)
        return (
            rows.filter(~pl.col("place").is_in(self.unread.implode()))
            .join(self.by_place, on="place", how="left")
            .with_columns(t1=pl.min_horizontal(end.otherwise(estimated), longest))
            .drop("imputed_s", "max_s")
        )


def touched(then: pl.DataFrame, now: pl.DataFrame, *, after_s: int) -> pl.DataFrame:
    """Scans (with t1) of one day that came or went between `then` and `now`, or can be felt past
    `after_s`, the moment of the last trace; with `reason`."""
    known = then.select("person", "place", "t0").unique().with_columns(known=pl.lit(True))
    ran_on = now.filter(pl.col("t1") > after_s).join(then, on=_KEY, how="semi")
    came, went = now.join(then, on=_KEY, how="anti"), then.join(now, on=_KEY, how="anti")
    return (
        pl.concat([came, went, ran_on])
        .unique(_KEY)
        .join(known, on=["person", "place", "t0"], how="left")
        .with_columns(
            reason=pl.when(pl.col("known") & (pl.col("t1") <= after_s))
            .then(pl.lit(CORRECTED))
            .otherwise(pl.lit(LATE))
        )
        .drop("known")
    )


def chains(rows: pl.DataFrame) -> pl.DataFrame:
    """`rows` with `chain`: scans of one person that overlap or touch in time, wherever, share
    one."""
    ordered = rows.sort("person", "t0")
    reach = pl.col("t1").cum_max().shift(1).over("person")
    fresh = (reach.is_null() | (pl.col("t0") > reach)).cast(pl.Int64)
    return ordered.with_columns(chain=fresh.cum_sum())


def spread(moved: pl.DataFrame, of_persons: pl.DataFrame) -> pl.DataFrame:
    """The touched scans and all that hang together with them in time: person, place, t0, t1,
    reason.  of_persons: all scans (with t1) of the persons in `moved`, then and now."""
    rows = pl.concat([of_persons, moved.select(of_persons.columns)]).unique(_KEY)
    linked = chains(rows)
    why = (
        linked.join(moved.select(*_KEY, "reason"), on=_KEY)
        .sort(pl.col("reason").replace_strict(_RANK))
        .group_by("chain", maintain_order=True)
        .agg(pl.col("reason").first())
    )
    return linked.join(why, on="chain").select("person", "place", "t0", "t1", "reason")


@dataclasses.dataclass(frozen=True)
class Sides:
    """Who belongs to which case, seconds.

    sources: case_id, person, w0, w1: whose meetings make contacts, and when.
    concerned: the same of everybody whose scans show in the answer.
    """

    sources: pl.DataFrame
    concerned: pl.DataFrame


def sides(asked: pl.DataFrame, contacts: pl.DataFrame, *, degrees: int, now_s: int) -> Sides:
    """asked: case_id, person, w0, w1; contacts: case_id, person, degree."""
    window = asked.select("case_id", "w0", "w1")
    if degrees == 2:
        window = window.with_columns(w1=pl.lit(now_s, pl.Int64))
    told = contacts.select("case_id", "person", "degree").join(window, on="case_id")
    names = ["case_id", "person", "w0", "w1"]
    own = asked.select(names)
    close = told.filter(pl.col("degree") == 1).select(names)
    return Sides(
        sources=pl.concat([own, close]) if degrees == 2 else own,
        concerned=pl.concat([own, told.select(names)]),
    )


def reached(
    moved: pl.DataFrame, who: Sides, source_scans: pl.DataFrame, pairs: pl.DataFrame
) -> dict[int, str]:
    """case_id to reason of the cases that `moved` (from `spread`) can matter to.

    source_scans: all scans (with t1) of `who.sources`.  pairs: place, near (`near.PAIRS`).
    """
    own = moved.join(who.concerned, on="person").filter(
        (pl.col("t0") <= pl.col("w1")) & (pl.col("t1") >= pl.col("w0"))
    )
    there = _hours(moved.select("place", "t0", "t1", "reason"))
    met = _around(who.sources, source_scans, pairs).join(there, on=["place", "hour"])
    rows = pl.concat([own.select("case_id", "reason"), met.select("case_id", "reason")]).unique()
    return foremost(rows.iter_rows())


def _around(sources: pl.DataFrame, rows: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    """case_id, place, hour: near where, and when, sources were in chains that reach into their
    windows."""
    linked = chains(rows)
    spans = linked.group_by("person", "chain").agg(pl.min("t0").alias("a"), pl.max("t1").alias("b"))
    inside = (
        spans.join(sources, on="person")
        .filter((pl.col("a") <= pl.col("w1")) & (pl.col("b") >= pl.col("w0")))
        .select("case_id", "chain")
        .unique()
    )
    stays = linked.join(inside, on="chain").select("case_id", "place", "t0", "t1")
    beside = stays.join(pairs, on="place")
    beside = beside.select("case_id", pl.col("near").alias("place"), "t0", "t1")
    return _hours(pl.concat([stays, beside])).unique()


def _hours(rows: pl.DataFrame) -> pl.DataFrame:
    """A row for each clock hour that [t0, t1] touches, ends included."""
    first, last = pl.col("t0") // HOUR_S, pl.col("t1") // HOUR_S
    return rows.with_columns(hour=pl.int_ranges(first, last + 1)).explode("hour").drop("t0", "t1")


def near_pairs(places: pa.Table, rules: model.TraceRules) -> pl.DataFrame:
    """`near.PAIRS` as a frame."""
    return tables.frame(near.pairs(places.select(model.PLACES.names), rules))


def foremost(rows: Iterable[tuple[int, str]]) -> dict[int, str]:
    """Of several reasons for one case the first in the order of `REASONS`."""
    found: dict[int, str] = {}
    for case, reason in rows:
        if case not in found or _RANK[reason] < _RANK[found[case]]:
            found[case] = reason
    return found


def joined(*parts: Mapping[int, str]) -> dict[int, str]:
    return foremost(item for part in parts for item in part.items())


def day_of(moment_s: int) -> dt.date:
    """The Beijing day of a moment."""
    return dt.date(1970, 1, 1) + dt.timedelta(days=(moment_s + 8 * HOUR_S) // DAY_S)
