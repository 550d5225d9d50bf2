"""Simulated annealing over sets of closed blocks, compiled.

Moves: close or free one block at the edge of a zone, found a zone, free a whole zone, join two
zones by the cheapest way between them.  A set that misses the share, has a zone too many or passes
a maximum pays for it while searching and is never kept as the best.
"""

from __future__ import annotations

import numpy as np

from zhongshu.engines.zoning.planning import paths
from zhongshu.engines.zoning.planning.kinds import (
    Case,
    Chance,
    Flags,
    Floats,
    Graph,
    Labels,
    Numbers,
    Sets,
)
from zhongshu.kernel.compiled import njit

# Of 1,000 moves: founding a zone, freeing one, joining two; the rest toggles one block.
FOUND, FREE, JOIN = 10, 12, 15
CHECKS = 500  # moves between two looks at the prices of what is missed
# Places in the running figures of a search.
ENERGY, TOTAL, ZONES, COVERED, COUNT, BEST = 0, 1, 2, 3, 4, 5


@njit(cache=True)
def label_zones(inside: Flags, graph: Graph, label: Labels) -> int:
    """Labels every zone by the first of its blocks; how many zones."""
    indptr, indices, joined, _ = graph
    n = len(inside)
    queue = np.empty(n, np.int32)
    label[:] = -1
    zones = 0
    for i in range(n):
        if not inside[i] or label[i] >= 0:
            continue
        zones += 1
        label[i], queue[0], head, tail = i, i, 0, 1
        while head < tail:
            u = queue[head]
            head += 1
            for e in range(indptr[u], indptr[u + 1]):
                v = indices[e]
                if joined[e] and inside[v] and label[v] < 0:
                    label[v] = i
                    queue[tail] = v
                    tail += 1
    return zones


@njit(cache=True)
def _crowding(label: Labels, people: Floats, limit: float) -> float:
    """People above the maximum of a zone, over all zones."""
    if limit == np.inf:
        return 0.0
    load = np.zeros(len(label))
    for i in range(len(label)):
        if label[i] >= 0:
            load[label[i]] += people[i]
    return float(np.maximum(load - limit, 0.0).sum())


@njit(cache=True)
def value(inside: Flags, label: Labels, zones: float, case: Case) -> tuple[float, float, bool]:
    """(energy, cost, whether it keeps every aim)."""
    numbers, graph, limits, prices, _ = case
    cost, risk, people, days = numbers
    indptr, indices, _, cut = graph
    need, most, zone_cost, zone_people, all_people, all_days = limits
    total, covered, persons, spent = zone_cost * zones, 0.0, 0.0, 0.0
    for i in range(len(inside)):
        if inside[i]:
            total += cost[i]
            covered += risk[i]
            persons += people[i]
            spent += days[i]
            for e in range(indptr[i], indptr[i + 1]):
                if not inside[indices[e]]:
                    total += cut[e]
    missed = max(0.0, need - covered)
    surplus = max(0.0, zones - most)
    crowd = _crowding(label, people, zone_people) + max(0.0, persons - all_people)
    crowd += max(0.0, spent - all_days)
    kept = missed <= 0.0 and surplus == 0.0 and crowd <= 0.0
    energy = total + prices[0] * missed + prices[1] * surplus + prices[2] * crowd
    return energy, total, kept


@njit(cache=True)
def _toggle(
    i: int, inside: Flags, label: Labels, numbers: Numbers, graph: Graph
) -> tuple[float, int, bool]:
    """(change of cost but for zones, change of the number of zones, whether labels break)."""
    indptr, indices, joined, cut = graph
    sign = -1.0 if inside[i] else 1.0
    change = sign * numbers[0][i]
    first, others = -1, 0
    degree = 0
    for e in range(indptr[i], indptr[i + 1]):
        v = indices[e]
        change += sign * (-cut[e] if inside[v] else cut[e])
        if joined[e] and inside[v]:
            degree += 1
            if first < 0:
                first = label[v]
            elif label[v] != first:
                others += 1
    if not inside[i]:
        if first < 0:
            return change, 1, False
        return change, -_other_labels(i, label, inside, graph), others > 0
    if degree == 0:
        return change, -1, False
    if degree == 1:
        return change, 0, False
    pieces = _pieces(i, inside, graph)
    return change, pieces - 1, pieces > 1


@njit(cache=True)
def _other_labels(i: int, label: Labels, inside: Flags, graph: Graph) -> int:
    """Zones next to i, less one."""
    indptr, indices, joined, _ = graph
    count = 0
    for e in range(indptr[i], indptr[i + 1]):
        if joined[e] and inside[indices[e]]:
            fresh = True
            for f in range(indptr[i], e):
                if joined[f] and inside[indices[f]] and label[indices[f]] == label[indices[e]]:
                    fresh = False
            count += fresh
    return count - 1


