"""From visits as they come to segments: columns checked, days parted, both orders made."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.segments import DAY_S, PLACE_MOST, STAY_MOST, Array, Segment
from zhongshu.lake.hot import sorting
from zhongshu.lake.schema import SECONDS
from zhongshu.lake.store import BEIJING_OFFSET_S

NEEDED = ("person", "place", "time_in", "time_out", "recorded_at")
_SMALL = 8  # below 1/8 of the people, sorting rows is cheaper than counting over all of them


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
    place = rows["place"].to_numpy().astype(np.int32, copy=False)
    if len(place) and not 0 <= int(place.min()) <= int(place.max()) <= PLACE_MOST:
        raise BadInput("lake.place_key", f"Place keys of the hot index go from 0 to {PLACE_MOST}.")
    person = rows["person"].to_numpy().astype(np.int64, copy=False)
    stay = np.clip(time_out - time_in, 0, STAY_MOST).astype(np.int32)
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
    day = (rows.time_in + BEIJING_OFFSET_S) // DAY_S
    first = int(day.min())
    code = (day - first).astype(np.int32)
    counts = np.bincount(code)
    if np.count_nonzero(counts) == 1:
        yield _date(first), rows
        return
    for n in np.flatnonzero(counts):
        yield _date(first + int(n)), rows.take(np.flatnonzero(code == n))


def _date(day: int) -> dt.date:
    return dt.date(1970, 1, 1) + dt.timedelta(days=day)


def begin_s(day: dt.date) -> int:
    """Start of the Beijing day, seconds since 1970."""
    return (day - dt.date(1970, 1, 1)).days * DAY_S - BEIJING_OFFSET_S


def segment(day: dt.date, rows: Columns, *, dense: Array, people: int) -> Segment:
    """The segment of one day's rows; `dense` are the persons' ids, below `people`."""
    start = begin_s(day)
    tod = (rows.time_in - start).astype(np.int32)
    who = dense.astype(np.int32)
    small = len(who) < people // _SMALL
    order = np.lexsort((tod, who)).astype(np.int32) if small else np.empty(0, np.int32)
    offsets, person_rows, longest, bits, ranks, place_offsets, place_rows = sorting.both_orders(
        who, rows.place, tod, rows.stay, people, order
    )
    return Segment(
        begin_s=start,
        known_to_s=int(rows.recorded_at.max(initial=0)),
        longest=int(longest),
        place_bits=bits,
        place_ranks=ranks,
        place_offsets=place_offsets,
        person_offsets=offsets,
        place_rows=place_rows,
        person_rows=person_rows,
    )


def rows_of(part: Segment, pseudonym: Array) -> Columns:
    """The rows of a segment again; `pseudonym` by dense id.  Recorded-at is the segment's."""
    person, place, tod, stay = sorting.unpacked(part.person_offsets, part.person_rows)
    time_in = tod.astype(np.int64) + part.begin_s
    recorded = np.full(len(person), part.known_to_s, np.int64)
    return Columns(pseudonym[person], place, time_in, stay, recorded)
