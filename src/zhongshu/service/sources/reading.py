"""Every stream of every county within a scope: did its reports come, when, and how many.

Only counts that sites report every day are judged: a feed whose columns name a county, a day and
when it was reported.  What came is read from the lake as known at a moment; a source is a stream
of a county.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import polars as pl
from django.conf import settings

from zhongshu.kernel import tables
from zhongshu.kernel.feeds import FEEDS
from zhongshu.kernel.time import BEIJING, DAY, beijing, beijing_day, start_of_day
from zhongshu.lake.lake import Lake
from zhongshu.rules import reader
from zhongshu.rules.model import Pack
from zhongshu.service.intake import facade as intake
from zhongshu.service.kit.scope import Scope
from zhongshu.service.sources.expected import I64, UNKNOWN, Reports, Terms, Told, tell
from zhongshu.service.sources.states import State, judge
from zhongshu.service.units import facade as units

STREAMS = tuple(
    sorted(
        spec.name
        for spec in FEEDS.values()
        if {"county_code", "date", "reported_at"} <= {column.name for column in spec.columns}
    )
)
TOPIC = "sources"
_COUNTY = 3
_HOUR_S = 3600
_DAY_S = 86_400
# What was sent before is not looked at for what is usual: a mistyped year costs no memory.
_MOST_DAYS = 400


@dataclasses.dataclass(frozen=True, slots=True)
class Day:
    """One day of a source.

    due: its reports should all be in.  received: sites that reported.  expected: how many usually
    do, None in its first week.  count: what they counted, None when nobody reported: an outage is
    not zero.  doubted: all reported zero where there usually is a count.
    """

    date: dt.date
    due: bool
    received: int
    expected: int | None
    count: int | None
    doubted: bool


@dataclasses.dataclass(frozen=True, slots=True)
class Source:
    """A stream of a county.

    sites: that ever reported.  completeness: share of the reports expected on the days of the
    window that are due which came by the moment asked; others do not fill the gap.  received,
    expected: those two numbers.  delay_h: (median, 90th percentile) hours from 0:00 of the day
    reported on to its first report, over the window.  last_day, last_at: the newest day reported
    on, and the newest moment of a report.  history: the window, ending today.
    """

    unit: units.UnitRef
    stream: str
    sender: str
    state: State
    since: dt.date | None
    sites: int
    received: int
    expected: int | None
    completeness: float | None
    delay_h: tuple[float, float] | None
    last_day: dt.date | None
    last_at: dt.datetime | None
    last_file_at: dt.datetime | None
    history: tuple[Day, ...]


def terms(as_of: dt.datetime, path: str = "") -> Terms:
    """What counts as late, partial or an outage under the pack in force for the unit at `path`."""
    pack = _pack(as_of, path)
    figures = {field.name: pack.number(f"source.{field.name}") for field in _FIELDS}
    whole = {name: int(figures[name]) for name in ("window_d", "baseline_weeks")}
    return Terms(**(figures | whole))  # type: ignore[arg-type]


_FIELDS = dataclasses.fields(Terms)


def _pack(as_of: dt.datetime, path: str) -> Pack:
    return reader.applicable(disease=reader.ANY, topic=TOPIC, on=beijing_day(as_of), path=path)


def read(
    *, scope: Scope, as_of: dt.datetime, stream: str = "", state: str = "", path: str = ""
) -> list[Source]:
    """The sources of the counties within scope, by path of the county, then stream.

    path: of the unit whose pack holds.  stream, state: only these.
    """
    rows = scope.filter(units.Unit.objects.filter(level=_COUNTY), "path").order_by("path")
    counties = [units.ref(unit) for unit in rows]
    names = [name for name in STREAMS if stream in ("", name)]
    groups = [(county, name) for county in counties for name in names]
    if not groups:
        return []
    sites = _reports(groups, as_of)
    found = _sources(groups, sites, as_of, terms(as_of, path))
    return [one for one in found if state in ("", one.state)]


def _reports(groups: Sequence[tuple[units.UnitRef, str]], as_of: dt.datetime) -> pl.DataFrame:
    """group, site_id, date, first_at (s), last_at (s), count: what each site said of each day, as
    known at `as_of`; no row where it said nothing."""
    lake = Lake(Path(settings.ZHONGSHU_LAKE))
    number = pl.DataFrame(
        {
            "county_code": [county["code"] for county, _ in groups],
            "stream": [name for _, name in groups],
            "group": range(len(groups)),
        },
        schema={"county_code": pl.String, "stream": pl.String, "group": pl.Int64},
    )
    told = tables.frame(lake.count_versions(as_of)).lazy()
    return (
        told.filter(pl.col("date") <= beijing_day(as_of), pl.col("count").is_not_null())
        .join(number.lazy(), on=["county_code", "stream"], how="inner")
        .with_columns(pl.col("known_at").dt.epoch("s"))
        .group_by("group", "site_id", "date")
        .agg(
            pl.col("known_at").min().alias("first_at"),
            pl.col("known_at").max().alias("last_at"),
            pl.col("count").get(pl.col("known_at").arg_max()),
        )
        .collect()
    )


def _sources(
    groups: Sequence[tuple[units.UnitRef, str]], rows: pl.DataFrame, as_of: dt.datetime, how: Terms
) -> list[Source]:
    today = beijing_day(as_of)
    days = how.window_d + 1
    recent = rows.filter(pl.col("date") > today - DAY * _MOST_DAYS)
    oldest = recent["date"].min()
    begin = today - DAY * (days - 1)
    begin = min(oldest, begin) if isinstance(oldest, dt.date) else begin
    reports = _cube(recent, begin, today, how, groups=len(groups))
    told = tell(reports, groups=len(groups), days=days, terms=how)
    dates = [today - DAY * (days - 1 - number) for number in range(days)]
    window = _Window(begin, dates, [_hours(day, as_of) for day in dates], how, told, reports.total)
    seen = _seen(rows, dates[0])
    files = _files(as_of)
    return [
        window.source(number, unit, name, seen.get(number), files.get(name))
        for number, (unit, name) in enumerate(groups)
    ]


def _hours(day: dt.date, as_of: dt.datetime) -> float:
    return (beijing(as_of) - start_of_day(day)).total_seconds() / _HOUR_S


def _files(as_of: dt.datetime) -> Mapping[str, dt.datetime | None]:
    """When the newest file of each feed was taken."""
    return {one.feed: one.last_received_at for one in intake.sources(as_of=as_of)}


def _cube(
    rows: pl.DataFrame, begin: dt.date, today: dt.date, how: Terms, *, groups: int
) -> Reports:
    """The rows as sites by days from `begin` to `today`."""
    width = (today - begin).days + 1
    sites = rows.select("group", "site_id").unique().with_row_index("site")
    placed = rows.join(sites, on=["group", "site_id"]).with_columns(
        pl.col("site").cast(pl.Int64), (pl.col("date") - begin).dt.total_days().alias("day")
    )
    site, day = placed["site"].to_numpy(), placed["day"].to_numpy()
    group = sites["group"].to_numpy()
    came = np.zeros((len(group), width), dtype=np.bool_)
    came[site, day] = True
    start_s = int(start_of_day(begin).timestamp())
    prompt = np.zeros_like(came)
    late_s = placed["first_at"].to_numpy() - (start_s + day * _DAY_S)
    prompt[site, day] = late_s <= how.due_h * _HOUR_S
    total = np.zeros((groups, width), dtype=np.int64)
    np.add.at(total, (placed["group"].to_numpy(), day), placed["count"].to_numpy())
    return Reports(group, came, prompt, total)


@dataclasses.dataclass(frozen=True, slots=True)
class _Seen:
    sites: int
    last_day: dt.date
    last_at: dt.datetime
    delay_h: tuple[float, float] | None


def _seen(rows: pl.DataFrame, first: dt.date) -> dict[int, _Seen]:
    """By group: what was ever seen of it, and the hours of its reports since `first`."""
    begins = pl.col("date").cast(pl.Datetime).dt.replace_time_zone(str(BEIJING)).dt.epoch("s")
    hours = ((pl.col("first_at") - begins) / _HOUR_S).filter(pl.col("date") >= first)
    found = rows.group_by("group").agg(
        pl.col("site_id").n_unique().alias("sites"),
        pl.col("date").max().alias("day"),
        pl.col("last_at").max(),
        hours.median().alias("median"),
        hours.quantile(0.9, "higher").alias("p90"),
    )
    return {
        row["group"]: _Seen(
            row["sites"],
            row["day"],
            dt.datetime.fromtimestamp(row["last_at"], dt.UTC),
            None if row["median"] is None else (row["median"], row["p90"]),
        )
        for row in found.iter_rows(named=True)
    }


@dataclasses.dataclass(frozen=True, slots=True)
class _Window:
    """The days shown; `begin` is the first day of `total`'s columns and of `told.last`."""

    begin: dt.date
    dates: list[dt.date]
    hours: list[float]
    how: Terms
    told: Told
    total: I64

    def source(
        self,
        group: int,
        unit: units.UnitRef,
        stream: str,
        seen: _Seen | None,
        file_at: dt.datetime | None,
    ) -> Source:
        state, since = self._state(group, seen)
        received, expected = self._sums(group)
        return Source(
            unit=unit,
            stream=stream,
            sender=FEEDS[stream].sender,
            state=state,
            since=since,
            sites=seen.sites if seen else 0,
            received=received,
            expected=expected,
            completeness=received / expected if expected else None,
            delay_h=seen.delay_h if seen else None,
            last_day=seen.last_day if seen else None,
            last_at=seen.last_at if seen else None,
            last_file_at=file_at,
            history=tuple(self._day(group, number) for number in range(len(self.dates))),
        )

    def _state(self, group: int, seen: _Seen | None) -> tuple[State, dt.date | None]:
        if seen is None:
            return State.NEVER, None
        if seen.last_day < self.begin:
            return State.OUTAGE, seen.last_day + DAY
        state, number = judge(self.told, group, hours=self.hours, terms=self.how)
        if number is None:
            return state, None
        silent_before = int(self.told.last[group, 0])
        if state is State.OUTAGE and number == 0 and silent_before >= 0:
            return state, self.begin + DAY * (silent_before + 1)
        return state, self.dates[number]

    def _sums(self, group: int) -> tuple[int, int | None]:
        """Expected reports of the due days that came, and how many were expected."""
        due = [
            day
            for day, past in enumerate(self.hours)
            if past >= self.how.due_h and self.told.expected[group, day] != UNKNOWN
        ]
        if not due:
            return 0, None
        return int(self.told.met[group, due].sum()), int(self.told.expected[group, due].sum())

    def _day(self, group: int, number: int) -> Day:
        received, expected = (
            int(table[group, number]) for table in (self.told.received, self.told.expected)
        )
        column = self.total.shape[1] - len(self.dates) + number
        return Day(
            date=self.dates[number],
            due=self.hours[number] >= self.how.due_h,
            received=received,
            expected=None if expected == UNKNOWN else expected,
            count=int(self.total[group, column]) if received else None,
            doubted=bool(self.told.doubted[group, number]),
        )
