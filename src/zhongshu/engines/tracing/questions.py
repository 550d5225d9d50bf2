"""Who was at this place, where did this person go: the reverse questions of one place or person.

They read scans from the hot index or from a table of what was known earlier (`scans`) and make
stays of them as tracing does (see `oracle.py`), clipped to the time asked about.  A scan that
begins after that time says nothing about it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from zhongshu.engines.tracing import model
from zhongshu.engines.tracing.placetree import PlaceTree
from zhongshu.engines.tracing.scans import Scans, Source
from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.segments import Array

HOUR_S = 3600
PRESENT = pa.schema(
    [
        ("person", pa.int64()),
        ("first", model.SECONDS),
        ("last", model.SECONDS),
        ("minutes", pa.float64()),  # there at all; time at two parts at once counts once
        ("imputed", pa.bool_()),  # every stay of his there ends by estimate
    ]
)
STAYS = pa.schema(
    [
        ("person", pa.int64()),
        ("place", pa.int32()),
        ("time_from", model.SECONDS),
        ("time_to", model.SECONDS),
        ("imputed", pa.bool_()),  # its end is an estimate
    ]
)
WENT = pa.schema(
    [
        ("place", pa.int32()),
        ("time_from", model.SECONDS),
        ("time_to", model.SECONDS),
        ("imputed", pa.bool_()),
        ("doubted", pa.bool_()),  # another stay of his, not near, at the same time
        ("source", pa.string()),  # of its first scan; empty: not kept where this was read
    ]
)
GAPS = pa.schema([("time_from", model.SECONDS), ("time_to", model.SECONDS)])


@dataclasses.dataclass(frozen=True)
class Venue:
    """persons: `PRESENT`, by person; stays: `STAYS`, by person, time, place."""

    persons: pa.Table
    stays: pa.Table


@dataclasses.dataclass(frozen=True)
class Timeline:
    """stays: `WENT`, by time and place; gaps: `GAPS`, when nothing is known of the person."""

    stays: pa.Table
    gaps: pa.Table


def venue(
    source: Source, tree: PlaceTree, places: Sequence[int], *, begin_s: int, end_s: int
) -> Venue:
    """Everybody who was at one of `places`, at a part of it, or at the whole it is part of (of
    whom nobody knows in which part), between `begin_s` and `end_s` (seconds since 1970).

    Refuses a time that ends before it begins, and a place the rules do not read.
    """
    _check(begin_s, end_s)
    end_s = source.known_until(end_s)
    keys = tree.around(places)
    if not tree.is_read(np.array(places, np.int64)).all():
        raise BadInput("tracing.place_not_read", "This question does not read places of this kind.")
    keys = keys[tree.is_read(keys)]
    there = source.at(keys, begin_s - tree.max_s[tree.kind_of(keys)], end_s)
    unended = there.person[there.ended <= there.begun]
    others = source.of(np.unique(unended), begin_s - tree.reach_s(), end_s)
    stays = stays_of(_joined(there, others), tree)
    stays = stays.take(np.flatnonzero(np.isin(stays.place, keys))).clipped(begin_s, end_s)
    return Venue(_persons(stays), _stays_table(stays))


def timeline(source: Source, tree: PlaceTree, person: int, *, begin_s: int, end_s: int) -> Timeline:
    """Where the person was between `begin_s` and `end_s`, as tracing sees it."""
    _check(begin_s, end_s)
    last_s = source.known_until(end_s)
    found = source.of(np.array([person], np.int64), begin_s - tree.reach_s(), last_s)
    stays = stays_of(found, tree).clipped(begin_s, last_s)
    stays = stays.take(np.lexsort((stays.place, stays.t0)))
    table = pa.table(
        [
            stays.place.astype(np.int32),
            _moments(stays.t0),
            _moments(stays.t1),
            stays.t1 > stays.sure,
            _doubted(stays, tree),
            pa.array(stays.source.tolist(), pa.string()),
        ],
        schema=WENT,
    )
    return Timeline(table, _gaps(stays, begin_s, last_s))


def hours(stays: pa.Table) -> pa.Table:
    """hour (its begin), persons: distinct persons of `STAYS` in each clock hour with any."""
    t0, t1 = (stays[name].cast(pa.int64()).to_numpy() for name in ("time_from", "time_to"))
    first, last = t0 // HOUR_S, (t1 - 1) // HOUR_S
    times = last - first + 1
    begins = np.cumsum(times) - times
    hour = np.repeat(first, times) + np.arange(times.sum()) - np.repeat(begins, times)
    pairs = np.unique(np.stack([hour, np.repeat(stays["person"].to_numpy(), times)]), axis=1)
    each, persons = np.unique(pairs[0], return_counts=True)
    return pa.table({"hour": _moments(each * HOUR_S), "persons": persons})


class Stays(NamedTuple):
    """As `oracle.Stay`, one element each; source of the first scan."""

    person: Array
    place: Array
    t0: Array
    t1: Array
    sure: Array
    source: Array

    def take(self, rows: Array) -> Stays:
        return Stays(*(column[rows] for column in self))

    def clipped(self, begin_s: int, end_s: int) -> Stays:
        """Their parts in [begin_s, end_s)."""
        cut = self._replace(t0=np.maximum(self.t0, begin_s), t1=np.minimum(self.t1, end_s))
        return cut.take(np.flatnonzero(cut.t0 < cut.t1))


def stays_of(scans: Scans, tree: PlaceTree) -> Stays:
    """Scans as stays: duplicates merged, missing ends estimated, by person, place and time.

    An estimated stay ends at the person's next scan elsewhere among `scans` at the latest.
    """
    scans = once(scans.take(np.flatnonzero(tree.is_read(scans.place))))
    kind = tree.kind_of(scans.place)
    longest = scans.begun + tree.max_s[kind]
    told = scans.ended > scans.begun
    guess = np.minimum(scans.begun + tree.imputed_s[kind], _next_elsewhere(scans, longest))
    t1 = np.minimum(np.where(told, scans.ended, guess), longest)
    sure = np.where(told & (scans.ended <= longest), scans.ended, scans.begun)
    pieces = Stays(scans.person, scans.place, scans.begun, t1, sure, scans.source)
    pieces = pieces.take(np.flatnonzero(t1 > scans.begun))
    return _merged(pieces.take(np.lexsort((pieces.t0, pieces.place, pieces.person))))


def _check(begin_s: int, end_s: int) -> None:
    if begin_s >= end_s:
        raise BadInput("tracing.time_backwards", "The time asked about ends before it begins.")


def _joined(one: Scans, other: Scans) -> Scans:
    return Scans(*(np.concatenate(pair) for pair in zip(one, other, strict=True)))


def once(scans: Scans) -> Scans:
    """The same scan once, with its latest end; by person, time and place."""
    order = np.lexsort((-scans.ended, scans.place, scans.begun, scans.person))
    scans = scans.take(order)
    fresh = np.ones(len(order), np.bool_)
    same = [column[1:] == column[:-1] for column in (scans.person, scans.begun, scans.place)]
    fresh[1:] = ~np.logical_and.reduce(same)
    return scans.take(np.flatnonzero(fresh))


def _next_elsewhere(scans: Scans, otherwise: Array) -> Array:
    """When each scan's person was next scanned later and at another place, else `otherwise`.

    Scans by person and time.  A candidate is the next scan at another place; while it is no
    later than the scan itself, the one after it.
    """
    count = len(scans.person)
    after = _next_other(scans)
    at = after.copy()
    while True:
        inside = np.flatnonzero(at < count)
        early = inside[scans.begun[at[inside]] <= scans.begun[inside]]
        early = early[scans.person[at[early]] == scans.person[early]]
        if not len(early):
            break
        step = at[early] + 1
        back = step < count
        home = np.zeros(len(early), np.bool_)
        home[back] = scans.place[step[back]] == scans.place[early[back]]
        at[early] = np.where(home, after[np.minimum(step, count - 1)], step)
    found = np.array(otherwise, np.int64)
    some = np.flatnonzero(at < count)
    some = some[scans.person[at[some]] == scans.person[some]]
    found[some] = np.minimum(found[some], scans.begun[at[some]])
    return found


def _next_other(scans: Scans) -> Array:
    """Row of the next scan that is another person's or at another place; their number: none."""
    count = len(scans.person)
    begins = np.ones(count, np.bool_)
    begins[1:] = (scans.place[1:] != scans.place[:-1]) | (scans.person[1:] != scans.person[:-1])
    heads = np.append(np.flatnonzero(begins), count)
    return heads[np.cumsum(begins)] if count else np.empty(0, np.int64)


