"""Why a need is not met: looked for in what the finished plan leaves unused.

If some store could still give, and reach the need in time, only room on the way can bind; if a
supplier had more, only its days; else there is nothing left.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csgraph, csr_matrix

from zhongshu.engines.supply.network.build import Part
from zhongshu.engines.supply.network.ground import Ground

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
SPARE = 1e-4


class Reasons:
    """Of one good; full_out, full_in: by store and day, whether its room was used up."""

    def __init__(
        self, ground: Ground, part: Part, x: Floats, *, full_out: Bools, full_in: Bools
    ) -> None:
        self._ground, self._part, self._x = ground, part, x
        self._full_out, self._full_in = full_out, full_in
        self._lead = _leads(ground, cold=part.good.cold)
        kept = x[part.layers[-1].kept]
        self._spare = np.minimum.accumulate(kept[:, ::-1], axis=1)[:, ::-1]
        """By store and day: what may still leave without hurting a later day."""

    def of(self, store: int, day: int) -> tuple[str, str | None]:
        """The reason, and the store or supplier that binds."""
        ready = np.argmax(self._spare > SPARE, axis=1)
        has = (self._spare > SPARE).any(axis=1)
        arrives = np.where(has, ready + self._lead[:, store], np.inf)
        arrives[store] = np.inf
        order = np.argsort(arrives, kind="stable")
        for giver in order[arrives[order] <= day]:
            return "transport", self._ground.ids[self._tight(int(giver), store, day)]
        return self._supplier(store, day) or self._late(order, arrives)

    def _tight(self, giver: int, store: int, day: int) -> int:
        """The giver if its room was full on a day on which it could have sent, else the taker."""
        return giver if self._full_out[giver, : day + 1].any() else store

    def _supplier(self, store: int, day: int) -> tuple[str, str] | None:
        """One who could deliver in time: sold out, or with more to sell than there was room."""
        for offer, at, ordered_on, columns in self._part.orders:
            lead = offer.lead[at] + self._lead[offer.to[at], store]
            in_time = ordered_on + lead <= day
            if not in_time.any():
                continue
            days = ordered_on[in_time].max() + 1
            sold = self._x[columns[ordered_on < days]].sum()
            if sold >= offer.per_day * days - SPARE:
                return "supplier", offer.supplier
            full = self._full_in[offer.to[at[in_time]]].any(axis=1)
            by = int(offer.to[at[in_time]][int(np.argmax(full))])
            return "transport", self._ground.ids[by if full.any() else store]
        return None

    def _late(self, order: Ints, arrives: Floats) -> tuple[str, str | None]:
        """Whoever has it too late, or nobody."""
        if np.isfinite(arrives).any():
            return "lead_time", self._ground.ids[int(order[0])]
        if self._part.orders:
            return "lead_time", self._part.orders[0][0].supplier
        return "no_stock", None


def _leads(ground: Ground, *, cold: bool) -> Floats:
    """Days from store to store along the arcs that the good may take; inf where there is no way."""
    passes = ground.cold[ground.tail] & ground.cold[ground.head] if cold else ground.tail >= 0
    count = len(ground.ids)
    ends = (ground.tail[passes], ground.head[passes])
    graph = csr_matrix((ground.lead[passes].astype(float), ends), shape=(count, count))
    return np.asarray(csgraph.shortest_path(graph))
