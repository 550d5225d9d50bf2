"""The sentinel counts of the days before a world begins: background only, nobody is infected yet.

Drawn as the world's own days are (`days.sentinel`), with the season and calendar of `days.usual`,
and sent by quarter, as an installation takes over what a department has kept.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from zhongshu.engines.world import feeds, mess
from zhongshu.engines.world import write as files
from zhongshu.engines.world.arrays import I64, Bools
from zhongshu.engines.world.days import epidemic, sentinel
from zhongshu.engines.world.days.sentinel import Counts
from zhongshu.engines.world.days.usual import silent, usual
from zhongshu.engines.world.state import World

_NOBODY: epidemic.Course = np.zeros(0, dtype=epidemic.COURSE)
_DRAWN_AS = 2**30  # days later: draws are keyed by days from 0 on, and no world lasts so long


def write(world: World, folder: Path) -> None:
    """One file for each stream and quarter of the past; nothing for a world without one."""
    params = world.statics.params
    for name, rows in quarters(world):
        sent = mess.dirty(
            feeds.counts(world, rows),
            seed=params.seed,
            day=_DRAWN_AS + int(rows["day"].min()),
            retired_codes=world.statics.margins.retired_codes,
        )
        files.feeds(sent, folder, day=name, seed=params.seed)


def quarters(world: World) -> Iterator[tuple[str, Counts]]:
    """("2021Q3", what all sites reported of its days), oldest first."""
    params = world.statics.params
    start, many = params.start, params.history.days

    def quarter(day: int) -> str:
        date = start + dt.timedelta(day)
        return f"{date.year}Q{(date.month + 2) // 3}"

    gaps = _gaps(world)
    for name, days in itertools.groupby(range(-many, 0), quarter):
        rows = np.concatenate([_day(world, day) for day in days])
        sent = np.ones(len(rows), np.bool_)
        for which, (sites, missing) in enumerate(gaps):
            mine = np.flatnonzero(rows["stream"] == which)
            at = np.searchsorted(sites, rows["site"][mine])
            sent[mine] = ~missing[at, many + rows["day"][mine]]
        yield name, rows[sent]


def _gaps(world: World) -> list[tuple[I64, Bools]]:
    """For each stream its sites, ascending, and [sites, days of the past]: nothing was sent."""
    params, sites = world.statics.params, world.statics.sites
    streams: list[I64] = [sites.clinics, sites.pharmacies, np.arange(len(sites.enrolled))]
    return [
        (mine, silent(params.history, seed=params.seed, which=which, sites=len(mine)))
        for which, mine in enumerate(streams)
    ]


def _day(world: World, day: int) -> Counts:
    params = world.statics.params
    date = params.start + dt.timedelta(day)
    rows = sentinel.counts(
        seed=params.seed,
        day=day + _DRAWN_AS,
        usual=usual(params.history, seed=params.seed, start=params.start, day=date),
        site=world.statics.sites,
        course=_NOBODY,
    )
    rows["day"] -= _DRAWN_AS
    rows["reported_s"] -= _DRAWN_AS * epidemic.DAY_S
    return rows
