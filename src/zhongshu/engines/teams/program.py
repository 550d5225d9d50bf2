"""A roster as a constraint program for CP-SAT.

OR-Tools is imported here alone, and this module only where a roster is made: it cannot be loaded
beside the package `highspy` (SciPy's own HiGHS is fine).
"""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray
from ortools.sat.python import cp_model
from scipy import optimize, sparse

from zhongshu.engines.teams import duties, model
from zhongshu.engines.teams.ground import Ground
from zhongshu.kernel.errors import BadInput

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
UNIT = 600  # of the objective in a kilometre: tenths of it, and minutes of an hour, are whole


@dataclasses.dataclass(frozen=True)
class Found:
    """does: (p, n); duty: (p, w).  proven: CP-SAT has shown that nothing is better."""

    does: Bools
    duty: Bools
    proven: bool = False


@dataclasses.dataclass(frozen=True)
class Built:
    """The program of some people and needs, all others staying as they are."""

    model: cp_model.CpModel
    ground: Ground
    does: dict[tuple[int, int], cp_model.IntVar]
    duty: dict[tuple[int, int], cp_model.IntVar]
    short: dict[int, cp_model.IntVar]


def build(
    ground: Ground, rules: model.TeamRules, *, people: Ints, needs: Ints, others: Found
) -> Built:
    """others: the roster as it stands; what people who are not in `people` do stays."""
    kept = others.does.copy()
    kept[people] = False
    wanted = ground.persons - kept.sum(axis=0)
    built = _variables(ground, people, needs, wanted)
    _needs(built, wanted)
    _windows(built, rules, people)
    _travel(built, people)
    longest = _longest(built, others, people)
    built.model.minimize(_costs(built, rules, longest))
    _hint(built, others, wanted, longest)
    return built


def solve(built: Built, others: Found, *, people: Ints, limit: model.Limit, seed: int) -> Found:
    """Within `limit`, from the roster that stands; refuses (BadInput) pins that clash."""
    solver = cp_model.CpSolver()
    solver.parameters.random_seed = seed % 2**31
    solver.parameters.num_workers = limit.workers
    solver.parameters.interleave_search = limit.workers > 1  # in turns: the same on every machine
    solver.parameters.max_deterministic_time = limit.work
    status = solver.solve(built.model)
    if status == cp_model.INFEASIBLE:  # only pins can do that
        raise BadInput(
            "teams.pins_clash",
            "The pins of this roster cannot all be kept: they overlap, break a rest or ask for "
            "more people than a need has; take some back.",
        )
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        raise RuntimeError(f"The roster has no answer: {solver.status_name(status)}")
    does, duty = others.does.copy(), others.duty.copy()
    does[people], duty[people] = False, False
    for (p, n), one in built.does.items():
        does[p, n] = solver.boolean_value(one)
    for (p, w), one in built.duty.items():
        used = bool((does[p] & built.ground.fits[:, w]).any())
        duty[p, w] = solver.boolean_value(one) and used
    return Found(does, duty, proven=status == cp_model.OPTIMAL)


def total(ground: Ground, rules: model.TeamRules, found: Found, needs: Ints) -> float:
    """What a roster counts, in kilometres."""
    does = found.does[:, needs]
    km = np.round(duties.cost(ground, rules)[:, needs] * 10)[does].sum() / 10
    lacks = ground.persons[needs] - does.sum(axis=0)
    return float(km + worth(ground)[needs] @ lacks + _fair(rules) * found_minutes(ground, found))


def worth(ground: Ground) -> Floats:
    """As the program counts it."""
    return np.asarray(np.round(ground.worth * UNIT) / UNIT, np.float64)


def found_minutes(ground: Ground, found: Found) -> float:
    """Minutes of duty of whoever has most."""
    length = np.array([window.ends - window.begins for window in ground.windows])
    return float((found.duty @ length).max(initial=0))


def _fair(rules: model.TeamRules) -> float:
    return round(rules.fair_km * UNIT / 60) / UNIT


