"""A day of the truth as a segment, read in parts from its file by place.

Eight bytes a row are kept in either order and nothing else of the rows: a province's day of 136
million visits takes 2.2 GB instead of 16.  The file is sorted by place and second already, so the
order by place is only mended where seconds tie; the order by person is counted out of it.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.segments import BLOCK_BITS, DAY_S, PERSON_MOST, PLACE_MOST, Array, Segment
from zhongshu.lake import manifest
from zhongshu.lake.hot import build, folding, sorting

_GROUPS = 4  # row groups a part: half a million rows
_THREADS = 2
_COLUMNS = {  # name -> what stands for a blank
    "place": -1,
    "time_in_s": 0,
    "person_no": -1,
    "stay_s": 0,
    "delay_s": 0,
    "superseded_s": 0,
}
_ALWAYS = 1 << 62


@dataclasses.dataclass(frozen=True, slots=True)
class Copy:
    """Rows of a day that count, by place: words of second, number of the person in the lake, and
    stay, as in `segments.Segment.place_rows`.

    keys, counts: of the places, in order.  numbers: of the persons with a row, in order.
    later: when the first row that was not known yet was recorded; None: there is none.
    """

    begin_s: int
    words: Array
    keys: Array
    counts: Array
    numbers: Array
    known_to_s: int
    later: int | None

    def __len__(self) -> int:
        return len(self.words)


class _Part(NamedTuple):
    at: int
    kept: int
    keys: Array
    counts: Array
    known_to_s: int
    later: int


def read(path: Path, day: dt.date, *, people: int, known_at: int | None = None) -> Copy:
    """What a packed file by place (`kernel.visitfiles.PACKED`) holds of `day`.

    people: numbers of persons are below.  known_at: seconds since 1970; only versions that were
    the newest then count; None: the newest of all.  Rows without person or place are left out.
    Refuses a file that is not such a file, and place keys beyond 2^25.
    """
    try:
        sizes = _sizes(path)
        starts = np.concatenate([[0], np.cumsum(sizes)])
        words = np.empty(starts[-1], np.uint64)
        seen = np.zeros(people, np.bool_)
        taken = _Taken(path, build.begin_s(day), _ALWAYS if known_at is None else known_at, seen)
        spans = [range(n, min(n + _GROUPS, len(sizes))) for n in range(0, len(sizes), _GROUPS)]
        with ThreadPoolExecutor(_THREADS) as pool:
            parts = list(
                pool.map(lambda span: taken.part(span, int(starts[span.start]), words), spans)
            )
    except (pa.ArrowInvalid, OSError) as error:
        raise manifest.damaged(path, "it is not a readable Parquet file") from error
    keys, counts = _places(parts)
    if len(keys) and (np.diff(keys) <= 0).any():
        raise manifest.damaged(path, "it is not sorted by place")
    later = min((part.later for part in parts), default=_ALWAYS)
    return Copy(
        begin_s=build.begin_s(day),
        words=_together(words, parts),
        keys=keys,
        counts=counts,
        numbers=np.flatnonzero(seen),
        known_to_s=max((part.known_to_s for part in parts), default=0),
        later=None if later == _ALWAYS else later,
    )


def _sizes(path: Path) -> list[int]:
    """Rows of each row group."""
    meta = pq.read_metadata(path)
    return [meta.row_group(n).num_rows for n in range(meta.num_row_groups)]


@dataclasses.dataclass(frozen=True)
class _Taken:
    """Takes parts of a file, by several threads."""

    path: Path
    begin_s: int
    known_at: int
    seen: Array

    def part(self, groups: range, at: int, words: Array) -> _Part:
        """Put the rows of these row groups into `words` from `at` on."""
        with pq.ParquetFile(self.path) as file:
            rows = file.read_row_groups(list(groups), columns=list(_COLUMNS), use_threads=False)
        columns = {name: _filled(rows[name], blank) for name, blank in _COLUMNS.items()}
        self._check(columns)
        found = folding.known_words(
            tuple(columns.values()), self.begin_s, self.known_at, words[at:], self.seen
        )
        return _Part(at, *found)

    def _check(self, columns: dict[str, Array]) -> None:
        seconds, place = columns["time_in_s"], columns["place"]
        if int(place.max(initial=0)) > PLACE_MOST:
            raise BadInput(
                "lake.place_key", f"Place keys of the hot index go from 0 to {PLACE_MOST}."
            )
        first, last = int(seconds.min()), int(seconds.max())
        if first < self.begin_s or last >= self.begin_s + DAY_S:
            raise manifest.damaged(self.path, "it holds visits of another day")
        if int(columns["person_no"].max()) >= min(len(self.seen), PERSON_MOST):
            raise manifest.damaged(self.path, "it names persons the lake does not know")


def _filled(column: pa.ChunkedArray, blank: int) -> Array:
    if column.null_count:
        column = column.fill_null(blank)
    array: Array = column.to_numpy()
    array = array.view()
    array.flags.writeable = False  # as some are: one kernel is compiled then
    return array


def _places(parts: list[_Part]) -> tuple[Array, Array]:
    """(keys, rows of each); a place that two parts share is one."""
    keys = np.concatenate([np.empty(0, np.int32), *(part.keys for part in parts)])
    counts = np.concatenate([np.empty(0, np.int64), *(part.counts for part in parts)])
    if len(keys) == 0:
        return keys, counts
    first = np.flatnonzero(np.append(True, keys[1:] != keys[:-1]))
    return keys[first], np.add.reduceat(counts, first)


def _together(words: Array, parts: list[_Part]) -> Array:
    """The words of all parts one after the other, where rows were left out."""
    count = 0
    for part in parts:
        if part.at != count:
            words[count : count + part.kept] = words[part.at : part.at + part.kept]
        count += part.kept
    return words[:count]


def segment(copy: Copy, dense: Array, *, people: int) -> Segment:
    """The segment of the rows; it takes the words over.

    dense: id of the person of each number, int32, whatever it is where nobody has a row; ids are
    below `people`.
    """
    words = copy.words
    with ThreadPoolExecutor(_THREADS) as pool:
        by_person, offsets = _by_person(copy, dense, (people >> BLOCK_BITS) + 1, pool)
        other = pool.submit(sorting.blocks_sorted, by_person, offsets)
        bits, ranks, place_offsets, kept = folding.place_sorted(words, copy.keys, copy.counts)
        found, longest = other.result()
    return Segment(
        begin_s=copy.begin_s,
        known_to_s=copy.known_to_s,
        longest=int(longest),
        place_bits=bits,
        place_ranks=ranks,
        place_offsets=place_offsets,
        person_offsets=offsets,
        place_rows=words[:kept].view(np.int64),
        person_rows=by_person[:found].view(np.int64),
    )


def _by_person(
    copy: Copy, dense: Array, blocks: int, pool: ThreadPoolExecutor
) -> tuple[Array, Array]:
    """(words in the order of blocks of persons, offsets of these); numbers in the words of `copy`
    become ids."""
    words, halves = copy.words, _halves(copy)
    renamed = [
        pool.submit(folding.renamed, words[first:end], dense, blocks) for _, first, end in halves
    ]
    offsets, at = folding.places_in([half.result() for half in renamed])
    out = np.empty(len(copy), np.uint64)
    spread = []
    for (places, first, end), begin in zip(halves, at, strict=True):
        rows = words[first:end], copy.keys[places], copy.counts[places]
        spread.append(pool.submit(folding.spread, *rows, begin, out))
    for half in spread:
        half.result()
    return out, offsets


def _halves(copy: Copy) -> list[tuple[slice, int, int]]:
    """(places, first row, end of the rows) for each thread."""
    ends = np.cumsum(copy.counts)
    middle = int(np.searchsorted(ends, len(copy) // 2))
    row = int(ends[middle - 1]) if middle else 0
    return [(slice(0, middle), 0, row), (slice(middle, None), row, len(copy))]
