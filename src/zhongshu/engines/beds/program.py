"""The bed problem as a linear program: groups to hospitals, expected loads of the days after.

Columns: where each group lies (shares of a group that stays together, persons of one that may be
divided), who is left out, where the forecast is put, persons in each hospital by day and severity,
expected moves between hospitals, what is short, and whether a hospital takes the severities that
are concentrated.  Only the first and the last kind are whole numbers.
Columns of the first kind are many and added when their price is right (`solve`).
"""

from __future__ import annotations

import dataclasses
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, sparse

from zhongshu.engines.beds import model
from zhongshu.engines.beds.ground import Ground
from zhongshu.engines.beds.options import Options

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
# A person in a bed that is not there weighs more than one left out, so nobody is put there.
OVER = 1.5
# Whoever lies in a bed loses it last of all who are alike, and rather waits where he cannot be
# treated, which counts his worth once and, all days together, once more.
PUT_OUT = 2.5


@dataclasses.dataclass
class Columns:
    """Columns gathered block by block; `at` tells where a block begins."""

    cost: list[Floats] = dataclasses.field(default_factory=list)
    upper: list[Floats] = dataclasses.field(default_factory=list)
    count: int = 0

    def add(self, cost: Floats, upper: Floats | float = np.inf) -> int:
        at = self.count
        self.cost.append(np.asarray(cost, np.float64))
        self.upper.append(np.broadcast_to(np.asarray(upper, np.float64), cost.shape))
        self.count += len(cost)
        return at


@dataclasses.dataclass
class Entries:
    """Triplets of a sparse matrix."""

    row: list[Ints] = dataclasses.field(default_factory=list)
    column: list[Ints] = dataclasses.field(default_factory=list)
    value: list[Floats] = dataclasses.field(default_factory=list)

    def add(self, row: object, column: object, value: object) -> None:
        rows, columns, values = np.broadcast_arrays(
            np.asarray(row, np.int64), np.asarray(column, np.int64), np.asarray(value, np.float64)
        )
        self.row.append(rows.ravel())
        self.column.append(columns.ravel())
        self.value.append(values.ravel())

    def matrix(self, rows: int, columns: int) -> sparse.csr_matrix:
        parts = [np.concatenate(one) if one else np.zeros(0) for one in
                 (self.value, self.row, self.column)]  # fmt: skip
        return sparse.csr_matrix((parts[0], (parts[1], parts[2])), shape=(rows, columns))


@dataclasses.dataclass(frozen=True)
class Later:
    """Moves that may be expected: severity, from, to, kilometres."""

    severity: Ints
    tail: Ints
    head: Ints
    km: Floats


@dataclasses.dataclass(frozen=True)
class Program:
    """Everything but the pairs.  Equal rows: groups, forecasts, balances (h, d, s); rows with a
    ceiling: pools (h, p, d), slots (h, n), centres (h, d).  Offsets say where columns begin."""

    ground: Ground
    options: Options
    rules: model.BedRules
    later: Later
    columns: Columns
    equal: Entries
    under: Entries
    equal_to: Floats
    ceiling: Floats
    unit: Ints
    left: int
    put: tuple[tuple[int, int], ...]  # (forecast, hospital) of each column from `put_at`
    put_at: int
    lost: int
    inside: int
    move: int
    over: int
    centre: int
    waits: Ints  # groups that lie where they may not
    waits_at: int

    def balance(self, h: object, d: object, s: object) -> Ints:
        """The row of hospital, day and severity."""
        g = self.ground
        base = len(g.groups) + len(g.arrivals)
        shape = (len(g.hospitals), g.days, len(g.worth))
        return base + _number(shape, h, d, s)

    def slot(self, n: int, h: object) -> Ints:
        g = self.ground
        first = len(g.hospitals) * len(g.pools) * g.days
        return first + n * len(g.hospitals) + np.asarray(h, np.int64)

    @property
    def planned(self) -> bool:
        """Whether most groups have a place of a former plan."""
        return 2 * len(self.options.before) > len(self.ground.groups)

    @property
    def taking(self) -> Ints:
        """Hospitals that may take the concentrated severities, in the order of `centre`."""
        return takers(self.ground, self.rules)


