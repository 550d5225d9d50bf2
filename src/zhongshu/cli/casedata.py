"""Cases by day for `zhongshu rt` and `zhongshu forecast`: a file's, or the register's as known."""

from __future__ import annotations

import dataclasses
import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import polars as pl

from zhongshu.cli import countfile, intake
from zhongshu.kernel import tables
from zhongshu.kernel.errors import BadInput, NotFound
from zhongshu.kernel.time import DAY, beijing, beijing_day, parse_moment

if TYPE_CHECKING:
    from zhongshu.cli.installation import Installation
    from zhongshu.rules.model import Pack

Floats = npt.NDArray[np.float64]


@dataclasses.dataclass(frozen=True, slots=True)
class Cases:
    """Of one unit, by day from `first`: counts (nan where nobody reported) and imported among them
    (None: not known).

    triangle: cases by day and by days until they were known, as `nowcasting.solve.build` makes it;
    None where the source does not say when what was known.
    """

    title: str
    unit: str
    first: dt.date
    counts: Floats
    imported: Floats | None
    remarks: tuple[str, ...]
    triangle: Floats | None = None

    @property
    def last(self) -> dt.date:
        return self.first + (len(self.counts) - 1) * DAY

    def days(self) -> list[dt.date]:
        return [self.first + n * DAY for n in range(len(self.counts))]

    @property
    def gaps(self) -> int:
        return int(np.isnan(self.counts).sum())


def of_file(path: Path, *, as_of: str, unit: str, today: dt.date, most_delay: int) -> list[Cases]:
    """Every unit of a file, or one; a day without a row is a day without a report.

    Refuses what `countfile.read` refuses, negative counts, several streams, and no case at all.
    """
    found = countfile.read(path, today=today)
    streams = sorted({row.stream for row in found.rows})
    if len(streams) > 1:
        raise BadInput(
            "counts.streams",
            f"{path.name} has the streams {', '.join(streams)}; cases of one kind are needed.",
        )
    moment = countfile.asked_moment(as_of, today)
    until = beijing_day(moment)
    kept = [row for row in found.rows if row.date <= until and row.known(moment)]
    units = sorted({row.unit for row in kept})
    if unit and unit not in units:
        raise NotFound("counts.unit", f"{path.name} has no unit {unit}; it has {_some(units)}.")
    if not any(row.count for row in kept):
        raise BadInput(
            "counts.no_cases", f"All counts in {path.name} by {until} are zero or empty: no case."
        )
    imported = "imported" in found.columns
    dated = "known_at" in found.columns
    last = max(row.known_on if dated else row.date for row in kept)
    last = until if dated and as_of else last
    made = []
    for one in [unit] if unit else units:
        rows = [row for row in kept if row.unit == one]
        triangle = _versions(rows, last, most_delay) if dated else None
        made.append(_cases(found, one, rows, last, imported, triangle))
    return made


def _some(names: list[str]) -> str:
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")


def _cases(
    found: countfile.CountFile,
    unit: str,
    rows: list[countfile.Row],
    last: dt.date,
    imported: bool,
    triangle: Floats | None,
) -> Cases:
    first = min(row.date for row in rows)
    counts = np.full((last - first).days + 1, np.nan)
    abroad = np.zeros_like(counts)
    for row in sorted(rows, key=countfile.Row.when):
        at = (row.date - first).days
        counts[at] = np.nan if row.count is None else row.count
        abroad[at] = row.imported or 0
    if triangle is not None:  # a day of which nothing is known yet has none so far
        counts = np.nansum(triangle, axis=1)
    return Cases(
        found.name, unit, first, counts, abroad if imported else None, found.remarks, triangle
    )


