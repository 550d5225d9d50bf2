"""Visits of a Beijing day as packed arrays: what the lake keeps and the tracing kernels read.

Persons are dense ids, given by the lake in the order it first met them; places are lake keys.
Two orders of the same rows, eight bytes a row in each:

``person_rows``  low four bits of the person (4) | second of the day (17) | place (25) | stay (18)
``place_rows``   second of the day (17) | person (29) | stay (18)

`stay` is seconds between time in and time out, 0 where no time out is known, `STAY_MOST` for
that and anything longer.  Persons come in blocks of sixteen: rows of block b are
``person_rows[person_offsets[b]:person_offsets[b + 1]]``, sorted.  Places are found by bit:
``place_bits`` says which keys have rows, ``place_ranks`` how many of them lie before each word,
``place_offsets`` where the rows of the n-th begin, sorted by second and person.
"""

from __future__ import annotations

import dataclasses
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

TOD_BITS, STAY_BITS, PLACE_BITS, PERSON_BITS, BLOCK_BITS = 17, 18, 25, 29, 4
STAY_MOST = (1 << STAY_BITS) - 1
PLACE_MOST = (1 << PLACE_BITS) - 1
PERSON_MOST = (1 << PERSON_BITS) - 1
DAY_S = 86_400
_MANY = 1000  # from here on looking up in order is quicker: each search begins where one ended

Array = npt.NDArray[Any]

SECTIONS: dict[str, str] = {  # name -> dtype on disk
    "place_bits": "<u8",
    "place_ranks": "<u4",
    "place_offsets": "<u4",
    "person_offsets": "<u4",
    "place_rows": "<i8",
    "person_rows": "<i8",
}


@dataclasses.dataclass(frozen=True, slots=True)
class Segment:
    """Rows of one day, or a part of them not sealed yet.

    begin_s: the day's start, seconds since 1970.  known_to_s: the latest recorded-at among them.
    longest: most rows of one person.
    """

    begin_s: int
    known_to_s: int
    longest: int
    place_bits: Array
    place_ranks: Array
    place_offsets: Array
    person_offsets: Array
    place_rows: Array
    person_rows: Array

    @property
    def rows(self) -> int:
        return len(self.person_rows)

    @property
    def bytes(self) -> int:
        return sum(getattr(self, name).nbytes for name in SECTIONS)


class Run(NamedTuple):
    """Pseudonyms in order, and the id of each, or of the first if they follow each other."""

    values: Array
    ids: Array | int


@dataclasses.dataclass(frozen=True, slots=True)
class People:
    """Pseudonyms by dense id: the persisted ones, perhaps memory-mapped, then those of the tail.

    runs: the same for looking up; a pseudonym is in one of them.
    """

    base: Array
    extra: Array
    runs: tuple[Run, ...]

    def __len__(self) -> int:
        return len(self.base) + len(self.extra)

    def dense(self, pseudonyms: Array) -> Array:
        """Dense id (int64) of each pseudonym, -1 for one never met."""
        found = np.full(len(pseudonyms), -1, np.int64)
        order = np.argsort(pseudonyms) if len(pseudonyms) > _MANY else None
        wanted = pseudonyms if order is None else pseudonyms[order]
        for run in self.runs:
            at, hit = _looked_up(run.values, wanted)
            found[hit] = at[hit] + run.ids if isinstance(run.ids, int) else run.ids[at[hit]]
        if order is None:
            return found
        out = np.empty_like(found)
        out[order] = found
        return out

    def pseudonyms(self, dense: Array) -> Array:
        """The inverse of `dense`, for ids that were given."""
        known = len(self.base)
        if len(self.extra) == 0:
            return np.asarray(self.base[dense])
        late = dense >= known
        out = np.empty(len(dense), np.int64)
        out[~late] = self.base[dense[~late]]
        out[late] = self.extra[dense[late] - known]
        return out


def _looked_up(run: Array, values: Array) -> tuple[Array, Array]:
    """(position, whether it is there) of each value in a sorted run."""
    if len(run) == 0:
        return np.zeros(len(values), np.int64), np.zeros(len(values), np.bool_)
    at = np.searchsorted(run, values)
    at[at == len(run)] = 0
    return at, run[at] == values


@dataclasses.dataclass(frozen=True, slots=True)
class Snapshot:
    """What a question sees: segments by day (several may share one) and the people in them."""

    segments: tuple[Segment, ...]
    people: People

    @property
    def rows(self) -> int:
        return sum(part.rows for part in self.segments)

    @property
    def bytes(self) -> int:
        return sum(part.bytes for part in self.segments) + self.people.base.nbytes

    @property
    def known_to_s(self) -> int:
        return max((part.known_to_s for part in self.segments), default=0)