def _islands(group: Array, t0: Array, t1: Array) -> Array:
    """First row of each run of intervals that overlap or touch; by group and t0."""
    count = len(t0)
    if not count:
        return np.empty(0, np.int64)
    span = int(t1.max() - t0.min()) + 1
    far = group * span  # intervals of different groups never meet
    furthest = np.maximum.accumulate(t1 - int(t0.min()) + far)
    fresh = np.ones(count, np.bool_)
    fresh[1:] = (group[1:] != group[:-1]) | (t0[1:] - int(t0.min()) + far[1:] > furthest[:-1])
    return np.flatnonzero(fresh)


def _numbered(*columns: Array) -> Array:
    """Number of each row's run of equal values, for sorted rows."""
    changed = np.zeros(len(columns[0]), np.int64)
    changed[1:] = np.logical_or.reduce([column[1:] != column[:-1] for column in columns])
    return np.cumsum(changed)


def _merged(pieces: Stays) -> Stays:
    """One person's pieces at one place that overlap or touch made one."""
    first = _islands(_numbered(pieces.person, pieces.place), pieces.t0, pieces.t1)
    if not len(first):
        return pieces
    return pieces.take(first)._replace(
        t1=np.maximum.reduceat(pieces.t1, first), sure=np.maximum.reduceat(pieces.sure, first)
    )


