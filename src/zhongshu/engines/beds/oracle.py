"""The slow twin: the whole bed plan as one integer program, written out variable by variable.

Reads like the definition, for a handful of groups, hospitals and days; every pair and every move
is there.  It shares nothing with the plan but the tables read in, and answers with the least total.
"""

from __future__ import annotations

import collections

import numpy as np
from scipy import optimize

from zhongshu.engines.beds.ground import Ground
from zhongshu.engines.beds.model import BedRules

Name = tuple[object, ...]
Row = dict[Name, float]
PUT_OUT = 2.5  # of the worth of whoever lies in a bed and loses it
OVER = 1.5  # of the dearest worth of a pool, a person and day above its beds


class _Program:
    def __init__(self) -> None:
        self.cost: Row = {}
        self.whole: set[Name] = set()
        self.most: Row = {}
        self.rows: list[tuple[Row, float, float]] = []

    def column(self, *name: object, cost: float, whole: bool = False, most: float = np.inf) -> Name:
        self.cost[name] = cost
        self.most[name] = most
        if whole:
            self.whole.add(name)
        return name

    def least(self) -> float:
        at = {name: n for n, name in enumerate(self.cost)}
        table = np.zeros((len(self.rows), len(at)))
        for n, (row, _, _) in enumerate(self.rows):
            for name, value in row.items():
                table[n, at[name]] += value
        solved = optimize.milp(
            list(self.cost.values()),
            integrality=[name in self.whole for name in at],
            bounds=optimize.Bounds(0, list(self.most.values())),
            constraints=optimize.LinearConstraint(
                table, [low for _, low, _ in self.rows], [high for _, _, high in self.rows]
            ),
            options={"mip_rel_gap": 1e-9},
        )
        return float(solved.fun)


def least_total(ground: Ground, rules: BedRules) -> float:
    """The least `BedPlan.total` there can be."""
    program = _Program()
    comes = _arrivals(program, ground, rules)
    _days(program, ground, rules, comes)
    return program.least()


def _may(ground: Ground, rules: BedRules, s: int, h: int) -> bool:
    return bool(ground.rank[s, h] >= 0 and ground.has[h, ground.pool[s]])


def _lies(ground: Ground, rules: BedRules, g: int, h: int) -> bool:
    needs, said = ground.needs[g], ground.said.get((g, h), frozenset())
    kept = [k for (one, k), words in ground.said.items()
            if one == g and words & {"pinned", "accepted"}]  # fmt: skip
    far = rules.max_km is not None and ground.km[g, h] > rules.max_km and ground.at[g] != h
    return (
        _may(ground, rules, int(ground.severity[g]), h)
        and needs & rules.offered_needs <= ground.offers[h]
        and all(ground.tier[h] in rules.need_tiers.get(n, ground.tier) for n in needs)
        and not far
        and "declined" not in said
        and (not kept or h in kept)
    )


