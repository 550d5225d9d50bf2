"""Places as the questions see them: figures by kind, what is part of what, who is near whom."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

import numpy as np
import pyarrow as pa

from zhongshu.engines.tracing import model
from zhongshu.kernel.segments import Array

NOTHING = -1
DEEPEST = 16  # parts within parts; more is a circle


@dataclasses.dataclass(frozen=True)
class PlaceTree:
    """By place key; a key beyond the arrays is a place nobody described, part of nothing.

    kind: number of the kind among `kinds`, the last one for undescribed.  parent: the whole, or
    `NOTHING`; number: its order there, nan for none.  The parts of a place are
    ``parts[starts[key]:starts[key + 1]]``.  imputed_s, max_s, read, apart: by kind.
    """

    kinds: tuple[str | None, ...]
    kind: Array
    parent: Array
    number: Array
    parts: Array
    starts: Array
    imputed_s: Array
    max_s: Array
    read: Array
    apart: Array

    @classmethod
    def of(cls, places: pa.Table, rules: model.TraceRules) -> PlaceTree:
        """places: model.PLACES; of two rows for one place the first kind in order holds."""
        table = model.checked(places, model.PLACES, "places")
        key = table["place"].to_numpy()
        keys = int(key.max(initial=NOTHING)) + 1
        kinds = (*rules.kinds, *sorted(rules.not_read - set(rules.kinds)), None)
        kind = np.full(keys, len(kinds) - 1, np.int64)
        known = pa.array(kinds[:-1], pa.string())
        code = pa.compute.index_in(table["kind"], value_set=known)
        code = np.asarray(pa.compute.fill_null(code, len(kinds) - 1))
        np.minimum.at(kind, key, code.astype(np.int64))
        parent = np.full(keys, NOTHING, np.int64)
        parent[key] = np.asarray(pa.compute.fill_null(table["parent"], NOTHING))
        number = np.full(keys, np.nan)
        number[key] = np.asarray(table["number"].cast(pa.float64()).fill_null(np.nan))
        order = np.argsort(parent, kind="stable")
        order = order[parent[order] != NOTHING]
        each = [rules.for_kind(one) for one in kinds]
        return cls(
            kinds,
            kind,
            parent,
            number,
            order,
            np.searchsorted(parent[order], np.arange(keys + 1)),
            np.array([round(rule.imputed_stay_min * 60) for rule in each], np.int64),
            np.array([round(rule.max_stay_min * 60) for rule in each], np.int64),
            np.array([one not in rules.not_read for one in kinds]),
            np.array([rules.near_apart.get(one or "", 0.0) for one in kinds]),
        )

    def kind_of(self, places: Array) -> Array:
        """Kind number of each place."""
        known = (places >= 0) & (places < len(self.kind))
        undescribed = len(self.kinds) - 1
        if not len(self.kind):
            return np.full(len(places), undescribed, np.int64)
        return np.where(known, self.kind[np.where(known, places, 0)], undescribed)

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
        return bool(abs(self.number[one] - self.number[other]) <= self.apart[self.kind[one]])