def takers(ground: Ground, rules: model.BedRules) -> Ints:
    grave = [s for s, name in enumerate(rules.severities) if name in rules.concentrated]
    if not grave:
        return np.zeros(0, np.int64)
    suited = (ground.rank[grave] >= 0) & ground.has[:, ground.pool[grave]].T
    return np.flatnonzero(suited.any(axis=0))


def _number(shape: tuple[int, ...], *index: object) -> Ints:
    total = np.zeros((), np.int64)
    for size, one in zip(shape, index, strict=True):
        total = total * size + np.asarray(one, np.int64)
    return total


def build(ground: Ground, options: Options, rules: model.BedRules) -> Program:
    """The program without pairs."""
    g, columns = ground, Columns()
    hs, days, grades = len(g.hospitals), g.days, len(g.worth)
    unit = np.where(g.whole, g.persons, 1)
    out = np.where(g.at >= 0, PUT_OUT, 1.0)
    left = columns.add(g.worth[g.severity] * out + 1e-3)  # a tie: better in a bed
    stuck = np.flatnonzero((g.at >= 0) & ~np.isfinite(options.cost[range(len(g.at)), g.at]))
    waits_at = columns.add(g.worth[g.severity[stuck]] * unit[stuck], g.persons[stuck] / unit[stuck])
    put = tuple(
        (f, h)
        for f, (_, s, _, _) in enumerate(g.arrivals)
        for h in range(hs)
        if g.rank[s, h] >= 0 and g.has[h, g.pool[s]]
    )
    put_at = columns.add(np.array([_put_cost(g, rules, f, h) for f, h in put]))
    lost = columns.add(np.array([g.worth[s] for _, s, _, _ in g.arrivals]))
    suited = (g.rank >= 0) & g.has[:, g.pool].T
    unsuited = np.where(suited, 0.0, g.worth[:, None] / days).T  # (h, s)
    inside = columns.add(np.repeat(unsuited[:, None, :], days, axis=1).ravel())
    later = _later(g, rules, suited)
    move = columns.add(np.tile(later.km + rules.move_km, max(days - 1, 0)))
    dearest = np.array([g.worth[g.pool == p].max(initial=0) for p in range(len(g.pools))])
    bars = np.repeat(np.tile(dearest, hs) * OVER, days)
    over = columns.add(bars, np.where(np.arange(len(bars)) % days == 0, 0.0, np.inf))
    who = takers(g, rules)
    centre = columns.add(np.full(len(who), rules.centre_km), 1.0)
    program = Program(
        g, options, rules, later, columns, Entries(), Entries(),
        np.concatenate([g.persons, [n for _, _, n, _ in g.arrivals], np.zeros(hs * days * grades)]),
        np.concatenate([
            g.usable.ravel(), *(one for _, one in sorted(g.slots.items())),
            np.zeros(len(who) * days),
        ]),
        unit, left, put, put_at, lost, inside, move, over, centre, stuck, waits_at,
    )  # fmt: skip
    _rows(program)
    return program


def _put_cost(ground: Ground, rules: model.BedRules, f: int, h: int) -> float:
    _, s, _, km = ground.arrivals[f]
    return float(np.nan_to_num(km[h]) + rules.tier_km * ground.rank[s, h])


def _later(ground: Ground, rules: model.BedRules, suited: NDArray[np.bool_]) -> Later:
    """From where a severity may not lie, or lies in a later choice, to the nearest that suit
    better; and between hospitals of one choice, where one may be full."""
    found = []
    for s in range(len(ground.worth)):
        for h in range(len(ground.hospitals)):
            rank = ground.rank[s, h] if suited[s, h] else np.inf
            fit = [k for k in np.flatnonzero(suited[s]).tolist() if k != h]
            fit = [k for k in fit if ground.rank[s, k] <= rank]
            for k in sorted(fit, key=lambda k: (ground.road[h, k], k))[: rules.near]:
                found.append((s, h, k, ground.road[h, k]))
    rows = np.array(found, np.float64).reshape(-1, 4)
    return Later(
        rows[:, 0].astype(np.int64),
        rows[:, 1].astype(np.int64),
        rows[:, 2].astype(np.int64),
        rows[:, 3],
    )