def _arrivals(
    program: _Program, ground: Ground, rules: BedRules
) -> dict[tuple[int, int, int], Row]:
    """Who comes to a hospital on a day with a severity, as a row of columns."""
    comes: dict[tuple[int, int, int], Row] = collections.defaultdict(dict)
    hospitals = range(len(ground.hospitals))
    places: dict[tuple[str, int], Row] = collections.defaultdict(dict)
    for h in hospitals:
        program.column("centre", h, cost=rules.centre_km, whole=True, most=1)
    for g, persons in enumerate(ground.persons.tolist()):
        s, day, at = int(ground.severity[g]), int(ground.day[g]), int(ground.at[g])
        size = persons if ground.whole[g] else 1
        worth = ground.worth[s] * (PUT_OUT if at >= 0 else 1.0)
        row: Row = {program.column("left", g, cost=worth + 1e-3): 1}
        before = [k for (one, k), words in ground.said.items() if one == g and "before" in words]
        for h in hospitals:
            if not _lies(ground, rules, g, h):
                continue
            each = 0.0 if at == h else float(np.nan_to_num(ground.km[g, h]))
            each += rules.tier_km * ground.rank[s, h] + rules.move_km * (at not in (-1, h))
            each += rules.change_km * (bool(before) and h not in before)
            lies = program.column("lies", g, h, cost=each * size, whole=True)
            row[lies] = size
            comes[h, day, s][lies] = size
            if rules.severities[s] in rules.concentrated:  # its hospital is a centre
                program.rows.append(({lies: size, ("centre", h): -persons}, -np.inf, 0))
            for need in ground.needs[g]:
                places[need, h][lies] = size
        if at >= 0 and not _lies(ground, rules, g, at):
            waits = program.column("waits", g, cost=ground.worth[s] * size, whole=True)
            row[waits] = size
            comes[at, day, s][waits] = size
        program.rows.append((row, persons, persons))
    for (need, h), row in places.items():
        if need in ground.slots:
            program.rows.append((row, 0, float(ground.slots[need][h])))
    for f, (day, s, number, km) in enumerate(ground.arrivals):
        row = {program.column("lost", f, cost=ground.worth[s]): 1}
        for h in hospitals:
            if _may(ground, rules, s, h):
                each = float(np.nan_to_num(km[h])) + rules.tier_km * ground.rank[s, h]
                put = program.column("put", f, h, cost=each)
                row[put] = 1
                comes[h, day, s][put] = 1
        program.rows.append((row, number, number))
    return comes


def _days(
    program: _Program, ground: Ground, rules: BedRules, comes: dict[tuple[int, int, int], Row]
) -> None:
    hospitals, grades = range(len(ground.hospitals)), range(len(ground.worth))
    for h in hospitals:
        for day in range(ground.days):
            for s in grades:
                cost = 0.0 if _may(ground, rules, s, h) else float(ground.worth[s]) / ground.days
                program.column("inside", h, day, s, cost=cost)
                if day:
                    _moves(program, ground, rules, (h, day, s))
    for h in hospitals:
        for day in range(ground.days):
            for s in grades:
                row: Row = {("inside", h, day, s): -1.0, **comes[h, day, s]}
                for t in grades if day else ():
                    row["inside", h, day - 1, t] = ground.change[t, s]
                for k in hospitals:
                    if ("move", k, h, day, s) in program.cost:
                        row["move", k, h, day, s] = 1.0
                    if ("move", h, k, day, s) in program.cost:
                        row["move", h, k, day, s] = -1.0
                program.rows.append((row, 0, 0))
            _beds(program, ground, rules, h, day)


def _moves(program: _Program, ground: Ground, rules: BedRules, place: tuple[int, int, int]) -> None:
    """To every hospital whose tier suits the severity as well or better."""
    h, day, s = place
    for k in range(len(ground.hospitals)):
        better = not _may(ground, rules, s, h) or ground.rank[s, k] <= ground.rank[s, h]
        if k != h and _may(ground, rules, s, k) and better:
            cost = float(ground.road[h, k]) + rules.move_km
            program.column("move", h, k, day, s, cost=cost)


def _beds(program: _Program, ground: Ground, rules: BedRules, h: int, day: int) -> None:
    held: dict[int, Row] = collections.defaultdict(dict)
    grave: Row = {}
    for s, name in enumerate(rules.severities):
        pool = int(ground.pool[s])
        if not ground.has[h, pool]:
            pool = next((p for p in range(len(ground.pools)) if ground.has[h, p]), pool)
        held[pool]["inside", h, day, s] = 1.0
        if name in rules.concentrated and _may(ground, rules, s, h):
            grave["inside", h, day, s] = 1.0
    for pool, row in held.items():
        worth = max(float(w) for w, p in zip(ground.worth, ground.pool, strict=True) if p == pool)
        most = np.inf if day else 0.0
        over = program.column("over", h, pool, day, cost=worth * OVER, most=most)
        program.rows.append(({**row, over: -1.0}, -np.inf, float(ground.usable[h, pool, day])))
    # Whoever is counted among the gravest needs a hospital that is a centre.
    if grave:
        spilled: Row = {("over", h, pool, day): -1.0 for pool in held}
        room = float(ground.usable[h].sum(axis=0).max())
        program.rows.append(({**grave, **spilled, ("centre", h): -room}, -np.inf, 0.0))
