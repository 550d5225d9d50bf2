"""The slow twin: the same plan as one linear program, written out variable by variable.

Reads like the definition, for a handful of stores, days and goods; nothing of it is shared with
the fast plan but the tables read in.  It answers with the two figures the plan stands on.
"""

from __future__ import annotations

import collections
from collections.abc import Iterator

import numpy as np
from scipy import optimize

from zhongshu.engines.supply.network.ground import Good, Ground
from zhongshu.engines.supply.network.model import NetworkRules

Name = tuple[object, ...]
Table = dict[Name, dict[Name, float]]


class _Program:
    def __init__(self) -> None:
        self.upper: dict[Name, float] = {}
        self.equal: list[tuple[dict[Name, float], float]] = []
        self.below: list[tuple[dict[Name, float], float]] = []

    def least(self, cost: dict[Name, float]) -> tuple[float, dict[Name, float]]:
        at = {name: n for n, name in enumerate(self.upper)}

        def matrix(rows: list[tuple[dict[Name, float], float]]) -> tuple[object, object]:
            table = np.zeros((len(rows), len(at)))
            for n, (row, _) in enumerate(rows):
                for name, value in row.items():
                    table[n, at[name]] += value
            return (table, [right for _, right in rows]) if rows else (None, None)

        a_eq, b_eq = matrix(self.equal)
        a_ub, b_ub = matrix(self.below)
        solved = optimize.linprog(
            [cost.get(name, 0.0) for name in at],
            A_eq=a_eq,
            b_eq=b_eq,
            A_ub=a_ub,
            b_ub=b_ub,
            bounds=[(0.0, upper) for upper in self.upper.values()],
        )
        assert solved.status == 0, solved.message
        return float(solved.fun), dict(zip(at, solved.x, strict=True))


def figures(ground: Ground, rules: NetworkRules) -> tuple[float, float]:
    """(unfairness, yuan) of the best plan of goods that all have one rank."""
    program = _Program()
    wish: dict[Name, float] = {}
    yuan: dict[Name, float] = {}
    goods = [good for good in ground.goods if good.need.any()]
    for good in goods:
        _good(program, ground, good, rules)
        wish |= _wish(ground, good, rules)
        yuan |= _yuan(program, ground, good, rules)
    _room(program, ground, goods)
    unfair, _ = program.least(wish)
    program.below.append((wish, unfair + 1e-9))
    return unfair, program.least(yuan)[0]


def _good(program: _Program, ground: Ground, good: Good, rules: NetworkRules) -> None:
    rows: Table = collections.defaultdict(dict)
    right: dict[Name, float] = collections.defaultdict(float)

    def column(name: Name, upper: float = np.inf) -> Name:
        program.upper[name] = upper
        return name

    for last in {*good.lots, ground.days - 1}:
        for store in range(len(ground.ids)):
            for day in range(last + 1):
                kept = column((good.item, "kept", last, store, day))
                rows["holds", last, store, day][kept] = 1.0
                if day < last:
                    rows["holds", last, store, day + 1][kept] = -1.0
                if good.need[store, day] > 0:
                    use = column((good.item, "use", last, store, day))
                    rows["holds", last, store, day][use] = 1.0
                    rows["need", store, day][use] = 1.0
            right["holds", last, store, 0] = (
                float(good.lots[last][store]) if last in good.lots else 0.0
            )
    for name, (tail, head, leaves, arrives, last) in _ships(ground, good):
        column(name)
        rows["holds", last, tail, leaves][name] = 1.0
        rows["holds", last, head, arrives][name] = -1.0
    for offer in good.offers:
        for day in range(ground.days):
            sold = {}
            for store, lead in zip(offer.to, offer.lead, strict=True):
                if day + lead < ground.days:
                    name = column((good.item, "order", offer.supplier, int(store), day))
                    rows["holds", ground.days - 1, int(store), int(day + lead)][name] = -1.0
                    sold[name] = 1.0
            program.below.append((sold, offer.per_day))
    _needs(program, good, rules, rows=rows, right=right)
    program.equal += [(row, right[name]) for name, row in rows.items()]


