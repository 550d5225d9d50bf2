"""The cheapest zones where each block has one weight: exactly, or a bound where that is much work.

Blocks that are worth closing and touch form a group, to be closed whole or not at all; the others
have a toll to be crossed.  A zone is a tree over groups.
"""

from __future__ import annotations

import dataclasses

import numpy as np

from zhongshu.engines.zoning.planning import packing, trees
from zhongshu.engines.zoning.planning.kinds import Floats, Ways
from zhongshu.engines.zoning.planning.model import Mask

MOST_GROUPS = 62  # a set of groups is one whole number
PLACES = 250  # of a row on average: blocks its trees may hang at


@dataclasses.dataclass(frozen=True)
class Forest:
    """value: no set of zones has less net cost; closed: blocks of the zones it belongs to.

    given: blocks that count as closed at no cost because the room did not suffice.
    """

    value: float
    closed: Mask
    given: Mask
    zones: int


def cheapest(weight: Floats, zone_cost: float, ways: Ways, room: int) -> Forest:
    """The zones of least zone_cost x zones - sum of weights of their blocks.

    room: rows of the dynamic program.  Where they do not suffice the least groups are given away:
    their weight is counted and they cost nothing to cross, so the value stays a bound.
    """
    label, prize = trees.groups(weight, ways)
    toll = np.maximum(-weight, 0.0)
    order = np.argsort(-prize, kind="stable")
    kept = min(MOST_GROUPS, len(prize))
    while True:
        place = np.full(len(prize) + 1, -1, np.int32)
        place[order[:kept]] = np.arange(kept)
        paid = prize[order[:kept]]
        certain = (paid >= zone_cost).astype(np.uint8)
        field = trees.Field(paid, certain, place[label], toll, ways, float(zone_cost))
        used, rows, grown = trees.build(field, room, room * PLACES)
        if used >= 0:
            break
        kept = kept * 4 // 5
    value, chosen = packing.least(rows.mask[:used], rows.whole[:used])
    closed = _closed(chosen, rows, grown, (used, len(weight)))
    touched = np.unique(label[closed & (label >= 0)])
    closed |= np.isin(label, touched)
    given = np.isin(label, order[kept:])
    return Forest(
        value=value - float(prize[order[kept:]].sum()),
        closed=closed,
        given=given,
        zones=len(chosen),
    )


def _closed(
    chosen: list[int], rows: trees.Rows, grown: trees.Trees, sizes: tuple[int, int]
) -> Mask:
    """Blocks of the chosen zones, traced back from where each begins."""
    used, blocks = sizes
    index = {int(mask): row for row, mask in enumerate(rows.mask[:used])}
    closed = np.zeros(blocks, dtype=bool)
    left: list[tuple[int, int]] = []

    def part(row: int, one: int, at: int) -> None:
        left.append((one, at))
        left.append((index[int(rows.mask[row] ^ rows.mask[one])], at))

    for row in chosen:
        closed[rows.root[row]] = True
        if rows.left[row] >= 0:
            part(row, int(rows.left[row]), int(rows.root[row]))
    while left:
        row, at = left.pop()
        closed[at] = True
        first = rows.start[row]
        place = first + np.searchsorted(grown.block[first : rows.start[row + 1]], at)
        if grown.came[place] >= 0:
            left.append((row, int(grown.came[place])))
        elif grown.came[place] == trees.MEET:
            part(row, int(grown.other[place]), at)
    return closed
