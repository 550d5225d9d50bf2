"""From reported rows to the array the detectors take, and what was left out on the way and why."""

from __future__ import annotations

import dataclasses
import datetime as dt
import enum
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from zhongshu.engines.warning.model import SERIES
from zhongshu.engines.warning.tested import Floats
from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.tables import require

Key = tuple[str, str]  # unit, stream
EVERY = "*"  # in the key of a break: every unit, or every stream
_NAMED_STEPS = {1: "day", 7: "week"}


class Reason(enum.StrEnum):
    """Why a row was left out."""

    FUTURE = "future"  # after the last period
    TOO_OLD = "too_old"  # before the first
    BEFORE_BREAK = "before_break"  # the user marked a break after it
    NEGATIVE = "negative"  # a correction; it does not say which report it corrects
    REPEATED = "repeated"  # the same count of the same period was given before


DROPPED = pa.schema([*SERIES, ("reason", pa.string())])


@dataclasses.dataclass(frozen=True, slots=True)
class Calendar:
    """last: the day the last period ends.  periods: how many are wanted.  step_days: 1 for daily
    reports, 7 for weekly ones, whose date may be any day of the week that ends with that of
    `last`."""

    last: dt.date
    periods: int
    step_days: int = 1

    def __post_init__(self) -> None:
        if self.periods < 1 or self.step_days < 1:
            raise BadInput("warning.calendar", "A calendar needs at least one period and one day.")

    @property
    def step(self) -> str:
        return _NAMED_STEPS.get(self.step_days, f"period of {self.step_days} days")

    def ends(self) -> list[dt.date]:
        """The last day of each period, oldest first."""
        back = range(self.periods - 1, -1, -1)
        return [self.last - dt.timedelta(days=n * self.step_days) for n in back]


@dataclasses.dataclass(frozen=True, slots=True)
class Grid:
    """counts: [keys, periods], nan where nothing was reported: a gap is never a zero.
    lengths: of each key, periods from its first report to the last period: what
        `methods.advise` asks.
    missing: of these, how many have no report.  silent: all reported counts are zero; such a
        series is kept, and charts that need a mean above zero do not test it.
    dropped: DROPPED, rows left out.
    """

    keys: list[Key]
    calendar: Calendar
    counts: Floats
    lengths: npt.NDArray[np.int64]
    missing: npt.NDArray[np.int64]
    silent: npt.NDArray[np.bool_]
    dropped: pa.Table


def grid(
    rows: pa.Table, calendar: Calendar, *, breaks: Mapping[Key, dt.date] | None = None
) -> Grid:
    """The counts of `rows` (model.SERIES; a null count is no report) over the calendar.

    breaks: the first day of the new regime (another case definition, a clinic opened) by unit and
        stream, either of which may be EVERY; only reports from the latest that applies are used.
    Refuses: a missing column; a row without unit, stream or date; a count that is no whole number;
    two different counts for one period; a break of a series that is not there; no report left.
    """
    table = _read(rows)
    table = _judged(table, calendar, _break_of(table, breaks or {}))
    table = _once(table, calendar)
    kept = table.filter(pl.col("reason").is_null())
    _check_left(table, kept, calendar)
    named = table.select("unit", "stream").unique().sort("unit", "stream").with_row_index("key")
    keys = list(zip(named["unit"].to_list(), named["stream"].to_list(), strict=True))
    counts = np.full((len(keys), calendar.periods), np.nan)
    placed = kept.join(named, on=["unit", "stream"])
    counts[placed["key"].to_numpy(), calendar.periods - 1 - placed["ago"].to_numpy()] = placed[
        "count"
    ].to_numpy()
    seen = ~np.isnan(counts)
    lengths = np.where(seen.any(axis=1), calendar.periods - seen.argmax(axis=1), 0)
    dropped = table.filter(pl.col("reason").is_not_null() & (pl.col("reason") != ""))
    return Grid(
        keys=keys,
        calendar=calendar,
        counts=counts,
        lengths=lengths,
        missing=lengths - seen.sum(axis=1),
        silent=seen.any(axis=1) & (np.nan_to_num(counts) == 0).all(axis=1),
        dropped=dropped.select(DROPPED.names).to_arrow().cast(DROPPED),
    )


