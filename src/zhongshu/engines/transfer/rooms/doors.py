"""From patterns on floors to doors: which party, which rooms."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy import optimize

from zhongshu.engines.transfer.rooms import sites
from zhongshu.engines.transfer.rooms.program import Class, Pattern, Program
from zhongshu.engines.transfer.rooms.results import Given

Floats = NDArray[np.float64]


def give(
    program: Program, times: Floats, places: list[sites.Site], weighed: Floats
) -> dict[int, Given]:
    """Rooms for parties from how often each pattern is used (rounded down).

    weighed: cost of each (party, site), +inf where not allowed; among the parties of a class the
    division over the sites is exact.  Rooms are taken.
    """
    offered: dict[int, list[tuple[int, sites.Choice]]] = {}
    counted = np.floor(times + 1e-6).astype(int)
    on_floor: dict[int, list[Pattern]] = {}
    for j in np.flatnonzero(counted):
        pattern = program.patterns[j]
        on_floor.setdefault(pattern.floor, []).extend([pattern] * counted[j])
    for number, patterns in sorted(on_floor.items()):
        site, floor = program.floors[number]
        for klass, choice in _floor(program, floor, patterns):
            if len(choice.rooms) <= places[site].usable:
                sites.take(places[site], choice, degree=program.classes[klass].degree)
                offered.setdefault(klass, []).append((site, choice))
    return {
        party: Given(site, choice)
        for klass, slots in offered.items()
        for party, (site, choice) in _divide(program, klass, slots, weighed)
    }


def _floor(
    program: Program, floor: sites.Floor, patterns: list[Pattern]
) -> list[tuple[int, sites.Choice]]:
    """Doors for a floor's parties: packed anew with neighbours together where that takes no more
    rooms, else as the patterns say."""
    queue = sorted(patterns, key=lambda pattern: _order(program, pattern))
    fresh = _place(program, floor, queue, _snug)
    most = sum(len(pattern.beds) for pattern in patterns)
    if len(fresh) == len(queue) and sum(len(c.rooms) for _, c in fresh) <= most:
        return fresh
    return _place(program, floor, queue, _as_said)


def _place(
    program: Program,
    floor: sites.Floor,
    queue: list[Pattern],
    how: Callable[[sites.Floor, set[int], Pattern, Class], list[int] | None],
) -> list[tuple[int, sites.Choice]]:
    """Rooms one party after the other; `how` gives the doors (indices) from those still open."""
    gone: set[int] = set()
    placed = []
    for pattern in queue:
        klass = program.classes[pattern.klass]
        open_ = {n for n, r in enumerate(floor.rooms) if n not in gone and r.suits(klass.requires)}
        chosen = how(floor, open_, pattern, klass)
        if chosen is not None:
            gone.update(chosen)
            rooms = tuple(floor.rooms[n] for n in sorted(chosen))
            near = max(chosen) - min(chosen) == len(chosen) - 1
            mixed = bool(floor.degrees - {klass.degree})
            placed.append((pattern.klass, sites.Choice(floor, rooms, mixed, near, ())))
    return placed


def _snug(floor: sites.Floor, open_: set[int], pattern: Pattern, klass: Class) -> list[int] | None:
    """The neighbouring rooms with the fewest rooms, beds and open doors beside them to spare."""
    found: list[tuple[tuple[int, ...], list[int]]] = []
    for start in sorted(open_):
        run, beds = [start], floor.rooms[start].capacity
        while beds < klass.size and run[-1] + 1 in open_:
            run.append(run[-1] + 1)
            beds += floor.rooms[run[-1]].capacity
        if beds >= klass.size:
            beside = (run[0] - 1 in open_) + (run[-1] + 1 in open_)
            offers = sum(len(floor.rooms[n].tags) for n in run)
            found.append(((len(run), offers, beds, beside, start), run))
    return min(found)[1] if found else None


def _as_said(
    floor: sites.Floor, open_: set[int], pattern: Pattern, klass: Class
) -> list[int] | None:
    """Rooms of the pattern's sizes, neighbouring if there are such, else each near the first."""
    wanted = sorted(pattern.beds)
    for start in sorted(open_):
        run = list(range(start, start + len(wanted)))
        if open_.issuperset(run) and sorted(floor.rooms[n].capacity for n in run) == wanted:
            return run
    chosen: list[int] = []
    for size in reversed(wanted):
        left = [n for n in open_ if n not in chosen and floor.rooms[n].capacity == size]
        if not left:
            return None
        first = chosen[0] if chosen else min(left)
        chosen.append(min(left, key=lambda n: (len(floor.rooms[n].tags), abs(n - first), n)))
    return chosen


def _order(program: Program, pattern: Pattern) -> tuple[bool, int, int]:
    """Those with wishes first, then the large ones, which need neighbouring rooms."""
    klass = program.classes[pattern.klass]
    return (not klass.requires, -len(pattern.beds), -klass.size)


def _divide(
    program: Program, klass: int, offered: list[tuple[int, sites.Choice]], weighed: Floats
) -> list[tuple[int, tuple[int, sites.Choice]]]:
    members = np.flatnonzero(program.member == klass)
    matrix = weighed[members][:, [site for site, _ in offered]]
    never = 1 + np.abs(matrix[np.isfinite(matrix)]).sum() if np.isfinite(matrix).any() else 1.0
    rows, columns = optimize.linear_sum_assignment(np.where(np.isfinite(matrix), matrix, never))
    return [
        (int(members[row]), offered[column])
        for row, column in zip(rows, columns, strict=True)
        if np.isfinite(matrix[row, column])
    ]