def _rows(program: Program) -> None:
    g, equal = program.ground, program.equal
    groups = np.arange(len(g.groups))
    equal.add(groups, program.left + groups, 1.0)
    for n, who in enumerate(program.waits.tolist()):
        equal.add(who, program.waits_at + n, program.unit[who])
        at = program.balance(g.at[who], g.day[who], g.severity[who])
        equal.add(at, program.waits_at + n, -program.unit[who])
    for n, (f, h) in enumerate(program.put):
        equal.add(len(groups) + f, program.put_at + n, 1.0)
        day, s = g.arrivals[f][:2]
        equal.add(program.balance(h, day, s), program.put_at + n, -1.0)
    known = np.arange(len(g.arrivals))
    equal.add(len(groups) + known, program.lost + known, 1.0)
    _balances(program)
    _ceilings(program)


def _balances(program: Program) -> None:
    """Who is there on a day: came, were there the day before and changed, or were moved."""
    g, later = program.ground, program.later
    hs, days, grades = len(g.hospitals), g.days, len(g.worth)
    shape = (hs, days, grades)
    h, d, s = (one.ravel() for one in np.indices(shape))
    program.equal.add(program.balance(h, d, s), program.inside + _number(shape, h, d, s), 1.0)
    for t in range(grades):
        for s_from in np.flatnonzero(g.change[:, t]).tolist():
            hh, dd = (one.ravel() for one in np.indices((hs, days - 1)))
            yesterday = program.inside + _number(shape, hh, dd, s_from)
            program.equal.add(program.balance(hh, dd + 1, t), yesterday, -g.change[s_from, t])
    for day in range(1, days):
        column = program.move + (day - 1) * len(later.km) + np.arange(len(later.km))
        program.equal.add(program.balance(later.tail, day, later.severity), column, 1.0)
        program.equal.add(program.balance(later.head, day, later.severity), column, -1.0)


def held_in(ground: Ground) -> Ints:
    """(h, s): the pool somebody takes; where the hospital has none of it, one that it has."""
    held = np.repeat(ground.pool[None, :], len(ground.hospitals), axis=0)
    for h, s in np.argwhere(~ground.has[:, ground.pool]).tolist():
        mine = np.flatnonzero(ground.has[h])
        held[h, s] = mine[0] if len(mine) else ground.pool[s]
    return held


def _ceilings(program: Program) -> None:
    g, under = program.ground, program.under
    hs, days, grades = len(g.hospitals), g.days, len(g.worth)
    held = held_in(g)
    h, d, s = (one.ravel() for one in np.indices((hs, days, grades)))
    inside = program.inside + _number((hs, days, grades), h, d, s)
    under.add(_number((hs, len(g.pools), days), h, held[h, s], d), inside, 1.0)
    every = np.arange(hs * len(g.pools) * days)
    under.add(every, program.over + every, -1.0)
    grave = [n for n, name in enumerate(program.rules.severities)
             if name in program.rules.concentrated]  # fmt: skip
    first = len(every) + hs * len(g.slots)
    for n, one in enumerate(program.taking.tolist()):
        most = float(g.usable[one].sum(axis=0).max())
        for day in range(days):
            row = first + n * days + day
            for t in grave:
                if g.rank[t, one] >= 0 and g.has[one, g.pool[t]]:
                    place = program.inside + _number((hs, days, grades), one, day, t)
                    under.add(row, place, 1.0)
            spilled = program.over + _number(
                (hs, len(g.pools), days), one, range(len(g.pools)), day
            )
            under.add(row, spilled, -1.0)
            under.add(row, program.centre + n, -most)


@dataclasses.dataclass(frozen=True)
class Found:
    """x: all columns, pairs last.  Prices of the rows; of the columns before the pairs, at 0.
    least: no answer with these columns is under it.
    """

    x: Floats
    value: float
    equal: Floats
    under: Floats
    idle: Floats
    least: float


