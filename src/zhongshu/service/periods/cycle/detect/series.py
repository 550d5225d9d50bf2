"""The counts as known at the run's moment, and how much of the last days is in."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping

import numpy as np
import polars as pl
import pyarrow as pa

from zhongshu.engines.warning import model
from zhongshu.kernel import tables
from zhongshu.kernel.time import DAY
from zhongshu.service.periods.cycle.frame import Frame
from zhongshu.service.sources import facade as sources

Key = tuple[str, str]
DAYS = 2  # reports of a day come in until the next morning: both days are looked at


def series_of(frame: Frame) -> pa.Table:
    """Counts by county, stream and day as known now; sites that sent nothing add nothing, and a
    day on which no site of a county reported has no row."""
    daily = (
        _inside(frame)
        .group_by("unit", "stream", "date")
        .agg(pl.col("count").sum())
        .sort("unit", "stream", "date")
    )
    return daily.select(model.SERIES.names).to_arrow().cast(model.SERIES)


def _inside(frame: Frame) -> pl.DataFrame:
    """The reports of sites, with the county of the scope they lie in as `unit`."""
    counts = tables.frame(frame.lake.counts(frame.as_of))
    codes = counts["county_code"].unique().to_list()
    place = pl.col("county_code")
    if counts.height:
        place = place.replace_strict(
            {code: frame.county(code) for code in codes}, return_dtype=pl.String
        )
    return counts.with_columns(place.alias("unit")).drop_nulls("unit")


def share_in(frame: Frame) -> Mapping[tuple[Key, dt.date], float]:
    """Of the last days on which not all of a county's sites have reported a stream: the share of
    its usual volume that is in.  nan where it is less than can be tested, or where all sites say
    zero where there usually is a count: an outage is not zero.

    A site is missed on a day when it reported on the usual share of the same weekdays before.
    """
    least = frame.other("signals").number("signal.least_share")
    terms = sources.terms(frame.as_of, frame.tree.get(frame.scope_unit).path)
    first = frame.today - DAY * (7 * terms.baseline_weeks + DAYS)
    rows = _inside(frame).filter(pl.col("date").is_between(first, frame.today))
    if not rows.height:
        return {}
    seen = _Seen.of(rows, first, frame.today)
    found: dict[tuple[Key, dt.date], float] = {}
    for back in range(DAYS):
        day = frame.today - back * DAY
        for key, share in seen.shares(len(seen.days) - 1 - back, terms).items():
            if share < 1:
                found[key, day] = share if share >= least else np.nan
    doubted = seen.doubted(terms)
    for back in range(DAYS):
        for n in np.flatnonzero(doubted[:, -1 - back]):
            found[seen.keys[n], frame.today - back * DAY] = np.nan
    return found


@dataclasses.dataclass(frozen=True)
class _Seen:
    """Reports of the last weeks: counts [site, day], nan where none; group [site]: number of the
    series in `keys` a site belongs to."""

    keys: list[Key]
    days: list[dt.date]
    group: sources.I64
    counts: sources.F64

    @classmethod
    def of(cls, rows: pl.DataFrame, first: dt.date, last: dt.date) -> _Seen:
        named = rows.select("unit", "stream").unique().sort("unit", "stream")
        named = named.with_row_index("group")
        sites = rows.select("unit", "stream", "site_id").unique().sort("unit", "stream", "site_id")
        sites = sites.with_row_index("site").join(named, on=["unit", "stream"])
        placed = rows.join(sites, on=["unit", "stream", "site_id"])
        days = [first + n * DAY for n in range((last - first).days + 1)]
        counts = np.full((sites.height, len(days)), np.nan)
        at = placed.select((pl.col("date") - first).dt.total_days())["date"].to_numpy()
        counts[placed["site"].to_numpy(), at] = placed["count"].to_numpy()
        keys = list(zip(named["unit"].to_list(), named["stream"].to_list(), strict=True))
        return cls(keys, days, sites.sort("site")["group"].to_numpy().astype(np.int64), counts)

    def shares(self, column: int, terms: sources.Terms) -> dict[Key, float]:
        """Of each series with a report that day: the usual volume of the sites that reported or
        are not expected, over that of all."""
        came = ~np.isnan(self.counts)
        back = column - 7 * np.arange(1, terms.baseline_weeks + 1)
        before = came[:, back[back >= 0]]
        first = np.where(came.any(axis=1), came.argmax(axis=1), came.shape[1])
        asked = back[back >= 0][None, :] >= first[:, None]
        times = asked.sum(axis=1)
        usual = (times > 0) & ((before & asked).sum(axis=1) >= terms.usual_share * times)
        many = came[:, :column].sum(axis=1)
        size = np.nansum(self.counts[:, :column], axis=1) / np.maximum(many, 1)
        missed = usual & ~came[:, column]
        whole = np.bincount(self.group, weights=size * (usual | came[:, column]))
        gone = np.bincount(self.group, weights=size * missed)
        spoke = np.bincount(self.group, weights=came[:, column]) > 0
        return {
            key: 1 - float(gone[n] / whole[n])
            for n, key in enumerate(self.keys)
            if spoke[n] and whole[n] > 0
        }

    def doubted(self, terms: sources.Terms) -> sources.Flags:
        """[series, day of the last ones]: all sites say zero where there usually is a count."""
        came = ~np.isnan(self.counts)
        total = np.zeros((len(self.keys), len(self.days)), np.int64)
        np.add.at(total, self.group, np.nan_to_num(self.counts).astype(np.int64))
        reports = sources.Reports(self.group, came, came, total)
        return sources.tell(reports, groups=len(self.keys), days=DAYS, terms=terms).doubted
