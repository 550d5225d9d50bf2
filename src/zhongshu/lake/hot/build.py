"""From visits as they come to segments: columns checked, days parted, both orders made."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.segments import BLOCK_BITS, DAY_S, PLACE_MOST, Array, Segment
from zhongshu.lake.hot import sorting
from zhongshu.lake.schema import SECONDS
from zhongshu.lake.store import BEIJING_OFFSET_S

NEEDED = ("person", "place", "time_in", "time_out", "recorded_at")
_SPARSE = 16  # places or blocks of persons per row beyond which sorting is cheaper than counting


@dataclasses.dataclass(frozen=True, slots=True)
class Columns:
    """Visits as numbers: pseudonym, place, time in, stay (0: no time out known), recorded at."""

    person: Array
    place: Array
    time_in: Array
    stay: Array
    recorded_at: Array

    def __len__(self) -> int:
        return len(self.person)

    def take(self, rows: Array) -> Columns:
        return Columns(*(getattr(self, f.name)[rows] for f in dataclasses.fields(self)))


def columns(visits: pa.Table) -> Columns:
    """`visits` (further columns are ignored); rows without person or place are left out.

    Refuses a table without one of `NEEDED`, a row without a time, and place keys beyond 2^25.
    """
    missing = [name for name in NEEDED if name not in visits.column_names]
    if missing:
        raise BadInput(
            "lake.column_missing", f"The rows lack the column {missing[0]}.", column=missing[0]
        )
    rows = visits.select(NEEDED)
    if rows["person"].null_count or rows["place"].null_count:
        rows = rows.filter(pc.and_(pc.is_valid(rows["person"]), pc.is_valid(rows["place"])))
    if rows["time_in"].null_count or rows["recorded_at"].null_count:
        raise BadInput("lake.time_blank", "A visit without time in or recorded-at has no place.")
    time_in, recorded = _seconds(rows["time_in"]), _seconds(rows["recorded_at"])
    time_out = _seconds(pc.coalesce(rows["time_out"], rows["time_in"]))
    stay = sorting.stays(time_in, time_out)
    place = rows["place"].to_numpy().astype(np.int32, copy=False)
    if len(place) and not 0 <= int(place.min()) <= int(place.max()) <= PLACE_MOST:
        raise BadInput("lake.place_key", f"Place keys of the hot index go from 0 to {PLACE_MOST}.")
    person = rows["person"].to_numpy().astype(np.int64, copy=False)
    return Columns(person, place, time_in, stay, recorded)


def _seconds(column: pa.ChunkedArray) -> Array:
    array: Array = column.cast(SECONDS, safe=False).cast(pa.int64()).to_numpy()
    return array


def joined(parts: list[Columns]) -> Columns:
    names = [field.name for field in dataclasses.fields(Columns)]
    return Columns(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))


def days(rows: Columns) -> Iterator[tuple[dt.date, Columns]]:
    """(Beijing day, its rows), in order."""
    if len(rows) == 0:
        return
    first, last = (
        (int(moment) + BEIJING_OFFSET_S) // DAY_S
        for moment in (rows.time_in.min(), rows.time_in.max())
    )
    if first == last:
        yield _date(first), rows
        return
    code = sorting.seconds(rows.time_in, first * DAY_S - BEIJING_OFFSET_S) // DAY_S
    for n in np.flatnonzero(np.bincount(code)):
        yield _date(first + int(n)), rows.take(np.flatnonzero(code == n))


def _date(day: int) -> dt.date:
    return dt.date(1970, 1, 1) + dt.timedelta(days=day)


def begin_s(day: dt.date) -> int:
    """Start of the Beijing day, seconds since 1970."""
    return (day - dt.date(1970, 1, 1)).days * DAY_S - BEIJING_OFFSET_S


class Rows(NamedTuple):
    """Rows of one day as they are packed: dense person, place, second of the day, stay; int32."""

    person: Array
    place: Array
    tod: Array
    stay: Array


def rows_in(rows: Columns, begin_s: int, dense: Array) -> Rows:
    """The rows of the day that starts at `begin_s`; `dense` are the persons' ids."""
    return Rows(dense, rows.place, sorting.seconds(rows.time_in, begin_s), rows.stay)


def stacked(parts: list[Rows]) -> Rows:
    return Rows(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def packed(rows: Rows, *, begin_s: int, known_to_s: int, people: int, threads: int = 1) -> Segment:
    """The segment of one day's rows; ids of persons are below `people`.

    The two orders know nothing of each other, so two threads make them side by side.
    """
    if threads == 1:
        by_person, by_place = _by_person(rows, people), _by_place(rows)
    else:
        with ThreadPoolExecutor(2) as pool:
            one, other = (
                pool.submit(_by_person, rows, people),
                pool.submit(_by_place, rows),
            )
            by_person, by_place = one.result(), other.result()
    offsets, person_rows, longest = by_person
    bits, ranks, place_offsets, place_rows = by_place
    return Segment(
        begin_s=begin_s,
        known_to_s=known_to_s,
        longest=int(longest),
        place_bits=bits,
        place_ranks=ranks,
        place_offsets=place_offsets,
        person_offsets=offsets,
        place_rows=place_rows,
        person_rows=person_rows,
    )


def _by_person(rows: Rows, people: int) -> tuple[Array, Array, int]:
    """(person_offsets, person_rows, most rows of one person)."""
    found: tuple[Array, Array, int]
    if people >> BLOCK_BITS <= _SPARSE * len(rows.person):
        found = sorting.person_side(*rows, people)
    else:
        order = np.argsort(rows.person)
        few = Rows(*(column[order] for column in rows))
        found = sorting.person_side_few(*few, people)
    return found


def _by_place(rows: Rows) -> tuple[Array, ...]:
    """(place_bits, place_ranks, place_offsets, place_rows).

    A few rows of places with great keys are numbered first, so as not to count over all keys.
    """
    person, place, tod, stay = rows
    bins = int(place.max(initial=0)) + 1
    if bins <= _SPARSE * len(place) + _SPARSE:
        found: tuple[Array, ...] = sorting.place_side(person, place, tod, stay, bins)
        return found
    keys, codes = np.unique(place, return_inverse=True)
    codes = codes.astype(np.int32)
    _, _, offsets, words = sorting.place_side(person, codes, tod, stay, len(keys))
    bits = np.zeros(-(-bins // 64), np.uint64)
    np.bitwise_or.at(bits, keys >> 6, np.uint64(1) << (keys & 63).astype(np.uint64))
    ranks = np.searchsorted(keys, 64 * np.arange(len(bits))).astype(np.uint32)
    return bits, ranks, offsets, words


def unpacked(part: Segment) -> Rows:
    """The rows of a segment again."""
    return Rows(*sorting.unpacked(part.person_offsets, part.person_rows))


def rows_of(part: Segment, pseudonym: Array) -> Columns:
    """The rows of a segment again; `pseudonym` by dense id.  Recorded-at is the segment's."""
    person, place, tod, stay = unpacked(part)
    time_in = tod.astype(np.int64) + part.begin_s
    recorded = np.full(len(person), part.known_to_s, np.int64)
    return Columns(pseudonym[person], place, time_in, stay, recorded)