@njit(cache=True)
def _pieces(i: int, inside: Flags, graph: Graph) -> int:
    """Parts the zone of i falls into without i."""
    indptr, indices, joined, _ = graph
    queue = np.empty(len(inside), np.int32)
    seen = np.zeros(len(inside), np.uint8)
    seen[i] = 1
    pieces = 0
    for e in range(indptr[i], indptr[i + 1]):
        start = indices[e]
        if not joined[e] or not inside[start] or seen[start]:
            continue
        if pieces and not _left(i, seen, inside, graph):
            break
        pieces += 1
        seen[start], queue[0], head, tail = 1, start, 0, 1
        while head < tail:
            u = queue[head]
            head += 1
            for f in range(indptr[u], indptr[u + 1]):
                v = indices[f]
                if joined[f] and inside[v] and not seen[v]:
                    seen[v] = 1
                    queue[tail] = v
                    tail += 1
            if not _left(i, seen, inside, graph):
                return pieces
    return pieces


@njit(cache=True)
def _left(i: int, seen: Flags, inside: Flags, graph: Graph) -> bool:
    """Whether a closed neighbour of i has not been reached."""
    indptr, indices, joined, _ = graph
    for e in range(indptr[i], indptr[i + 1]):
        if joined[e] and inside[indices[e]] and not seen[indices[e]]:
            return True
    return False


@njit(cache=True)
def _pick(kind: int, sets: Sets, now: Floats, case: Case, risk_sum: Floats) -> int:
    """A block at or in a zone; one drawn by risk to found a zone."""
    graph, chance = case[1], case[4]
    inside, _, members, _ = sets
    if now[COUNT] == 0 or kind < FOUND:
        return int(min(np.searchsorted(risk_sum, chance.random() * risk_sum[-1]), len(inside) - 1))
    i = members[int(chance.random() * now[COUNT])]
    indptr, indices = graph[0], graph[1]
    if chance.random() < 0.4 or indptr[i] == indptr[i + 1]:
        return int(i)
    return int(indices[indptr[i] + int(chance.random() * (indptr[i + 1] - indptr[i]))])


@njit(cache=True)
def _leap(kind: int, sets: Sets, now: Floats, case: Case, warmth: float) -> bool:
    """Frees a zone, or joins it to the nearest other, if agreed; whether every aim is then kept."""
    numbers, graph, _, prices, chance = case
    inside, label, members, _ = sets
    chosen = label[members[int(chance.random() * now[COUNT])]]
    before_inside, before_label, old = inside.copy(), label.copy(), now.copy()
    source, goal = label == chosen, (label >= 0) & (label != chosen)
    if kind < FREE:
        inside[source] = 0
    else:
        toll = np.maximum(numbers[0] - prices[0] * numbers[1], 0.05 * numbers[0])
        last, _, before = paths.ways(source, goal, inside, graph, toll)
        while last >= 0:
            inside[last] = 1
            last = before[last]
    kept = _settle(sets, now, case)
    if _agreed(now[ENERGY] - old[ENERGY], warmth, case[4]):
        return kept
    inside[:] = before_inside
    label[:] = before_label
    now[:] = old
    _enter_all(sets)
    return False


@njit(cache=True)
def run(start: Flags, case: Case, schedule: tuple[float, float, int]) -> tuple[Flags, float]:
    """(best set that keeps the aims or the last one, its cost or inf).

    start: closed blocks.  case: numbers, graph and limits as in kinds, the first prices (of all the
    risk missed, of a zone too many, of a person too many) and a generator.
    schedule: first and last temperature, moves.
    """
    hot, cold, moves = schedule
    numbers, _, limits, first_prices, chance = case
    n = len(start)
    sets = (start.copy(), np.full(n, -1, np.int32), np.zeros(n, np.int32), np.zeros(n, np.int32))
    best, prices, now = start.copy(), first_prices.copy(), np.zeros(6)
    case = (case[0], case[1], case[2], prices, chance)
    now[BEST] = np.inf
    risk_sum = np.cumsum(numbers[1])
    simple = limits[3] == np.inf and limits[4] == np.inf and limits[5] == np.inf
    _keep(sets[0], best, now, _settle(sets, now, case))
    cool, warmth = (cold / hot) ** (1.0 / max(1, moves)), hot
    for move in range(moves):
        warmth *= cool
        kind = int(chance.random() * 1000)
        if FOUND <= kind < JOIN and now[ZONES] > (0 if kind < FREE else 1):
            kept = _leap(kind, sets, now, case, warmth)
        else:
            i = _pick(kind, sets, now, case, risk_sum)
            if simple:
                kept = _step(i, sets, now, case, warmth)
            else:
                kept = _weighed(i, sets, now, case, warmth)
        _keep(sets[0], best, now, kept)
        if move % CHECKS == 0:
            _reprice(sets, now, case)
    return (sets[0] if now[BEST] == np.inf else best), now[BEST]


