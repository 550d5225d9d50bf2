"""Beds for patients: who lies where, what the days after bring, and who has no bed why."""

from __future__ import annotations

import dataclasses
import datetime as dt
import time

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from zhongshu.engines.beds import answer, ground, model, options, program, reasons
from zhongshu.engines.beds.ground import Ground
from zhongshu.engines.beds.program import Found, Program
from zhongshu.kernel.plan import Answer
from zhongshu.kernel.runcard import RunCard, table_hash

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
FIRST = 3  # hospitals of each choice of tier that are tried first
FEW = 600  # with so few pairs the integer program is solved as it is
SOME = 10_000  # with so few, centres are chosen while all other groups are free to move
MOST = 200  # groups that are open again though the relaxation keeps them together
GAP, NODES = 0.001, 400  # a stop that is the same on every machine
FINE = 0.00003  # where few patients lie and many wait, a thousandth is many of the kilometres
LEAST, CLOSE = 1e-6, 1e-4


def plan(
    *,
    groups: pa.Table,
    hospitals: pa.Table,
    pools: pa.Table,
    rules: model.BedRules,
    on: dt.date,
    forecast: pa.Table | None = None,
    words: pa.Table | None = None,
    staff: pa.Table | None = None,
) -> model.BedPlan:
    """A hospital for each group, the expected load by day; tables of `model`.

    Aims in one sum of kilometres: as little worth left out as there are beds, in today's groups
    and in what is expected; then the way there, better tiers, few centres for the gravest, few
    moves and, against a former plan (`words`), few changes.
    The linear program is solved with all pairs by prices, so its value bounds every plan; groups
    it divides are put by a small integer program.
    Refuses (BadInput) what `ground.read` and `options.options` refuse; a shortage is told.
    """
    began = time.perf_counter()
    read = ground.read(
        groups=groups, hospitals=hospitals, pools=pools, rules=rules, on=on,
        forecast=forecast, words=words,
    )  # fmt: skip
    made = program.build(read, options.options(read, rules), rules)
    found, relaxed, chosen = _solved(made)
    bound = _same_left(made, found, relaxed, chosen)
    lying = answer.lying(made, found.x, _pairs(chosen))
    short = answer.short_worth(made, found.x)
    given = {"groups": groups, "hospitals": hospitals, "pools": pools, "forecast": forecast,
             "words": words, "staff": staff}  # fmt: skip
    return model.BedPlan(
        **answer.tables(made, found.x, lying, staff),
        served=int(lying.persons.sum()),
        persons=int(read.persons.sum()),
        total=found.value,
        total_bound=min(relaxed.value, found.value),
        answer=Answer(
            planner="beds",
            value=found.value - short,
            unit="person-km",
            bound=min(bound, found.value - short),
            seconds=time.perf_counter() - began,
            seed=None,
            unserved=reasons.unserved(made, found.x, lying),
            card=RunCard(
                engine="beds",
                version=model.VERSION,
                parameters={**_plain(rules), "on": on.isoformat()},
                inputs={k: table_hash(v) for k, v in given.items() if v is not None},
            ),
            notes=_notes(read),
        ),
    )


def _solved(made: Program) -> tuple[Found, Found, Bools]:
    """(the plan, the relaxation that bounds it, the pairs that were looked at)"""
    every = np.isfinite(made.options.cost)
    some = int(every.sum()) <= SOME
    relaxed, chosen = _relaxed(made, every if some else _first(made))
    if int(every.sum()) <= FEW:
        found = program.solve(made, _pairs(chosen), whole="all", nodes=NODES)
        least = found.least
        found = _rounded(made, chosen, found)
    else:
        found, chosen, least = _whole(made, relaxed, chosen, free=some)
    return found, dataclasses.replace(relaxed, value=max(relaxed.value, least)), chosen


def _plain(rules: model.BedRules) -> dict[str, object]:
    values = dataclasses.asdict(rules)
    return {k: sorted(v) if isinstance(v, frozenset) else v for k, v in values.items()}


def _notes(read: Ground) -> tuple[str, ...]:
    unknown = int(np.isnan(read.km).any(axis=1).sum())
    return (f"no_coordinates:{unknown}",) if unknown else ()


def _relaxed(made: Program, chosen: Bools, fixed: Floats | None = None) -> tuple[Found, Bools]:
    """The relaxation over all pairs: begun with few, those whose price is right are added.

    fixed: values of the columns before the pairs, nan where free.
    The value is reduced by what pairs left out could gain at most at these prices, so that it
    bounds the relaxation over all pairs.
    """
    while True:
        found = program.solve(made, _pairs(chosen), fixed=fixed)
        price = _prices(made, found)
        wanted = ~chosen & (price < -LEAST)
        gain = float(np.where(wanted, price, 0).min(axis=1, initial=0) @ made.ground.persons)
        if -gain <= CLOSE * abs(found.value) or not wanted.any():
            return dataclasses.replace(found, value=found.value + gain), chosen
        best = np.argsort(np.where(wanted, price, np.inf), axis=1)[:, :FIRST]
        pick = np.zeros_like(chosen)
        np.put_along_axis(pick, best, values=True, axis=1)
        chosen = chosen | (pick & wanted)


def _pairs(chosen: Bools) -> tuple[Ints, Ints]:
    who, where = np.nonzero(chosen)
    return who.astype(np.int64), where.astype(np.int64)