def _versions(rows: list[countfile.Row], last: dt.date, most: int) -> Floats | None:
    """The triangle from versions of each day's count: what each version adds came that day.

    Refuses a version below the one before it: which cases it takes back cannot be known.
    """
    first = min(row.date for row in rows)
    days = (last - first).days + 1
    table = np.zeros((days, most + 1))
    so_far: dict[dt.date, int] = {}
    for row in sorted(rows, key=countfile.Row.when):
        added = (row.count or 0) - so_far.get(row.date, 0)
        if added < 0:
            raise BadInput(
                "counts.taken_back",
                f"Row {row.line}: {row.date} falls from {so_far[row.date]} to {row.count}; a "
                "nowcast needs counts that only grow as reports come in.",
            )
        delay = min((row.known_on - row.date).days, most)
        table[(row.date - first).days, delay] += added
        so_far[row.date] = row.count or 0
    return _open(table)


def _open(table: Floats) -> Floats | None:
    """With nan for what is still to come; None where there are too few days for a nowcast."""
    days, columns = table.shape
    if days < columns + 7:
        return None
    table[np.arange(days)[:, None] + np.arange(columns) >= days] = np.nan
    return table


def of_headquarters(
    here: Installation, *, unit: str, as_of: str, by_onset: bool, most_delay: int
) -> tuple[Cases, Pack]:
    """The open cases of a unit and below, as known then, and the pack in force.

    By day of confirmation, up to yesterday: the register is complete as known.  by_onset: by day of
    onset up to today, with the triangle of when each was reported.
    """
    here.open()
    from zhongshu.rules import reader
    from zhongshu.service.cases import facade as cases
    from zhongshu.service.incidents import facade as incidents
    from zhongshu.service.units import facade as units

    moment = parse_moment(as_of) if as_of else intake.headquarters_now(here)
    incident = incidents.current()
    place = units.get(unit or incident.scope_unit_id)
    pack = reader.applicable(disease=incident.disease, on=beijing_day(moment), path=place.path)
    paths = {one.code: one.path for one in units.Unit.objects.filter(path__startswith=place.path)}
    known = tables.frame(cases.open_cases(moment)).filter(pl.col("unit").is_in(list(paths)))
    known = known.with_columns(_days("confirmed_at"), _days("reported_at"))
    title = f"{place.name} as known at {beijing(moment):%Y-%m-%d %H:%M}"
    today = beijing_day(moment)
    if by_onset:
        return _onsets(title, place.code, known, today, most_delay), pack
    return _confirmed(title, place.code, known, today - DAY), pack


def _days(name: str) -> pl.Expr:
    return pl.col(name).dt.convert_time_zone("Asia/Shanghai").dt.date().alias(f"{name}_day")


def _confirmed(title: str, unit: str, known: pl.DataFrame, last: dt.date) -> Cases:
    days = known["confirmed_at_day"].drop_nulls()
    days = days.filter(days <= last)
    first = days.min()
    if not isinstance(first, dt.date):
        raise NotFound("counts.no_cases", f"{title}: no case was confirmed by {last}.")
    counts, abroad = np.zeros((last - first).days + 1), np.zeros((last - first).days + 1)
    found_by = known.filter(pl.col("confirmed_at_day") <= last)
    for day, how in found_by.select("confirmed_at_day", "found_by").iter_rows():
        counts[(day - first).days] += 1
        abroad[(day - first).days] += how == "arrival"
    return Cases(title, unit, first, counts, abroad, ())


def _onsets(title: str, unit: str, known: pl.DataFrame, today: dt.date, most: int) -> Cases:
    dated = known.filter(
        pl.col("onset_date").is_not_null(), pl.col("onset_date") <= pl.col("reported_at_day")
    )
    first = dated["onset_date"].min()
    if not isinstance(first, dt.date):
        raise NotFound("counts.no_cases", f"{title}: no case has a day of onset.")
    days = (today - first).days + 1
    table, abroad = np.zeros((days, most + 1)), np.zeros(days)
    for onset, told, how in dated.select("onset_date", "reported_at_day", "found_by").iter_rows():
        table[(onset - first).days, min((told - onset).days, most)] += 1
        abroad[(onset - first).days] += how == "arrival"
    counts = table.sum(axis=1)
    left = known.height - dated.height
    remarks = (f"{left} cases without a day of onset are left out.",) if left else ()
    return Cases(title, unit, first, counts, abroad, remarks, _open(table))
