"""Which group may lie in which hospital, what that costs a person, and which rule says no."""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from zhongshu.engines.beds import model
from zhongshu.engines.beds.ground import Ground
from zhongshu.kernel.errors import BadInput

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclasses.dataclass(frozen=True)
class Options:
    """cost: (g, h) kilometres for a person, inf where it may not lie.

    steps: masks (g, h) of the rules in the order in which they are told, and their codes.
    before: hospitals by group, where it was planned.
    """

    cost: Floats
    steps: tuple[tuple[str, Bools], ...]
    before: dict[int, frozenset[int]]


def options(ground: Ground, rules: model.BedRules) -> Options:
    """Refuses (BadInput) a pin to a hospital where the group may not lie."""
    steps = (
        ("no_hospital_of_tier", _tier(ground)),
        ("no_hospital_for_need", _needs(ground, rules)),
        ("too_far", _near(ground, rules)),
        ("declined", _said(ground, "declined", missing=True)),
    )
    allowed = np.logical_and.reduce([mask for _, mask in steps])
    fixed = ~_said(ground, "pinned", missing=True) | ~_said(ground, "accepted", missing=True)
    _fitting(ground, fixed & ~allowed)
    allowed &= fixed | ~np.asarray(fixed.any(axis=1))[:, None]
    before: dict[int, frozenset[int]] = {}
    for (g, h), words in ground.said.items():
        if "before" in words:
            before[g] = before.get(g, frozenset()) | {h}
    return Options(np.where(allowed, _cost(ground, rules), np.inf), steps, before)


def _tier(ground: Ground) -> Bools:
    suited = (ground.rank >= 0) & ground.has[:, ground.pool].T
    mask: Bools = suited[ground.severity]
    return mask


def _needs(ground: Ground, rules: model.BedRules) -> Bools:
    mask = np.ones(ground.km.shape, bool)
    for kind in set(ground.needs):
        mine = [g for g, one in enumerate(ground.needs) if one == kind]
        mask[mine] = [_meets(ground, h, kind, rules) for h in range(len(ground.hospitals))]
    return mask


def _meets(ground: Ground, h: int, needs: frozenset[str], rules: model.BedRules) -> bool:
    return needs & rules.offered_needs <= ground.offers[h] and all(
        ground.tier[h] in rules.need_tiers[one] for one in needs if one in rules.need_tiers
    )


def _near(ground: Ground, rules: model.BedRules) -> Bools:
    if rules.max_km is None:
        return np.ones(ground.km.shape, bool)
    inside = ground.at[:, None] == np.arange(len(ground.hospitals))
    mask: Bools = ~(ground.km > rules.max_km) | inside  # nan: distance unknown, not too far
    return mask


def _said(ground: Ground, word: str, *, missing: bool) -> Bools:
    """missing: True where it was not said."""
    mask = np.full(ground.km.shape, missing)
    for (g, h), words in ground.said.items():
        if word in words:
            mask[g, h] = not missing
    return mask


def _fitting(ground: Ground, wrong: Bools) -> None:
    for g, h in np.argwhere(wrong).tolist():
        raise BadInput(
            "beds.pin_not_allowed",
            f"Group {ground.groups[g]} cannot be kept to hospital {ground.hospitals[h]}: its "
            "severity, needs or distance, or a refusal, forbid it; take the pin back.",
            group=ground.groups[g],
            hospital=ground.hospitals[h],
        )


def _cost(ground: Ground, rules: model.BedRules) -> Floats:
    inside = ground.at[:, None] == np.arange(len(ground.hospitals))
    cost = np.where(inside, 0.0, np.nan_to_num(ground.km))
    cost += rules.tier_km * np.maximum(ground.rank[ground.severity], 0)
    cost += rules.move_km * ((ground.at >= 0)[:, None] & ~inside)
    before = _said(ground, "before", missing=False)
    cost += rules.change_km * (np.asarray(before.any(axis=1))[:, None] & ~before)
    return np.asarray(cost, np.float64)