def _persons(stays: Stays) -> pa.Table:
    """`PRESENT` of clipped stays."""
    stays = stays.take(np.lexsort((stays.t0, stays.person)))
    if not len(stays.person):
        return PRESENT.empty_table()
    group = _numbered(stays.person)
    first = np.flatnonzero(np.append(True, group[1:] != group[:-1]))
    joint = _islands(group, stays.t0, stays.t1)
    seconds = np.maximum.reduceat(stays.t1, joint) - stays.t0[joint]
    total = np.bincount(group[joint], weights=seconds)
    return pa.table(
        [
            stays.person[first],
            _moments(stays.t0[first]),
            _moments(np.maximum.reduceat(stays.t1, first)),
            total / 60.0,
            np.logical_and.reduceat(stays.t1 > stays.sure, first),
        ],
        schema=PRESENT,
    )


def _stays_table(stays: Stays) -> pa.Table:
    stays = stays.take(np.lexsort((stays.place, stays.t0, stays.person)))
    return pa.table(
        [
            stays.person,
            stays.place.astype(np.int32),
            _moments(stays.t0),
            _moments(stays.t1),
            stays.t1 > stays.sure,
        ],
        schema=STAYS,
    )


def _doubted(stays: Stays, tree: PlaceTree) -> Array:
    """Whether another of these stays, by time and not near, overlaps each."""
    doubted = np.zeros(len(stays.t0), np.bool_)
    for n in range(len(stays.t0)):
        for k in range(n + 1, len(stays.t0)):
            if stays.t0[k] >= stays.t1[n]:
                break
            if not tree.near(int(stays.place[n]), int(stays.place[k])):
                doubted[n] = doubted[k] = True
    return doubted


def _gaps(stays: Stays, begin_s: int, end_s: int) -> pa.Table:
    """The parts of [begin_s, end_s) that no stay covers."""
    heads = _islands(np.zeros(len(stays.t0), np.int64), stays.t0, stays.t1)
    ends = np.maximum.reduceat(stays.t1, heads) if len(heads) else np.empty(0, np.int64)
    begins = np.concatenate([np.array([begin_s], np.int64), ends])
    until = np.append(stays.t0[heads], max(begin_s, end_s))
    some = begins < until
    return pa.table([_moments(begins[some]), _moments(until[some])], schema=GAPS)


def _moments(seconds: Array) -> pa.Array:
    return pa.array(np.ascontiguousarray(seconds, np.int64)).view(model.SECONDS)
