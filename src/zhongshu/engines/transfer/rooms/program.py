"""The room problem as an integer program, and its relaxation as the bound.

Parties alike (degree, size, wishes) are one class.  A class takes patterns of rooms on a floor: the
room sizes that hold it, none superfluous.  Integer variables say how often each pattern is used on
each floor; which party goes to which site is a transportation problem beside them, whole by itself.
Left out: which door (`doors` does that), and which floor belongs to which degree: the relaxation
proposes it, `floors` fixes it, and the program is solved again with floors fixed.  The bound comes
from the relaxation without fixed floors.
Solved by HiGHS through SciPy (highspy and ortools cannot be loaded in one process).
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, sparse

from zhongshu.engines.transfer.rooms.parties import Parties, Requires
from zhongshu.engines.transfer.rooms.sites import Floor, Site

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# Above this many integer variables or party-site pairs the relaxation is rounded instead.
MOST_PATTERNS, MOST_PAIRS = 20_000, 60_000
GAP, NODES = 0.002, 200  # a stop that is the same on every machine


@dataclasses.dataclass(frozen=True)
class Class:
    degree: int
    size: int
    low: bool
    requires: Requires


@dataclasses.dataclass(frozen=True)
class Pattern:
    """Rooms of these sizes on one floor (an index) for one party of a class (an index)."""

    klass: int
    floor: int
    beds: tuple[int, ...]


@dataclasses.dataclass(frozen=True)
class Program:
    """Columns: a (party, site) pair each, then a party left out each, then the patterns."""

    party: Parties
    classes: list[Class]
    member: Ints  # class of each party
    floors: list[tuple[int, Floor]]  # (site index, floor)
    pair_party: Ints
    pair_site: Ints
    patterns: list[Pattern]
    rules: optimize.LinearConstraint

    @property
    def offset(self) -> int:
        return len(self.pair_party) + len(self.member)

    def exact(self) -> bool:
        """Whether the integer program is small enough to be solved."""
        return len(self.patterns) <= MOST_PATTERNS and len(self.pair_party) <= MOST_PAIRS


def build(party: Parties, places: list[Site], allowed: NDArray[np.bool_]) -> Program:
    """allowed: shape (parties, sites).  Reads what is free now."""
    keys = [
        Class(int(d), int(n), bool(low), need)
        for d, n, low, need in zip(party.degree, party.size, party.low, party.requires, strict=True)
    ]
    classes = sorted(
        set(keys), key=lambda k: (k.degree, k.size, k.low, sorted(map(sorted, k.requires)))
    )
    index = {klass: number for number, klass in enumerate(classes)}
    member = np.array([index[key] for key in keys], np.int64)
    floors = [(s, floor) for s, site in enumerate(places) for floor in site.floors]
    pair_party, pair_site = np.nonzero(allowed)
    patterns = [
        Pattern(k, f, beds)
        for k, klass in enumerate(classes)
        for f, (_, floor) in enumerate(floors)
        for beds in _fitting(klass, floor)
    ]
    rows = _Rows(len(pair_party) + len(party) + len(patterns))
    _party_rows(rows, len(party), pair_party)
    _class_rows(rows, member, (pair_party, pair_site), patterns, floors)
    _room_rows(rows, classes, patterns, floors, len(pair_party) + len(party))
    _site_rows(rows, places, patterns, floors, len(pair_party) + len(party))
    return Program(
        party, classes, member, floors, pair_party, pair_site, patterns, rows.constraint()
    )


def solve(
    program: Program, cost: Floats, upper: Floats, *, whole: bool = False
) -> tuple[Floats, float]:
    """The least cost of all columns, each between 0 and `upper`; (x, value).

    whole: patterns are whole numbers (within GAP of the best), else the relaxation.
    """
    integrality = np.zeros(len(cost))
    integrality[program.offset :] = 1 if whole else 0
    answer = optimize.milp(
        cost,
        integrality=integrality,
        bounds=optimize.Bounds(0, upper),
        constraints=program.rules,
        options={"mip_rel_gap": GAP, "node_limit": NODES},
    )
    if answer.x is None:
        raise RuntimeError(f"The room program has no answer: {answer.message}")
    return np.asarray(answer.x, np.float64), float(answer.fun)


def upper(program: Program, *, closed: Callable[[Pattern], bool] | None = None) -> Floats:
    """Upper bounds of the columns; patterns that are `closed` may not be used."""
    limit = np.full(program.offset + len(program.patterns), np.inf)
    limit[: program.offset] = 1
    if closed is not None:
        shut = [program.offset + j for j, p in enumerate(program.patterns) if closed(p)]
        limit[shut] = 0
    return limit


@functools.cache
def _patterns(size: int, beds: tuple[int, ...]) -> tuple[tuple[int, ...], ...]:
    """Multisets of room sizes that hold `size`, none of them superfluous."""
    found: set[tuple[int, ...]] = set()

    def extend(start: int, rooms: tuple[int, ...]) -> None:
        if sum(rooms) >= size:
            if sum(rooms) - min(rooms) < size:
                found.add(rooms)
            return
        for n in range(start, len(beds)):
            extend(n, (*rooms, beds[n]))

    extend(0, ())
    return tuple(sorted(found))


def _fitting(klass: Class, floor: Floor) -> list[tuple[int, ...]]:
    rooms = _sizes(floor, klass.requires)
    return [
        beds
        for beds in _patterns(klass.size, tuple(sorted(rooms)))
        if all(beds.count(size) <= rooms[size] for size in set(beds))
    ]


def _sizes(floor: Floor, requires: Requires) -> dict[int, int]:
    """How many suitable free rooms of each size."""
    counts: dict[int, int] = {}
    for room in floor.rooms:
        if room.suits(requires):
            # A bed more than the largest household needs is no help, but keeps the count finite.
            counts[room.capacity] = counts.get(room.capacity, 0) + 1
    return counts


class _Rows:
    """Sparse rows of a linear constraint, gathered one by one."""

    def __init__(self, columns: int) -> None:
        self._columns = columns
        self._row: list[int] = []
        self._column: list[int] = []
        self._value: list[float] = []
        self._low: list[float] = []
        self._high: list[float] = []

    def add(self, columns: list[int], values: list[float], *, low: float, high: float) -> None:
        self._row += [len(self._low)] * len(columns)
        self._column += columns
        self._value += values
        self._low.append(low)
        self._high.append(high)

    def constraint(self) -> optimize.LinearConstraint:
        shape = (len(self._low), self._columns)
        matrix = sparse.csr_matrix((self._value, (self._row, self._column)), shape=shape)
        return optimize.LinearConstraint(matrix, self._low, self._high)


def _party_rows(rows: _Rows, parties: int, pair_party: Ints) -> None:
    """Each party is at one site or left out."""
    mine: list[list[int]] = [[] for _ in range(parties)]
    for column, p in enumerate(pair_party.tolist()):
        mine[p].append(column)
    for p, columns in enumerate(mine):
        every = [*columns, len(pair_party) + p]
        rows.add(every, [1.0] * len(every), low=1, high=1)


def _class_rows(
    rows: _Rows,
    member: Ints,
    pairs: tuple[Ints, Ints],
    patterns: list[Pattern],
    floors: list[tuple[int, Floor]],
) -> None:
    """A class uses as many patterns at a site as parties of it go there."""
    terms: dict[tuple[int, int], tuple[list[int], list[float]]] = {}
    for column, (p, s) in enumerate(zip(*(one.tolist() for one in pairs), strict=True)):
        columns, values = terms.setdefault((int(member[p]), s), ([], []))
        columns.append(column)
        values.append(1.0)
    for j, pattern in enumerate(patterns):
        columns, values = terms.setdefault((pattern.klass, floors[pattern.floor][0]), ([], []))
        columns.append(len(pairs[0]) + len(member) + j)
        values.append(-1.0)
    for columns, values in terms.values():
        rows.add(columns, values, low=0, high=0)


def _room_rows(
    rows: _Rows,
    classes: list[Class],
    patterns: list[Pattern],
    floors: list[tuple[int, Floor]],
    offset: int,
) -> None:
    """No more rooms of a size than there are; those that suit a wish are counted again for it."""
    terms: dict[tuple[int, int, Requires], tuple[list[int], list[float]]] = {}
    for j, pattern in enumerate(patterns):
        for wish in {frozenset(), classes[pattern.klass].requires}:
            for size in set(pattern.beds):
                key = (pattern.floor, size, wish)
                columns, values = terms.setdefault(key, ([], []))
                columns.append(offset + j)
                values.append(float(pattern.beds.count(size)))
    for (f, size, wish), (columns, values) in terms.items():
        rows.add(columns, values, low=0, high=_sizes(floors[f][1], wish)[size])


def _site_rows(
    rows: _Rows,
    places: list[Site],
    patterns: list[Pattern],
    floors: list[tuple[int, Floor]],
    offset: int,
) -> None:
    """The reserve of every site is kept."""
    terms: list[tuple[list[int], list[float]]] = [([], []) for _ in places]
    for j, pattern in enumerate(patterns):
        columns, values = terms[floors[pattern.floor][0]]
        columns.append(offset + j)
        values.append(float(len(pattern.beds)))
    for site, (columns, values) in zip(places, terms, strict=True):
        rows.add(columns, values, low=0, high=site.usable)