def relaxed(built: Built) -> float:
    """The least value of the program if people and duties could be divided, in kilometres.

    Every row CP-SAT was given, as a linear program; HiGHS through SciPy.
    """
    proto = built.model.proto
    rows: list[tuple[list[int], list[float], float, float]] = []
    for one in proto.constraints:
        kind = "linear" if one.has_linear() else "or" if one.has_bool_or() else "most"
        if kind == "linear":
            low, high = one.linear.domain[0], one.linear.domain[1]
            rows.append((list(one.linear.vars), list(one.linear.coeffs), low, high))
            continue
        literals = list(one.bool_or.literals if kind == "or" else one.at_most_one.literals)
        columns = [v if v >= 0 else -v - 1 for v in literals]
        signs = [1.0 if v >= 0 else -1.0 for v in literals]
        negated = sum(v < 0 for v in literals)
        low, high = (1 - negated, np.inf) if kind == "or" else (-np.inf, 1 - negated)
        rows.append((columns, signs, low, high))
    count = len(proto.variables)
    row = np.repeat(np.arange(len(rows)), [len(columns) for columns, *_ in rows])
    column = np.concatenate([np.array(columns, np.int64) for columns, *_ in rows])
    value = np.concatenate([np.array(values, np.float64) for _, values, *_ in rows])
    cost = np.zeros(count)
    np.add.at(cost, list(proto.objective.vars), np.array(list(proto.objective.coeffs), np.float64))
    far = 2.0**60
    low, high = (np.array([one[n] for one in rows], np.float64) for n in (2, 3))
    solved = optimize.milp(
        cost,
        bounds=optimize.Bounds(
            [one.domain[0] for one in proto.variables], [one.domain[1] for one in proto.variables]
        ),
        constraints=optimize.LinearConstraint(
            sparse.csr_matrix((value, (row, column)), shape=(len(rows), count)),
            np.where(low < -far, -np.inf, low),
            np.where(high > far, np.inf, high),
        ),
    )
    if solved.x is None:
        raise RuntimeError(f"The relaxation has no answer: {solved.message}")
    return float(solved.fun) / UNIT * (1 - 1e-9)


def _variables(ground: Ground, people: Ints, needs: Ints, wanted: Ints) -> Built:
    built, allowed = cp_model.CpModel(), ground.allowed
    does = {
        (p, n): built.new_bool_var("")
        for p in people.tolist()
        for n in needs.tolist()
        if allowed[p, n] and wanted[n] > 0
    }
    useful = {(p, w) for p, n in does for w in ground.windows_of(p, n)}
    duty = {pair: built.new_bool_var("") for pair in sorted(useful)}
    short = {n: built.new_int_var(0, int(wanted[n]), "") for n in needs.tolist()}
    return Built(built, ground, does, duty, short)


def _needs(built: Built, wanted: Ints) -> None:
    """Each need has its people, or lacks them; each task lies in a duty."""
    doing: dict[int, list[cp_model.IntVar]] = {n: [] for n in built.short}
    for (p, n), does in built.does.items():
        doing[n].append(does)
        mine = [built.duty[p, w] for w in built.ground.windows_of(p, n)]
        built.model.add_bool_or([*mine, does.negated()])
        if built.ground.pinned[p, n]:
            built.model.add(does == 1)
    for n, short in built.short.items():
        built.model.add(cp_model.LinearExpr.sum([*doing[n], short]) == int(wanted[n]))