def _read(rows: pa.Table) -> pl.DataFrame:
    """The columns, with a row number for sentences; refuses what cannot be a report."""
    require(rows, "series", SERIES.names)
    table = pl.DataFrame(pl.from_arrow(rows.select(SERIES.names))).with_row_index("row", offset=1)
    for name in ("unit", "stream", "date"):
        empty = table.filter(pl.col(name).is_null())
        if len(empty):
            raise BadInput(
                "warning.row_empty", f"Row {empty['row'][0]} of the series has no {name}; give one."
            )
    if not table["count"].dtype.is_numeric() or table["date"].dtype != pl.Date:
        raise BadInput("warning.row_type", "The series need dates and counts that are numbers.")
    table = table.with_columns(pl.col("count").cast(pl.Float64))
    odd = table.filter((pl.col("count") != pl.col("count").round()) | pl.col("count").is_nan())
    if len(odd):
        one = odd.row(0, named=True)
        raise BadInput(
            "warning.not_whole",
            f"Row {one['row']} of the series ({_where(one)}) counts {one['count']}; "
            "give whole numbers, and leave the count empty where there was no report.",
        )
    return table


def _where(one: Mapping[str, object]) -> str:
    return f"unit {one['unit']}, stream {one['stream']}, {one['date']}"


def _break_of(table: pl.DataFrame, breaks: Mapping[Key, dt.date]) -> pl.Series:
    """Of each row the latest break that applies, null without one."""
    latest = pl.Series("break", [None] * len(table), dtype=pl.Date)
    for (unit, stream), day in breaks.items():
        hit = pl.Series(np.ones(len(table), np.bool_))
        if unit != EVERY:
            hit &= table["unit"] == unit
        if stream != EVERY:
            hit &= table["stream"] == stream
        if not hit.any():
            raise BadInput(
                "warning.break_unknown",
                f"A break is marked for unit {unit}, stream {stream}, which the series do not "
                "have; correct or remove it.",
            )
        later = hit & (latest.is_null() | (latest < day).fill_null(value=False))
        latest = pl.select(pl.when(later).then(pl.lit(day)).otherwise(latest)).to_series()
    return latest.alias("break")


def _judged(table: pl.DataFrame, calendar: Calendar, breaks: pl.Series) -> pl.DataFrame:
    """With `ago` (periods before the last) and `reason`: null for a row that counts, "" for one
    without a count, which needs no reason."""
    days = (pl.lit(calendar.last) - pl.col("date")).dt.total_days()
    return table.with_columns(breaks, ago=days // calendar.step_days).with_columns(
        reason=pl.when(days < 0)
        .then(pl.lit(Reason.FUTURE.value))
        .when(pl.col("ago") >= calendar.periods)
        .then(pl.lit(Reason.TOO_OLD.value))
        .when(pl.col("date") < pl.col("break"))
        .then(pl.lit(Reason.BEFORE_BREAK.value))
        .when(pl.col("count") < 0)
        .then(pl.lit(Reason.NEGATIVE.value))
        .when(pl.col("count").is_null())
        .then(pl.lit(""))
    )


def _once(table: pl.DataFrame, calendar: Calendar) -> pl.DataFrame:
    """Each period once: the same count again is left out, another one is refused."""
    period = ["unit", "stream", "ago"]
    kept = table.filter(pl.col("reason").is_null())
    counts = pl.col("count")
    torn = kept.filter(counts.n_unique().over(period) > 1).sort(*period, "row")
    if len(torn):
        one = torn.row(0, named=True)
        same = torn.filter(pl.all_horizontal(pl.col(name) == one[name] for name in period))
        end = calendar.last - dt.timedelta(days=one["ago"] * calendar.step_days)
        told = " and ".join(f"{count:.0f}" for count in same["count"].unique(maintain_order=True))
        hint = "; are these daily reports?" if len(same) > 2 and calendar.step_days > 1 else "."
        raise BadInput(
            "warning.twice",
            f"Unit {one['unit']}, stream {one['stream']} has different counts ({told}) for the "
            f"{calendar.step} to {end} (rows {', '.join(map(str, same['row']))}); keep one{hint}",
        )
    again = kept.filter(pl.col("row") != pl.col("row").min().over(period))["row"].to_list()
    repeated = pl.when(pl.col("row").is_in(again)).then(pl.lit(Reason.REPEATED.value))
    return table.with_columns(reason=repeated.otherwise(pl.col("reason")))


def _check_left(table: pl.DataFrame, kept: pl.DataFrame, calendar: Calendar) -> None:
    if len(kept):
        return
    reasons = table.filter(pl.col("reason") != "")["reason"].value_counts().sort("reason")
    why = ", ".join(f"{count} {reason.replace('_', ' ')}" for reason, count in reasons.iter_rows())
    raise BadInput(
        "warning.nothing_left",
        f"No report is left in the {calendar.periods} {calendar.step}s to {calendar.last}"
        + (f": {why}." if why else ": no row has a count."),
    )
