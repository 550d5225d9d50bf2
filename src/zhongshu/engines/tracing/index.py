"""The hot segments as the kernels read them, and the figures of the rules by place.

Kernels get the segments as one table of addresses: a row a segment, a column a section.  That
costs nothing per question, however many days there are; `Index` holds what is mapped for as long
as the addresses are used.
"""

from __future__ import annotations

import dataclasses
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from zhongshu.engines.tracing import model, near
from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.segments import STAY_MOST, Array, Segment, Snapshot

BEGIN, WORDS, BITS, RANKS, PLACE_OFFSETS, PLACE_ROWS, BLOCKS, PERSON_OFFSETS, PERSON_ROWS = range(9)


@dataclasses.dataclass(frozen=True)
class Index:
    """A snapshot ready for kernels.  table: int64[segments, 9], sorted by day."""

    snapshot: Snapshot
    table: Array
    places: int  # one more than the greatest place key
    longest: int  # most rows one person can have in all

    @classmethod
    def of(cls, snapshot: Snapshot) -> Index:
        parts = snapshot.segments
        table = np.array([_addresses(part) for part in parts], np.int64).reshape(-1, 9)
        places = max((64 * len(part.place_bits) for part in parts), default=1)
        return cls(snapshot, table, places, sum(part.longest for part in parts))


def _addresses(part: Segment) -> list[int]:
    return [
        part.begin_s,
        len(part.place_bits),
        part.place_bits.ctypes.data,
        part.place_ranks.ctypes.data,
        part.place_offsets.ctypes.data,
        part.place_rows.ctypes.data,
        len(part.person_offsets) - 1,
        part.person_offsets.ctypes.data,
        part.person_rows.ctypes.data,
    ]


# How kernels read what few questions need: packed in one array of int64, of which `Figures` holds
# the address.  Every array more would be copied into every call, and that is felt.
#
# nearby: [keys, row of each key (-1: near none but itself), where each row begins, near keys].
# Keys are 0 where no place is near another.  A row lies between its beginning and the next, sorted.
#
# merged: [words, aliases, bits, alias, into, head, member]: persons with several dense ids, one of
# them canonical.  bits: a set of all ids that are not, each at the bit of its last digits; a power
# of two of words.  alias, into: sorted by alias; head, member: by the canonical one.
NEAR_ROWS, MERGED_BITS = 1, 2


def nearby_of(pairs: pa.Table, *, keys: int, unread: Array) -> Array:
    """pairs: near.PAIRS; places whose scans are not read are near none."""
    place, other = (pairs[name].to_numpy() for name in pairs.column_names)
    kept = (place < keys) & (other < keys)
    kept &= ~(np.isin(place, unread) | np.isin(other, unread))
    place, other = place[kept], other[kept]
    each, first = np.unique(place, return_index=True)
    if not len(each):
        return np.zeros(1, np.int64)
    row = np.full(keys, -1, np.int64)
    row[each] = np.arange(len(each))
    begin = NEAR_ROWS + keys + len(each) + 1 + np.append(first, len(place))
    return np.concatenate([[keys], row, begin, other]).astype(np.int64)


def widened_nearby(nearby: Array, keys: int) -> Array:
    """The same for more keys, those near none."""
    had = int(nearby[0])
    if not had:
        return nearby
    more = keys - had
    row, rest = nearby[NEAR_ROWS : NEAR_ROWS + had], nearby[NEAR_ROWS + had :].copy()
    rows = int(row.max()) + 1
    rest[: rows + 1] += more
    return np.concatenate([[keys], row, np.full(more, -1), rest]).astype(np.int64)


def merged_of(alias: Array, into: Array) -> Array:
    """Dense ids: those merged, and the canonical one of each."""
    words = 1 << int(np.ceil(np.log2(max(len(alias), 1))))  # 64 bits an alias
    bits = np.zeros(words, np.uint64)
    place = alias & (64 * words - 1)
    np.bitwise_or.at(bits, place >> 6, np.uint64(1) << (place & 63).astype(np.uint64))
    one, other = np.argsort(alias), np.lexsort((alias, into))
    return np.concatenate(
        [[words, len(alias)], bits.view(np.int64), alias[one], into[one], into[other], alias[other]]
    ).astype(np.int64)


NOBODY = merged_of(np.empty(0, np.int64), np.empty(0, np.int64))


class Figures(NamedTuple):
    """The rules by place; seconds.  kind: of each place key; the others are by kind.

    unread: the kind of places whose scans are not read, -1 where all are.  nearby, merged:
    addresses, see above; `RuleTable` holds what is there.
    """

    kind: Array
    min_s: Array
    imputed_s: Array
    max_s: Array
    second_min_s: Array  # nan: not traced at second degree
    reach_s: int  # no stay of any kind is longer
    unread: int
    nearby: int
    merged: int


