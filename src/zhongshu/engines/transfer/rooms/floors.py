"""Which floor belongs to which degree: as the relaxation would use the sites, floors kept whole."""

from __future__ import annotations

import itertools

import numpy as np
from numpy.typing import NDArray

from zhongshu.engines.transfer.rooms.program import Program

Floats = NDArray[np.float64]
TRIED_ALL = 12  # undecided floors of a site; above, floor by floor


def degrees(program: Program, x: Floats) -> dict[int, int]:
    """The degree of each floor (index).  Where people of one degree live already it is theirs;
    floors on which both live already are left open, as nothing is lost by mixing them further."""
    use = _use(program, x)
    chosen: dict[int, int] = {}
    for site in sorted({site for site, _ in program.floors}):
        mine = [f for f, (s, _) in enumerate(program.floors) if s == site]
        for f in mine:
            lives = program.floors[f][1].degrees
            if len(lives) == 1:
                chosen[f] = next(iter(lives))
        undecided = [f for f in mine if not program.floors[f][1].degrees]
        known = [f for f in mine if f in chosen]
        free = {f: sum(room.free for room in program.floors[f][1].rooms) for f in mine}
        wanted = use[mine].sum(axis=0)
        given = [sum(free[f] for f in known if chosen[f] == degree) for degree in (1, 2)]
        chosen.update(_divide(undecided, free, use, wanted, given))
    return chosen


def _use(program: Program, x: Floats) -> Floats:
    """Rooms the relaxation uses, shape (floors, 2)."""
    use = np.zeros((len(program.floors), 2))
    for pattern, times in zip(program.patterns, x[program.offset :], strict=True):
        degree = program.classes[pattern.klass].degree
        use[pattern.floor, degree - 1] += times * len(pattern.beds)
    return use


def _divide(
    floors: list[int], free: dict[int, int], use: Floats, wanted: Floats, given: list[int]
) -> dict[int, int]:
    """The division that leaves the scarcer degree most slack, and among such the one nearest to
    what the relaxation did."""
    if len(floors) > TRIED_ALL:
        return _one_by_one(floors, free, wanted, given)
    best: tuple[tuple[float, float], tuple[int, ...]] | None = None
    for division in itertools.product((0, 1), repeat=len(floors)):
        rooms = list(given)
        for f, degree in zip(floors, division, strict=True):
            rooms[degree] += free[f]
        slack = min((rooms[d] / wanted[d] for d in (0, 1) if wanted[d] > 1e-9), default=1.0)
        agrees = sum(use[f, degree] for f, degree in zip(floors, division, strict=True))
        key = (-round(slack, 2), -agrees)
        if best is None or key < best[0]:
            best = key, division
    assert best is not None  # the empty division is one, too
    return {f: degree + 1 for f, degree in zip(floors, best[1], strict=True)}


def _one_by_one(
    floors: list[int], free: dict[int, int], wanted: Floats, given: list[int]
) -> dict[int, int]:
    """Largest floor first, to the degree that is shortest of rooms by now."""
    rooms = list(given)
    chosen: dict[int, int] = {}
    for f in sorted(floors, key=lambda f: (-free[f], f)):
        cover = [rooms[d] / wanted[d] if wanted[d] > 1e-9 else np.inf for d in (0, 1)]
        degree = int(cover[1] < cover[0])
        rooms[degree] += free[f]
        chosen[f] = degree + 1
    return chosen