def _windows(built: Built, rules: model.TeamRules, people: Ints) -> None:
    """Rest, hours, nights and days in a row."""
    ground = built.ground
    mine: dict[int, list[int]] = {p: [] for p in people.tolist()}
    for p, w in built.duty:
        mine[p].append(w)
    for p, windows in mine.items():
        for block in ground.blocks:
            built.model.add_at_most_one([built.duty[p, w] for w in block if (p, w) in built.duty])
        length = {w: ground.windows[w].ends - ground.windows[w].begins for w in windows}
        most = int(max(rules.hours_most - ground.hours[p], 0.0) * 60)
        if sum(length.values()) > most:
            built.model.add(sum(length[w] * built.duty[p, w] for w in windows) <= most)
        for least in sorted(set(length.values())):  # said again in whole duties, for the bound
            long = [built.duty[p, w] for w in windows if length[w] >= least]
            if len(long) > most // least:
                built.model.add(cp_model.LinearExpr.sum(long) <= most // least)
        nights = [built.duty[p, w] for w in windows if ground.windows[w].night]
        if len(nights) > rules.nights_most:
            built.model.add(sum(nights) <= rules.nights_most)
        for first in range(rules.days - rules.days_in_row):
            span = range(first, first + rules.days_in_row + 1)
            these = [built.duty[p, w] for w in windows if ground.windows[w].day in span]
            if len(these) > rules.days_in_row:
                built.model.add(sum(these) <= rules.days_in_row)


def _travel(built: Built, people: Ints) -> None:
    """Two tasks that leave no time to go from one place to the other are not one person's."""
    for clash in built.ground.clashes:
        for p in people.tolist():
            group = [n for n in clash if (p, n) in built.does]
            if len(group) > 1:
                built.model.add_at_most_one([built.does[p, n] for n in group])
                _within(built, p, group)


def _within(built: Built, p: int, group: list[int]) -> None:
    """At most one of tasks that clash, and it takes one of their duties: said of all of those that
    take the same duties at once, since one by one a divided duty would hold many of them."""
    alike: dict[tuple[int, ...], list[int]] = {}
    for n in group:
        alike.setdefault(tuple(built.ground.windows_of(p, n)), []).append(n)
    for places, needs in alike.items():
        if len(needs) > 1:
            does = cp_model.LinearExpr.sum([built.does[p, n] for n in needs])
            built.model.add(does <= cp_model.LinearExpr.sum([built.duty[p, w] for w in places]))


def _longest(built: Built, others: Found, people: Ints) -> cp_model.IntVar:
    """Minutes of duty of whoever has most."""
    ground = built.ground
    kept = others.duty.copy()
    kept[people] = False
    least = int(found_minutes(ground, Found(others.does, kept)))
    horizon = sum(window.ends - window.begins for window in ground.windows)
    longest = built.model.new_int_var(least, horizon, "")
    terms: dict[int, list[cp_model.LinearExprT]] = {}
    for (p, w), duty in built.duty.items():
        minutes = ground.windows[w].ends - ground.windows[w].begins
        terms.setdefault(p, []).append(minutes * duty)
    for mine in terms.values():
        built.model.add(cp_model.LinearExpr.sum(mine) <= longest)
    return longest


def _costs(built: Built, rules: model.TeamRules, longest: cp_model.IntVar) -> cp_model.LinearExprT:
    ground, each = built.ground, duties.cost(built.ground, rules)
    terms: list[cp_model.LinearExprT] = [
        round(float(each[p, n]) * 10) * (UNIT // 10) * does for (p, n), does in built.does.items()
    ]
    terms += [round(float(ground.worth[n]) * UNIT) * lack for n, lack in built.short.items()]
    return cp_model.LinearExpr.sum([*terms, round(rules.fair_km * UNIT / 60) * longest])


def _hint(built: Built, others: Found, wanted: Ints, longest: cp_model.IntVar) -> None:
    """The search begins with the roster that stands."""
    left = wanted.copy()
    for (p, n), does in built.does.items():
        built.model.add_hint(does, bool(others.does[p, n]))
        left[n] -= others.does[p, n]
    for (p, w), duty in built.duty.items():
        built.model.add_hint(duty, bool(others.duty[p, w]))
    for n, short in built.short.items():
        built.model.add_hint(short, max(int(left[n]), 0))
    built.model.add_hint(longest, int(found_minutes(built.ground, others)))
