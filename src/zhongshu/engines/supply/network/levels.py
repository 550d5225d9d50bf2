"""The order in which a plan is made good: needs fairly, then reserves fairly, then what it costs.

What is not met weighs the more, the larger the share of a store's need that is unmet already, in
equal steps.  For one good on its own this gives the lexicographically fairest plan, to within a
step: what a network can bring to its sinks is a polymatroid, and there the weighted separable
convex optimum is the lexicographic one (Megiddo 1974, "Optimal flows in networks with multiple
sources and sinks"; Fujishige 1980, "Lexicographically optimal base of a polymatroid").  Goods that
contend for room share it by the same weights, in units of their mean need.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from zhongshu.engines.supply.network.build import Part
from zhongshu.engines.supply.network.ground import Ground

Floats = NDArray[np.float64]

JOURNEYS = 40
"""No chain of so many of the dearest journeys, orders and losses pays for one step of fairness."""


def weights(ground: Ground, parts: list[Part], yuan_per_m3_km: float) -> list[Floats]:
    """By good and column, in yuan: `fairness` so heavy that it goes first, and `costs`."""
    yuan = [costs(ground, part, yuan_per_m3_km) for part in parts]
    wish = [fairness(part) for part in parts]
    step = max(
        JOURNEYS * float(each.max()) / float(fair[fair > 0].min())
        for each, fair in zip(yuan, wish, strict=True)
    )
    return [each + step * fair for each, fair in zip(yuan, wish, strict=True)]


def fairness(part: Part) -> Floats:
    """By column.  One more unit unmet counts 1, 2, 3 ... by its step; the whole reserve counts
    under 1, for a unit brought to one store is taken from at most one other."""
    weight = np.zeros(len(part.program.upper))
    steps = np.arange(1, part.unmet.shape[1] + 1)
    typical = part.good.need.sum() / len(part.who)
    weight[part.unmet] = steps / typical
    weight[part.short] = steps / (steps[-1] + 1) / typical
    return weight


def costs(ground: Ground, part: Part, yuan_per_m3_km: float) -> Floats:
    """Yuan by column: moving, ordering, and what expires unused."""
    yuan = np.zeros(len(part.program.upper))
    for layer in part.layers:
        yuan[layer.ship] = ground.km[layer.arc] * part.good.m3 * yuan_per_m3_km
        if layer.last < ground.days - 1:
            yuan[layer.kept[:, -1]] = part.good.yuan
    for offer, at, _, ordered in part.orders:
        yuan[ordered] = offer.yuan[at]
    return yuan
