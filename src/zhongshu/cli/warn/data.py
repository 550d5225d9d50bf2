"""The counts a warning command looks at: a file's, or the headquarters' own as known then."""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from zhongshu.cli import countfile, intake
from zhongshu.engines.warning import inputs
from zhongshu.engines.warning.inputs import EVERY, Calendar, Grid, Key
from zhongshu.engines.warning.methods import Step
from zhongshu.engines.warning.model import SERIES
from zhongshu.kernel import tables
from zhongshu.kernel.errors import BadInput, NotFound
from zhongshu.kernel.time import DAY, beijing, beijing_day, parse_moment, start_of_day
from zhongshu.lake.lake import Lake

if TYPE_CHECKING:
    from zhongshu.cli.installation import Installation

_DAYS = {Step.DAY: 1, Step.WEEK: 7}
_COUNTY = 3
Known = Callable[[dt.date], pl.DataFrame]


@dataclasses.dataclass(frozen=True, slots=True)
class Data:
    """rows: unit, stream, date, count (null: no report) as known at the end.  known: the same as
    known by the end of a day; None where the source does not say when what was known.
    first, last: dates of the first and the last report.  names: of units, by code.
    touching: units beside each other, by code; None where nothing is known of it.
    outbreaks: unit, stream, date of reports that belong to a known outbreak; None: not said.
    """

    title: str
    rows: pl.DataFrame
    step: Step
    breaks: Mapping[Key, dt.date]
    names: Mapping[str, str]
    remarks: tuple[str, ...] = ()
    known: Known | None = None
    touching: Mapping[str, frozenset[str]] | None = None
    outbreaks: pl.DataFrame | None = None

    @property
    def first(self) -> dt.date:
        return _date(self.rows["date"].min())

    @property
    def last(self) -> dt.date:
        return _date(self.rows.drop_nulls("count")["date"].max())

    def name(self, unit: str) -> str:
        return self.names.get(unit, unit)

    def ending(self, day: dt.date) -> dt.date:
        """The period asked for by `day`: of weeks the last that is dated by then."""
        if self.step is Step.DAY:
            return day
        dated = self.rows.filter(pl.col("date") <= day)["date"].max()
        return dated if isinstance(dated, dt.date) else day

    def grid(self, last: dt.date, *, known: bool = False) -> Grid:
        """The series that end with the period of `last`, as known at the end, or by that day."""
        rows = self.known(last) if known and self.known else self.rows
        days = _DAYS[self.step]
        periods = max((last - self.first).days // days, 0) + 1
        # an empty report or a correction after the period is nothing from the future
        asked = rows.filter(pl.col("count").is_not_null() | (pl.col("date") <= last))
        table = asked.select(SERIES.names).to_arrow().cast(SERIES)
        return inputs.grid(table, Calendar(last, periods, days), breaks=self.breaks)


def _date(value: object) -> dt.date:
    if not isinstance(value, dt.date):
        raise BadInput("counts.nothing", "No day has a count: there is nothing to look at.")
    return value


def of_file(path: Path, *, as_of: str, step: str, breaks: list[str], today: dt.date) -> Data:
    """The counts of a file, rows after `as_of` left out.  Refuses what `countfile.read` refuses."""
    found = countfile.read(path, today=today, negative=True)
    columns = ("unit", "stream", "date", "count", "known_at", "outbreak")
    rows = pl.DataFrame(
        {name: [getattr(row, name) for row in found.rows] for name in columns},
        schema={"unit": pl.String, "stream": pl.String, "date": pl.Date, "count": pl.Int64,
                "known_at": pl.Datetime("us", "Asia/Shanghai"), "outbreak": pl.Boolean},
    )  # fmt: skip
    until = countfile.asked_moment(as_of, today)
    seen = countfile.as_known(rows, until)
    if seen.drop_nulls("count").is_empty():
        raise BadInput("counts.nothing", f"{path.name} has no count known by {beijing_day(until)}.")
    every = _step(seen, step)
    told = seen.filter("outbreak") if "outbreak" in found.columns else None
    shown = _summed(seen, every)
    return Data(
        title=path.name,
        rows=shown,
        step=every,
        breaks=_breaks(breaks),
        names={},
        remarks=found.remarks,
        known=(
            lambda day: _summed(countfile.as_known(rows, countfile.asked_moment("", day)), every)
        )
        if "known_at" in found.columns
        else None,
        outbreaks=told,
    )


def of_headquarters(
    here: Installation, *, as_of: str, step: str, breaks: list[str], stream: str = ""
) -> Data:
    """The sentinel counts of the incident's counties, as known at `as_of`; nothing is written."""
    here.open()
    from zhongshu.service.incidents import facade as incidents
    from zhongshu.service.kit.scope import Scope
    from zhongshu.service.signals.borders import touching
    from zhongshu.service.units import facade as units

    moment = parse_moment(as_of) if as_of else intake.headquarters_now(here)
    scope = Scope((incidents.current().scope_unit.path,))
    counties = scope.filter(units.Unit.objects.filter(level=_COUNTY), "path")
    names = {one.code: one.name for one in counties}
    versions = tables.frame(Lake(here.lake_root).count_versions(moment)).filter(
        pl.col("county_code").is_in(list(names)), pl.col("date") <= beijing_day(moment)
    )
    if stream:
        _check_stream(versions, stream)
        versions = versions.filter(pl.col("stream") == stream)
    rows = _summed_sites(versions)
    if rows.is_empty():
        raise NotFound("counts.none", f"No site has reported by {beijing(moment):%Y-%m-%d %H:%M}.")
    every = Step(step) if step else Step.DAY
    known_s = pl.col("known_at").dt.epoch("s")
    return Data(
        title=f"As known at {beijing(moment):%Y-%m-%d %H:%M}",
        rows=_summed(rows, every),
        step=every,
        breaks=_breaks(breaks),
        names=names,
        known=lambda day: _summed(
            _summed_sites(versions.filter(known_s < start_of_day(day + DAY).timestamp())), every
        ),
        touching=touching(),
    )


def _check_stream(versions: pl.DataFrame, stream: str) -> None:
    there = sorted(versions["stream"].unique().to_list())
    if stream not in there:
        raise NotFound(
            "counts.stream", f"No stream {stream} was reported; there are {', '.join(there)}."
        )


def _summed_sites(versions: pl.DataFrame) -> pl.DataFrame:
    """Counts of counties from the last version of each site's report; silent sites add nothing."""
    last = versions.sort("known_at").group_by("stream", "site_id", "date").last()
    return (
        last.drop_nulls("count")
        .group_by(pl.col("county_code").alias("unit"), "stream", "date")
        .agg(pl.col("count").sum())
        .sort("unit", "stream", "date")
    )


def _step(rows: pl.DataFrame, asked: str) -> Step:
    """Weekly where every gap is a whole number of weeks; otherwise daily."""
    if asked:
        return Step(asked)
    ordered = rows.select("unit", "stream", "date").unique().sort("unit", "stream", "date")
    gaps = ordered.select(
        pl.col("date").diff().over("unit", "stream").dt.total_days()
    ).to_series().drop_nulls()  # fmt: skip
    return Step.WEEK if len(gaps) and math.gcd(*gaps.to_list()) % 7 == 0 else Step.DAY


def _summed(rows: pl.DataFrame, step: Step) -> pl.DataFrame:
    """Daily rows of weeks summed, weeks ending with the last report; one day missing, no count."""
    rows = rows.select(SERIES.names)
    if step is Step.DAY or _step(rows, "") is Step.WEEK or rows.is_empty():
        return rows
    last = _date(rows["date"].max())
    ago = (pl.lit(last) - pl.col("date")).dt.total_days() // 7
    whole = (pl.col("count").count() == 7) & (pl.len() == 7)
    return (
        rows.group_by("unit", "stream", (pl.lit(last) - ago * _DAYS[step] * DAY).alias("date"))
        .agg(pl.when(whole).then(pl.col("count").sum()).alias("count"))
        .sort("unit", "stream", "date")
    )


def _breaks(texts: list[str]) -> dict[Key, dt.date]:
    """`UNIT:STREAM=DATE`, either of which may be *, or a date alone for every series."""
    found = {}
    for text in texts:
        who, _, day = text.rpartition("=")
        unit, _, stream = (who or f"{EVERY}:{EVERY}").partition(":")
        try:
            found[unit, stream or EVERY] = dt.date.fromisoformat(day)
        except ValueError as error:
            raise BadInput(
                "warn.break",
                f"'{text}' marks no break; write UNIT:STREAM=2022-11-08, with * for every one.",
            ) from error
    return found