@dataclasses.dataclass(frozen=True)
class RuleTable:
    """`Figures` and the rule ids they come with, by kind; the last kind is the undescribed.  One
    more kind, without figures, stands for places that are not read."""

    figures: Figures
    rule_ids: tuple[str, ...]
    nearby: Array
    merged: Array

    @classmethod
    def of(cls, rules: model.TraceRules, places: pa.Table, *, keys: int) -> RuleTable:
        """For place keys 0..keys-1.  Refuses stays longer than the index can tell apart."""
        kinds: list[str | None] = [*rules.kinds, None]
        each = [rules.for_kind(kind) for kind in kinds]
        max_s = np.array([round(rule.max_stay_min * 60) for rule in each], np.int64)
        if int(max_s.max()) >= STAY_MOST:
            raise BadInput(
                "tracing.stay_too_long",
                f"The hot index tells stays apart up to {STAY_MOST // 3600} hours; "
                "ask the Parquet files.",
            )
        never = np.nan
        seconds = [rule.second_min_overlap_min for rule in each]
        hidden = near.hidden(places, rules)
        kind = _kinds(rules.kinds, places, keys)
        kind[hidden[(hidden >= 0) & (hidden < keys)]] = len(kinds)
        nearby = nearby_of(near.pairs(places, rules), keys=keys, unread=hidden)
        figures = Figures(
            kind,
            np.array([rule.min_overlap_min * 60 for rule in each], np.float64),
            np.array([round(rule.imputed_stay_min * 60) for rule in each], np.int64),
            max_s,
            np.array([never if least is None else least * 60 for least in seconds], np.float64),
            int(max_s.max()),
            len(kinds) if len(hidden) else -1,
            nearby.ctypes.data,
            NOBODY.ctypes.data,
        )
        return cls(figures, tuple(rule.rule_id for rule in each), nearby, NOBODY)

    def widened(self, keys: int) -> RuleTable:
        """The same with room for more place keys, all of them undescribed."""
        kind = np.full(keys, len(self.rule_ids) - 1, np.uint8)
        kind[: len(self.figures.kind)] = self.figures.kind
        nearby = widened_nearby(self.nearby, keys)
        figures = self.figures._replace(kind=kind, nearby=nearby.ctypes.data)
        return dataclasses.replace(self, figures=figures, nearby=nearby)

    def merging(self, merged: Array) -> RuleTable:
        """merged: from `merged_of`."""
        figures = self.figures._replace(merged=merged.ctypes.data)
        return dataclasses.replace(self, figures=figures, merged=merged)


def _kinds(kinds: tuple[str, ...], places: pa.Table, keys: int) -> Array:
    """Kind number of each place key; of two rows for one place the first name in order holds."""
    named = model.checked_places(places)
    found = np.full(keys, len(kinds), np.uint8)
    key = named["place"].to_numpy()
    code = np.asarray(
        pa.compute.fill_null(
            pa.compute.index_in(named["kind"], value_set=pa.array(kinds, pa.string())), len(kinds)
        )
    )
    known = (code < len(kinds)) & (key >= 0) & (key < keys)
    np.minimum.at(found, key[known], code[known].astype(np.uint8))
    return found


class Scratch(NamedTuple):
    """Room for one person's scans and stays, and marks by place; one per thread and role."""

    t0: Array
    place: Array
    stay: Array
    stay_place: Array
    stay_t0: Array
    stay_t1: Array
    stay_sure: Array
    open_mark: Array  # by place: ticket of the person it was last used for
    open_at: Array  # by place: his last stay there
    ticket: Array

    @classmethod
    def of(cls, *, scans: int, places: int) -> Scratch:
        a, b, c, d, e, f, g = (np.empty(scans, np.int64) for _ in range(7))
        mark, at = np.zeros(places, np.int32), np.zeros(places, np.int32)
        return cls(a, b, c, d, e, f, g, mark, at, np.zeros(1, np.int64))


class Marks(NamedTuple):
    """Stamps by person, so that nothing has to be cleared between questions."""

    seen: Array
    met: Array
    at: Array  # by person: where in `found` he is
    found: Array  # persons of the current search
    scan: Array  # of each of `found`: his scan there as time in << 18 | stay, -1 for several;
    # in `kernels_questions.visitors` by person: below zero, the ticket and what he was seen in
    spot: Array  # of each of `found`: the place of that scan
    ticket: Array

    @classmethod
    def of(cls, people: int) -> Marks:
        seen, met, at, found, spot = (np.zeros(people + 1, np.int32) for _ in range(5))
        scan = np.zeros(people + 1, np.int64)  # zeros: no stamp of an earlier room lies there
        return cls(seen, met, at, found, scan, spot, np.zeros(1, np.int64))
