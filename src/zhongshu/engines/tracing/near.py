"""Which places are near each other, by the way they are parts of one another.

A floor, carriage, seat row or cabin is a place of its own; `parent` is the whole it is part of,
`number` its order there.  Two places are *near* if

- they are the same place,
- or one is a part of the other, however deep: crew and passengers whose seat nobody knows are at
  the whole,
- or they are parts of the same whole, of the same kind, and their numbers are at most
  `TraceRules.near_apart` of that kind apart; with infinity, any two parts of that whole.

A meeting is an overlap of stays at near places.  Somebody's stays near a place that overlap or
touch are one presence there, as his stays at one place are one stay.  Number the level at which
distance counts and no other: where bays of a train are near, carriages must have no number.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from zhongshu.engines.tracing import model
from zhongshu.engines.tracing.ragged import expanded
from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.segments import Array
from zhongshu.kernel.spots import DEEPEST

PAIRS = pa.schema([("place", pa.int32()), ("near", pa.int32())])
_GAP = 1 << 34  # between the numbers of two groups; an int32 and its reach fit in


class Spots(NamedTuple):
    """One element per place, by key.  kind: its place among the rules' kinds, or their number;
    parent, numbered: -1, False for none.  See `of` for places with several rows."""

    place: Array
    kind: Array
    parent: Array
    number: Array
    numbered: Array


def pairs(places: pa.Table, rules: model.TraceRules) -> pa.Table:
    """PAIRS, both ways and sorted, of all places that are near another than themselves.

    places: model.PLACES.  Refuses a place that is part of itself.
    """
    spots = _spots(model.checked_places(places), rules)
    if not (spots.parent >= 0).any():
        return PAIRS.empty_table()
    part, whole = _wholes(spots)
    one, other = _siblings(spots, rules)
    found = np.stack(
        [np.concatenate([part, whole, one]), np.concatenate([whole, part, other])], axis=1
    )
    found = np.unique(found[found[:, 0] != found[:, 1]], axis=0).astype(np.int32)
    return pa.table([found[:, 0], found[:, 1]], schema=PAIRS)


def hidden(places: pa.Table, rules: model.TraceRules) -> Array:
    """Keys of the places whose scans the question does not read, sorted: those with a kind of
    `TraceRules.not_read`."""
    table = model.checked_places(places)
    unread = pc.is_in(table["kind"], value_set=pa.array(sorted(rules.not_read), pa.string()))
    found: Array = np.unique(table["place"].filter(unread).drop_null().to_numpy())
    return found


def _spots(table: pa.Table, rules: model.TraceRules) -> Spots:
    """Of several rows for one place the first kind in order holds, the lowest whole and number."""
    table = table.filter(pc.is_valid(table["place"]))
    kinds = len(rules.kinds)
    code = pc.index_in(table["kind"], value_set=pa.array(rules.kinds, pa.string()))
    kind = pc.fill_null(code, kinds).to_numpy()
    most = np.iinfo(np.int64).max
    parent, number = (
        pc.fill_null(table[name].cast(pa.int64()), most).to_numpy() for name in ("parent", "number")
    )
    place, row = np.unique(table["place"].to_numpy(), return_inverse=True)
    lowest = [np.full(len(place), most) for _ in range(3)]
    for least, values in zip(lowest, (kind, parent, number), strict=True):
        np.minimum.at(least, row, values)
    none = lowest[1] == most
    return Spots(place, lowest[0], np.where(none, -1, lowest[1]), lowest[2], lowest[2] != most)


def _wholes(spots: Spots) -> tuple[Array, Array]:
    """(place, a whole it is part of), of every depth."""
    part = spots.place[spots.parent >= 0]
    whole = spots.parent[spots.parent >= 0]
    parts, wholes = [], []
    for _ in range(DEEPEST):
        parts.append(part)
        wholes.append(whole)
        at = np.minimum(np.searchsorted(spots.place, whole), len(spots.place) - 1)
        above = np.where(spots.place[at] == whole, spots.parent[at], -1)
        part, whole = part[above >= 0], above[above >= 0]
        if not len(part):
            return np.concatenate(parts), np.concatenate(wholes)
    raise BadInput(
        "tracing.place_in_itself",
        f"Place {part[0]} is part of a place that is part of it; name the whole it is in.",
        places=part[:20].tolist(),
    )


def _siblings(spots: Spots, rules: model.TraceRules) -> tuple[Array, Array]:
    """(place, place) under the same whole, of the same kind and close enough."""
    apart = np.array([*(rules.near_apart.get(kind, 0.0) for kind in rules.kinds), 0.0])
    own = apart[spots.kind]
    everybody = np.isinf(own)
    rows = np.flatnonzero((spots.parent >= 0) & (everybody | spots.numbered))
    group = spots.parent[rows] * len(apart) + spots.kind[rows]
    group = np.unique(group, return_inverse=True)[1].astype(np.int64)
    number = np.where(everybody[rows], 0, spots.number[rows]) + (1 << 31)
    line = group * _GAP + number
    order = np.argsort(line, kind="stable")
    rows, line = rows[order], line[order]
    reach = np.where(everybody[rows], 0, np.minimum(own[rows], 1 << 32)).astype(np.int64)
    first = np.searchsorted(line, line - reach, "left")
    one, other = expanded(first, np.searchsorted(line, line + reach, "right") - first)
    return spots.place[rows[one]], spots.place[rows[other]]