def _first(made: Program) -> Bools:
    """The cheapest hospitals of each choice of tier, where it lies, and for the gravest all."""
    g, cost = made.ground, made.options.cost
    chosen = np.zeros(cost.shape, bool)
    rank = g.rank[g.severity]
    for choice in range(int(rank.max(initial=-1)) + 1):
        mine = np.where(rank == choice, cost, np.inf)
        best = np.argsort(mine, axis=1, kind="stable")[:, :FIRST]
        np.put_along_axis(chosen, best, values=True, axis=1)
    inside = np.flatnonzero(g.at >= 0)
    chosen[inside, g.at[inside]] = True
    grave = [made.rules.severities[s] in made.rules.concentrated for s in g.severity]
    chosen[np.array(grave, bool)] = True
    return chosen & np.isfinite(cost)


def _prices(made: Program, found: Found) -> Floats:
    """Reduced cost of a person of each group in each hospital."""
    g = made.ground
    hospital = np.arange(len(g.hospitals))
    rows = made.balance(hospital[None, :], g.day[:, None], g.severity[:, None])
    price = made.options.cost - found.equal[: len(g.groups), None] + found.equal[rows]
    for n, name in enumerate(sorted(g.slots)):
        mine = np.array([name in one for one in g.needs], bool)
        price[mine] -= found.under[made.slot(n, hospital)]
    return np.asarray(price, np.float64)


def _whole(
    made: Program, relaxed: Found, chosen: Bools, *, free: bool
) -> tuple[Found, Bools, float]:
    """Whole groups: first which hospitals are centres, then the groups that are still divided;
    the others stay where the relaxation has them.

    free: `chosen` holds all pairs, and centres are chosen with all of them.  Then the third of
    (plan, pairs looked at, bound) is a bound; else it is -inf.
    """
    centres = slice(made.centre, made.centre + len(made.taking))
    least = -np.inf
    if _parts(relaxed.x[centres]).max(initial=0.0) > LEAST:
        kept = None if free else _kept(made, relaxed, chosen, _others(made, chosen))
        opened = program.solve(made, _pairs(chosen), whole="centres", fixed=kept,
                               gap=FINE if free else GAP, nodes=NODES)  # fmt: skip
        least = opened.least if free else least
        fixed = np.full(made.columns.count, np.nan)
        fixed[centres] = np.round(opened.x[centres])
        relaxed, chosen = _relaxed(made, chosen, fixed)
    fixed = _kept(made, relaxed, chosen, _clear(made, relaxed, chosen))
    fixed[centres] = np.round(relaxed.x[centres])
    if not free:  # what is dear is not used
        for a, b in ((made.put_at, made.lost), (made.move, made.over)):
            fixed[a:b][relaxed.idle[a:b] > LEAST] = 0.0
    found = program.solve(made, _pairs(chosen), whole="all", fixed=fixed,
                          gap=FINE if free else GAP, nodes=NODES)  # fmt: skip
    return _rounded(made, chosen, found), chosen, least


def _rounded(made: Program, chosen: Bools, found: Found) -> Found:
    """Whole numbers without the last digits, and the days after for just these."""
    fixed = np.full(len(found.x), np.nan)
    first, centres = made.columns.count, slice(made.centre, made.centre + len(made.taking))
    waits = slice(made.waits_at, made.waits_at + len(made.waits))
    for part in (slice(first, None), centres, waits):
        fixed[part] = np.round(found.x[part])
    return program.solve(made, _pairs(chosen), fixed=fixed)


def _kept(made: Program, relaxed: Found, chosen: Bools, groups: Bools) -> Floats:
    """The pairs of these groups as the relaxation has them, nan for all other columns."""
    fixed = np.full(len(relaxed.x), np.nan)
    mine = made.columns.count + np.flatnonzero(groups[_pairs(chosen)[0]])
    fixed[mine] = np.clip(relaxed.x[mine], 0, None)
    return fixed


def _others(made: Program, chosen: Bools) -> Bools:
    """Groups of severities that are not concentrated."""
    grave = [name in made.rules.concentrated for name in made.rules.severities]
    others: Bools = ~np.array(grave, bool)[made.ground.severity]
    return others


def _clear(made: Program, relaxed: Found, chosen: Bools) -> Bools:
    """Groups that the relaxation keeps together and whose next choice is not among the cheapest."""
    g = made.ground
    price = np.where(chosen, _prices(made, relaxed), np.inf)
    out = made.columns.cost[0] - relaxed.equal[: len(g.groups)]  # the first block: left out
    price = np.column_stack([price, out]) * g.persons[:, None]
    used = np.zeros(price.shape, bool)
    used[_pairs(chosen)] = relaxed.x[made.columns.count :] > LEAST
    used[:, -1] = relaxed.x[made.left : made.left + len(g.groups)] > LEAST
    next_ = np.where(used, np.inf, price).min(axis=1)
    open_ = used.sum(axis=1) > 1
    open_[np.argsort(next_, kind="stable")[:MOST]] = True
    clear: Bools = ~open_
    return clear


def _parts(x: Floats) -> Floats:
    parts: Floats = np.abs(x - np.round(x))
    return parts


def _same_left(made: Program, found: Found, relaxed: Found, chosen: Bools) -> float:
    """What no plan that leaves out the same can be under, without the worth of that."""
    short = answer.short_worth(made, found.x)
    if found.value <= relaxed.value * (1 + GAP) or short == 0:
        return relaxed.value - short
    fixed = np.full(made.columns.count, np.nan)
    for first, count in ((made.left, len(made.ground.groups)), (made.waits_at, len(made.waits))):
        fixed[first : first + count] = found.x[first : first + count]
    same, _ = _relaxed(made, chosen, fixed)
    return max(relaxed.value, same.value) - short
