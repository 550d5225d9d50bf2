"""Places as the questions see them: figures by kind, what is part of what, who is near whom."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from zhongshu.engines.tracing import model
from zhongshu.kernel.segments import Array
from zhongshu.kernel.spots import DEEPEST

NOTHING = -1


@dataclasses.dataclass(frozen=True)
class PlaceTree:
    """By place key; a key beyond the arrays is a place nobody described, part of nothing.

    kind: number of the kind among the rules', the last one for undescribed.  parent: the whole, or
    `NOTHING`; number: its order there, nan for none; read: whether the rules read scans there.
    The parts of a place are ``parts[starts[key]:starts[key + 1]]``.  imputed_s, max_s, apart: by
    kind.
    """

    kind: Array
    parent: Array
    number: Array
    read: Array
    parts: Array
    starts: Array
    imputed_s: Array
    max_s: Array
    apart: Array

    @classmethod
    def of(cls, places: pa.Table, rules: model.TraceRules) -> PlaceTree:
        """places: model.PLACES.  Of several rows for one place the first kind in order holds, the
        lowest whole and number; it is not read if any of them says so."""
        table = model.checked_places(places)
        key = table["place"].to_numpy()
        keys = int(key.max(initial=NOTHING)) + 1
        kind = np.full(keys, len(rules.kinds), np.int64)
        code = pc.index_in(table["kind"], value_set=pa.array(rules.kinds, pa.string()))
        np.minimum.at(kind, key, np.asarray(pc.fill_null(code, len(rules.kinds)), np.int64))
        never = np.iinfo(np.int64).max
        parent = np.full(keys, never)
        whole = table["parent"].cast(pa.int64())
        np.minimum.at(parent, key, np.asarray(pc.fill_null(whole, never), np.int64))
        parent[parent == never] = NOTHING
        number = np.full(keys, np.nan)
        told = table["number"].cast(pa.float64()).to_numpy(zero_copy_only=False)
        np.fmin.at(number, key, told)
        unread = pc.is_in(table["kind"], value_set=pa.array(sorted(rules.not_read), pa.string()))
        read = np.ones(keys, np.bool_)
        read[key[np.asarray(unread)]] = False
        parts = np.argsort(parent, kind="stable")
        parts = parts[parent[parts] != NOTHING]
        each = [rules.for_kind(one) for one in (*rules.kinds, None)]
        return cls(
            kind,
            parent,
            number,
            read,
            parts,
            np.searchsorted(parent[parts], np.arange(keys + 1)),
            np.array([round(rule.imputed_stay_min * 60) for rule in each], np.int64),
            np.array([round(rule.max_stay_min * 60) for rule in each], np.int64),
            np.array([rules.near_apart.get(one, 0.0) for one in rules.kinds] + [0.0]),
        )

    def kind_of(self, places: Array) -> Array:
        """Kind number of each place."""
        return self._looked_up(self.kind, places, len(self.max_s) - 1)

    def is_read(self, places: Array) -> Array:
        """Whether the rules read scans at each place."""
        return self._looked_up(self.read, places, True)

    @staticmethod
    def _looked_up(column: Array, places: Array, otherwise: int) -> Array:
        found = np.full(len(places), otherwise, column.dtype)
        inside = np.flatnonzero((places >= 0) & (places < len(column)))
        found[inside] = column[places[inside]]
        return found

    def reach_s(self) -> int:
        """No stay of any kind is longer; seconds."""
        return int(self.max_s.max())

    def above(self, place: int) -> list[int]:
        """The wholes a place is part of, the nearest first."""
        found: list[int] = []
        while 0 <= place < len(self.parent) and len(found) < DEEPEST:
            place = int(self.parent[place])
            if place == NOTHING:
                break
            found.append(place)
        return found

    def whole(self, places: Array) -> Array:
        """The outermost whole of each place, itself if it is part of nothing."""
        top = places.copy()
        for _ in range(DEEPEST):
            inside = (top >= 0) & (top < len(self.parent))
            up = np.full(len(top), NOTHING, np.int64)
            up[inside] = self.parent[top[inside]]
            if not (up != NOTHING).any():
                break
            top = np.where(up == NOTHING, top, up)
        return top

    def within(self, place: int) -> list[int]:
        """The place and all its parts, at any depth."""
        found, level = [place], [place]
        for _ in range(DEEPEST):
            level = [part for whole in level for part in self._parts(whole)]
            if not level:
                break
            found += level
        return found

    def _parts(self, place: int) -> list[int]:
        if not 0 <= place < len(self.parent):
            return []
        found: list[int] = self.parts[self.starts[place] : self.starts[place + 1]].tolist()
        return found

    def around(self, places: Iterable[int]) -> Array:
        """The places, all their parts, and the wholes they are part of: of somebody known to be
        at the whole nobody knows in which part."""
        found: set[int] = set()
        for place in places:
            found.update(self.within(place))
            found.update(self.above(place))
        return np.array(sorted(found), np.int64)

    def near(self, one: int, other: int) -> bool:
        """Whether people at both may have been together; see `model.TraceRules.near_apart`."""
        if one == other or one in self.above(other) or other in self.above(one):
            return True
        last = len(self.parent)
        if not (0 <= one < last and 0 <= other < last):
            return False
        if self.parent[one] == NOTHING or self.parent[one] != self.parent[other]:
            return False
        if self.kind[one] != self.kind[other]:
            return False
        apart = self.apart[self.kind[one]]
        # without numbers the difference is nan, which is never small enough
        return bool(np.isinf(apart) or abs(self.number[one] - self.number[other]) <= apart)