def solve(
    program: Program,
    pairs: tuple[Ints, Ints],
    *,
    whole: Literal["", "centres", "all"] = "",
    fixed: Floats | None = None,
    gap: float = 0.0,
    nodes: int = 0,
) -> Found:
    """The least cost with these pairs (groups, hospitals).

    fixed: nan where a column is free, by column (of the first so many).  whole: which columns are
    whole numbers, within `gap` of the best or after `nodes` nodes.
    Raises RuntimeError if HiGHS finds nothing, which leaving out everybody makes impossible.
    """
    cost, low, high, equal, under, ceiling = _matrices(program, pairs)
    if fixed is not None:
        known = np.flatnonzero(~np.isnan(fixed))
        low[known], high[known] = fixed[known], fixed[known]
    if not whole:
        answer = optimize.linprog(
            cost, A_ub=under, b_ub=ceiling, A_eq=equal, b_eq=program.equal_to,
            bounds=np.column_stack([low, high]),
            # The interior point takes half the time of the simplex and ends in a vertex too; where
            # nearly everybody stays as planned before, the simplex takes a third of its time.
            method="highs-ds" if program.planned else "highs-ipm",
        )  # fmt: skip
        if answer.x is None:
            raise RuntimeError(f"The bed program has no answer: {answer.message}")
        return Found(
            answer.x, float(answer.fun), answer.eqlin.marginals, answer.ineqlin.marginals,
            answer.lower.marginals[: program.columns.count], float(answer.fun),
        )  # fmt: skip
    integral = np.zeros(len(cost))
    integral[program.columns.count :] = whole == "all"
    integral[program.waits_at : program.waits_at + len(program.waits)] = whole == "all"
    integral[program.centre : program.centre + len(program.taking)] = 1
    answer = optimize.milp(
        cost,
        integrality=integral,
        bounds=optimize.Bounds(low, high),
        constraints=[
            optimize.LinearConstraint(equal, program.equal_to, program.equal_to),
            optimize.LinearConstraint(under, -np.inf, ceiling),
        ],
        options={"mip_rel_gap": gap, "node_limit": nodes},
    )
    if answer.x is None:
        raise RuntimeError(f"The bed program has no answer: {answer.message}")
    none = np.zeros(0)
    least = answer.fun if answer.mip_dual_bound is None else answer.mip_dual_bound
    return Found(answer.x, float(answer.fun), none, none, none, float(least))


def _matrices(program: Program, pairs: tuple[Ints, Ints]) -> tuple[
    Floats, Floats, Floats, sparse.csr_matrix, sparse.csr_matrix, Floats
]:  # fmt: skip
    g, (who, where) = program.ground, pairs
    unit = program.unit[who].astype(np.float64)
    column = program.columns.count + np.arange(len(who))
    equal, under = Entries(), Entries()
    for new, old in ((equal, program.equal), (under, program.under)):
        new.row, new.column, new.value = list(old.row), list(old.column), list(old.value)
    equal.add(who, column, unit)
    equal.add(program.balance(where, g.day[who], g.severity[who]), column, -unit)
    for n, name in enumerate(sorted(g.slots)):
        mine = np.array([name in g.needs[k] for k in who.tolist()], bool)
        under.add(program.slot(n, where[mine]), column[mine], unit[mine])
    linked = _linked(program, who, where)
    rows = len(program.ceiling) + np.arange(len(linked[0]))
    under.add(rows, column[linked[0]], unit[linked[0]])
    under.add(rows, program.centre + linked[1], -g.persons[who[linked[0]]].astype(np.float64))
    cost = np.concatenate([*program.columns.cost, program.options.cost[who, where] * unit])
    total = len(cost)
    high = np.concatenate([*program.columns.upper, g.persons[who] / unit])
    return (
        cost,
        np.zeros(total),
        high,
        equal.matrix(len(program.equal_to), total),
        under.matrix(len(program.ceiling) + len(linked[0]), total),
        np.concatenate([program.ceiling, np.zeros(len(linked[0]))]),
    )


def _linked(program: Program, who: Ints, where: Ints) -> tuple[Ints, Ints]:
    """Pairs of a concentrated severity, and the number of the centre each of them opens."""
    names = program.rules.severities
    grave = np.array([names[s] in program.rules.concentrated for s in program.ground.severity])
    order = np.full(len(program.ground.hospitals), -1, np.int64)
    order[program.taking] = np.arange(len(program.taking))
    linked = np.flatnonzero(grave[who] & (order[where] >= 0)) if len(who) else np.zeros(0, np.int64)
    return linked, order[where[linked]]