@njit(cache=True)
def _keep(inside: Flags, best: Flags, now: Floats, kept: bool) -> None:
    if kept and now[TOTAL] < now[BEST] - 1e-9:
        best[:] = inside
        now[BEST] = now[TOTAL]


@njit(cache=True)
def _reprice(sets: Sets, now: Floats, case: Case) -> None:
    """A price that is too low leaves the aim missed, one too high freezes the search."""
    _, _, limits, prices, _ = case
    prices[0] *= 1.1 if now[COVERED] < limits[0] else 0.97
    prices[1] *= 1.1 if now[ZONES] > limits[1] else 0.98
    if not _settle(sets, now, case):
        prices[2] *= 1.1


@njit(cache=True)
def _settle(sets: Sets, now: Floats, case: Case) -> bool:
    """Everything about the set counted afresh; whether it keeps every aim."""
    numbers, graph, _, _, _ = case
    inside, label, members, place = sets
    now[ZONES] = label_zones(inside, graph, label)
    now[COUNT] = 0
    now[COVERED] = 0.0
    for i in range(len(inside)):
        if inside[i]:
            members[int(now[COUNT])], place[i] = i, int(now[COUNT])
            now[COUNT] += 1
            now[COVERED] += numbers[1][i]
    now[ENERGY], now[TOTAL], kept = value(inside, label, now[ZONES], case)
    return kept


@njit(cache=True)
def _agreed(worse: float, warmth: float, chance: Chance) -> bool:
    return worse <= 0 or chance.random() < np.exp(-worse / warmth)


@njit(cache=True)
def _enter(i: int, sets: Sets, now: Floats) -> None:
    """Block i has been toggled: the list of members after it."""
    inside, _, members, place = sets
    if inside[i]:
        members[int(now[COUNT])], place[i] = i, int(now[COUNT])
        now[COUNT] += 1
    else:
        now[COUNT] -= 1
        last = members[int(now[COUNT])]
        members[place[i]], place[last] = last, place[i]


@njit(cache=True)
def _step(i: int, sets: Sets, now: Floats, case: Case, warmth: float) -> bool:
    """Toggles block i if that is agreed to; whether the set then keeps every aim."""
    numbers, graph, limits, prices, chance = case
    inside, label = sets[0], sets[1]
    change, more, broken = _toggle(i, inside, label, numbers, graph)
    sign = -1.0 if inside[i] else 1.0
    covered = now[COVERED] + sign * numbers[1][i]
    missed = max(0.0, limits[0] - covered)
    surplus = max(0.0, now[ZONES] + more - limits[1])
    change += limits[2] * more
    worse = change + prices[0] * (missed - max(0.0, limits[0] - now[COVERED]))
    worse += prices[1] * (surplus - max(0.0, now[ZONES] - limits[1]))
    if not _agreed(worse, warmth, chance):
        return False
    inside[i] = 1 - inside[i]
    broken = broken or (not inside[i] and label[i] == i)  # the block a zone is named by left it
    _enter(i, sets, now)
    _relabel(i, inside, label, broken, graph)
    now[ENERGY] += worse
    now[TOTAL] += change
    now[ZONES] += more
    now[COVERED] = covered
    return bool(missed <= 0.0 and surplus == 0.0)


@njit(cache=True)
def _weighed(i: int, sets: Sets, now: Floats, case: Case, warmth: float) -> bool:
    """As `_step`, counting everything afresh, for maxima of people."""
    inside = sets[0]
    label, old = sets[1].copy(), now.copy()
    inside[i] = 1 - inside[i]
    kept = _settle(sets, now, case)
    if _agreed(now[ENERGY] - old[ENERGY], warmth, case[4]):
        return kept
    inside[i] = 1 - inside[i]
    sets[1][:] = label
    now[:] = old
    _enter_all(sets)
    return False


@njit(cache=True)
def _enter_all(sets: Sets) -> None:
    inside, _, members, place = sets
    count = 0
    for i in range(len(inside)):
        if inside[i]:
            members[count], place[i] = i, count
            count += 1


@njit(cache=True)
def _relabel(i: int, inside: Flags, label: Labels, whole: bool, graph: Graph) -> None:
    """Labels after block i was toggled; `whole`: zones joined or fell apart."""
    if whole:
        label_zones(inside, graph, label)
        return
    indptr, indices, joined, _ = graph
    label[i] = i if inside[i] else -1
    if inside[i]:
        for e in range(indptr[i], indptr[i + 1]):
            if joined[e] and inside[indices[e]]:
                label[i] = label[indices[e]]
                return