def _needs(
    program: _Program, good: Good, rules: NetworkRules, *, rows: Table, right: dict[Name, float]
) -> None:
    """What each store lacks of its needs and of its reserve, in steps."""

    def column(name: Name, upper: float = np.inf) -> Name:
        program.upper[name] = upper
        return name

    for store in np.flatnonzero(good.need.sum(axis=1) > 0).tolist():
        whole, wanted = good.need[store].sum(), good.need[store].mean() * rules.kept_days(good.item)
        unmet: dict[Name, float] = {}
        for day in np.flatnonzero(good.need[store] > 0).tolist():
            lack = column((good.item, "lack", store, day))
            rows["need", store, day][lack] = 1.0
            right["need", store, day] = float(good.need[store, day])
            unmet[lack] = 1.0
        last = good.need.shape[1] - 1
        last_kept: Name = (good.item, "kept", last, store, last)
        reserve: dict[Name, float] = {last_kept: -1.0}
        for step in range(rules.steps):
            unmet[column((good.item, "unmet", store, step), whole / rules.steps)] = -1.0
            reserve[column((good.item, "short", store, step), wanted / rules.steps)] = -1.0
        program.equal.append((unmet, 0.0))
        program.below.append((reserve, -wanted))


def _ships(ground: Ground, good: Good) -> Iterator[tuple[Name, tuple[int, int, int, int, int]]]:
    """Journeys: lots that expire within the plan travel from where they lie, the rest anywhere."""
    ends = zip(ground.tail.tolist(), ground.head.tolist(), ground.lead.tolist(), strict=True)
    for tail, head, lead in ends:
        if good.cold and not (ground.cold[tail] and ground.cold[head]):
            continue
        for last in {*good.lots, ground.days - 1}:
            if last < ground.days - 1 and good.lots[last][tail] == 0:
                continue
            for day in range(last + 1 - lead):
                name = (good.item, "ship", last, tail, head, day)
                yield name, (tail, head, day, day + lead, last)


def _wish(ground: Ground, good: Good, rules: NetworkRules) -> dict[Name, float]:
    who = np.flatnonzero(good.need.sum(axis=1) > 0).tolist()
    typical = good.need.sum() / len(who)
    found: dict[Name, float] = {}
    for store in who:
        for step in range(rules.steps):
            found[good.item, "unmet", store, step] = (step + 1) / typical
            found[good.item, "short", store, step] = (step + 1) / (rules.steps + 1) / typical
    return found


def _yuan(program: _Program, ground: Ground, good: Good, rules: NetworkRules) -> dict[Name, float]:
    km = {
        (tail, head): far
        for tail, head, far in zip(
            ground.tail.tolist(), ground.head.tolist(), ground.km.tolist(), strict=True
        )
    }
    found = {
        name: km[tail, head] * good.m3 * rules.yuan_per_m3_km
        for name, (tail, head, *_) in _ships(ground, good)
    }
    for offer in good.offers:
        for store, each in zip(offer.to, offer.yuan, strict=True):
            for day in range(ground.days):
                name: Name = (good.item, "order", offer.supplier, int(store), day)
                if name in program.upper:
                    found[name] = float(each)
    for last in good.lots:
        if last < ground.days - 1:
            for store in range(len(ground.ids)):
                found[good.item, "kept", last, store, last] = good.yuan
    return found


def _room(program: _Program, ground: Ground, goods: list[Good]) -> None:
    out: dict[tuple[int, int], dict[Name, float]] = collections.defaultdict(dict)
    into: dict[tuple[int, int], dict[Name, float]] = collections.defaultdict(dict)
    for good in goods:
        for name, (tail, head, leaves, arrives, _) in _ships(ground, good):
            out[tail, leaves][name] = good.m3
            into[head, arrives][name] = good.m3
        for offer in good.offers:
            for store, lead in zip(offer.to.tolist(), offer.lead.tolist(), strict=True):
                for day in range(ground.days - lead):
                    into[store, day + lead][good.item, "order", offer.supplier, store, day] = (
                        good.m3
                    )
    for rows, limit in ((out, ground.room_out), (into, ground.room_in)):
        program.below += [(row, limit[at]) for at, row in rows.items() if np.isfinite(limit[at])]
