"""The dynamic program over trees; compiled.

A row is a set of groups, and tells for each block the least toll of a tree through all of them that
hangs at the block (Dreyfus and Wagner, The Steiner problem in graphs, 1971).  A hanging tree that
costs no less than giving its groups up, or closing them as zones of their own, or hanging them at a
group that is closed anyway, is in no cheapest zoning: few rows are left.  Rows are made by their
number of groups, from two rows that hang at a common block.  A tree has a block, or a group, where
no tree that hangs there holds more than half of its groups, so larger rows are led on within groups
only.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from zhongshu.engines.zoning.planning import paths
from zhongshu.engines.zoning.planning.kinds import Flags, Floats, Ints, Labels, Ways
from zhongshu.kernel.compiled import njit

NONE, SEED, MEET = -1, -2, -3  # how a tree reached a block: not, from its group, two trees met
TIE = 1 + 1e-12


class Field(NamedTuple):
    """label: group of each block, -1 for none; certain: groups that some cheapest zoning closes."""

    prize: Floats
    certain: Flags
    label: Labels
    toll: Floats
    ways: Ways
    zone_cost: float


class Rows(NamedTuple):
    """mask: the groups; gain: their weight; apart: least net cost known of zones for them, <= 0.

    whole: net cost as one zone, inf where dearer than apart; that zone begins at block `root`,
    where row `left` and the rest meet (-1: in its group).  start: first place among the trees.
    hangs: blocks it hangs at, as bits.
    """

    mask: Ints
    size: Ints
    gain: Floats
    apart: Floats
    whole: Floats
    root: Ints
    left: Ints
    start: Ints
    hangs: Ints


class Trees(NamedTuple):
    """By row and block: the toll without the block's own; from where; which row met another."""

    block: Ints
    cost: Floats
    came: Ints
    other: Ints


class Work(NamedTuple):
    """One row by block, while it is made; and the heap."""

    reach: Floats
    came: Ints
    other: Ints
    heap: Labels
    key: Floats
    done: Flags


@njit(cache=True)
def build(field: Field, room: int, places: int) -> tuple[int, Rows, Trees]:
    """(rows, or -1 where the room does not suffice; the rows; their trees)."""
    n, count = len(field.label), len(field.prize)
    rows, trees, work = _room(n, room, places, len(field.ways[1]) + 2 * n)
    if count > room:
        return -1, rows, trees
    for t in range(count):
        _begin(t, field, rows, work)
        if not _store(t, rows, trees, work):
            return -1, rows, trees
    used, level, largest = count, 2, 1
    while level <= 2 * largest:
        first, second = _pairs(level, used, rows)
        union = rows.mask[first] | rows.mask[second]
        order = np.argsort(union)
        at = 0
        while at < len(order):
            if used >= room:
                return -1, rows, trees
            rows.mask[used], rows.size[used], rows.apart[used] = union[order[at]], level, 0.0
            while at < len(order) and union[order[at]] == rows.mask[used]:
                pair = first[order[at]], second[order[at]], used
                _meet(pair, field.label, rows, trees, work)
                at += 1
            _finish(used, 2 * level <= count, field, rows, work)
            if not _store(used, rows, trees, work):
                return -1, rows, trees
            if rows.start[used + 1] > rows.start[used]:
                largest = level
            if rows.start[used + 1] > rows.start[used] or rows.whole[used] < np.inf:
                used += 1
        level += 1
    return used, rows, trees


@njit(cache=True)
def _room(n: int, room: int, places: int, heap: int) -> tuple[Rows, Trees, Work]:
    rows = Rows(
        np.zeros(room + 1, np.int64),
        np.zeros(room + 1, np.int64),
        np.zeros(room + 1),
        np.zeros(room + 1),
        np.full(room + 1, np.inf),
        np.full(room + 1, -1, np.int64),
        np.full(room + 1, -1, np.int64),
        np.zeros(room + 2, np.int64),
        np.zeros((room + 1, n // 62 + 1), np.int64),
    )
    trees = Trees(
        np.empty(places, np.int64),
        np.empty(places),
        np.empty(places, np.int64),
        np.empty(places, np.int64),
    )
    work = Work(
        np.full(n, np.inf),
        np.full(n, NONE, np.int64),
        np.full(n, -1, np.int64),
        np.empty(heap, np.int32),
        np.empty(heap),
        np.empty(n, np.uint8),
    )
    return rows, trees, work


@njit(cache=True)
def _begin(t: int, field: Field, rows: Rows, work: Work) -> None:
    """The row of one group."""
    rows.mask[t], rows.size[t], rows.gain[t] = np.int64(1) << t, 1, field.prize[t]
    rows.whole[t] = field.zone_cost - field.prize[t]
    rows.apart[t] = min(0.0, rows.whole[t])
    for i in range(len(field.label)):
        if field.label[i] == t:
            work.reach[i], work.came[i], rows.root[t] = 0.0, SEED, i
    _spread(t, True, field, rows, work)


@njit(cache=True)
def _pairs(level: int, used: int, rows: Rows) -> tuple[Ints, Ints]:
    """Rows that share no group, have `level` groups together, and hang at a common block."""
    first, second = np.empty(0, np.int64), np.empty(0, np.int64)
    for turn in range(2):
        found = 0
        for i in range(used):
            if 2 * rows.size[i] > level:
                continue
            for j in range(used):
                if rows.size[j] != level - rows.size[i] or rows.mask[i] & rows.mask[j]:
                    continue
                if (rows.size[i] == rows.size[j] and j <= i) or not _touch(i, j, rows.hangs):
                    continue
                if turn:
                    first[found], second[found] = i, j
                found += 1
        if not turn:
            first, second = np.empty(found, np.int64), np.empty(found, np.int64)
    return first, second


@njit(cache=True)
def _touch(i: int, j: int, hangs: Ints) -> bool:
    common = False
    for word in range(hangs.shape[1]):
        common |= (hangs[i, word] & hangs[j, word]) != 0
    return common


@njit(cache=True)
def _meet(which: tuple[int, int, int], label: Labels, rows: Rows, trees: Trees, work: Work) -> None:
    """Where trees of rows i and j meet, for `row`; in a group only when one of them holds it."""
    i, j, row = which
    own = rows.mask[row]
    rows.apart[row] = min(rows.apart[row], rows.apart[i] + rows.apart[j])
    rows.gain[row] = rows.gain[i] + rows.gain[j]
    a, b = rows.start[i], rows.start[j]
    while a < rows.start[i + 1] and b < rows.start[j + 1]:
        if trees.block[a] < trees.block[b]:
            a += 1
        elif trees.block[b] < trees.block[a]:
            b += 1
        else:
            v, both = trees.block[a], trees.cost[a] + trees.cost[b]
            if both < work.reach[v] and (label[v] < 0 or (own >> label[v]) & 1):
                work.reach[v], work.came[v], work.other[v] = both, MEET, i
            a += 1
            b += 1


@njit(cache=True)
def _finish(row: int, led_on: bool, field: Field, rows: Rows, work: Work) -> None:
    """Prices the row as one zone, and leads its trees on."""
    least = np.inf
    for v in range(len(field.toll)):
        if work.reach[v] + field.toll[v] < least:
            least = work.reach[v] + field.toll[v]
            rows.root[row], rows.left[row] = v, work.other[v]
    rows.whole[row] = field.zone_cost + least - rows.gain[row]
    if rows.whole[row] < rows.apart[row]:
        rows.apart[row] = rows.whole[row]
    else:
        rows.whole[row] = np.inf
    _spread(row, led_on, field, rows, work)


@njit(cache=True)
def _spread(row: int, led_on: bool, field: Field, rows: Rows, work: Work) -> None:
    """Leads trees on from block to block; a block's own toll is paid where it is left.

    They end where giving up or parting is as cheap, at a group of another row, and as far off as
    the nearest of these that is closed anyway; within a group only where not `led_on`.
    """
    indptr, indices, joined = field.ways
    reach, came, label = work.reach, work.came, field.label
    limit, nearest = rows.gain[row] + rows.apart[row], np.inf
    work.done[:] = 0
    size = 0
    for i in range(len(reach)):
        if reach[i] >= limit:
            reach[i] = np.inf
        else:
            size = paths.push(work.heap, work.key, size, i, reach[i])
    while size > 0:
        u = work.heap[0]
        size = paths.pop(work.heap, work.key, size)
        if work.done[u]:
            continue
        work.done[u] = 1
        if reach[u] > nearest:
            reach[u] = np.inf
            continue
        foreign = label[u] >= 0 and not (rows.mask[row] >> label[u]) & 1
        if foreign and field.certain[label[u]]:
            nearest = min(nearest, reach[u] * TIE)
        step = reach[u] + field.toll[u]
        if foreign or step >= limit:
            continue
        for e in range(indptr[u], indptr[u + 1]):
            v = indices[e]
            within = label[u] >= 0 and label[v] == label[u]
            if joined[e] and step < reach[v] and (led_on or within):
                reach[v], came[v] = step, u
                size = paths.push(work.heap, work.key, size, v, step)


@njit(cache=True)
def _store(row: int, rows: Rows, trees: Trees, work: Work) -> bool:
    """Writes the row down and clears the work for the next; whether there was room."""
    place = rows.start[row]
    rows.hangs[row] = 0
    for v in range(len(work.reach)):
        if work.reach[v] < np.inf:
            if place == len(trees.block):
                return False
            trees.block[place], trees.cost[place] = v, work.reach[v]
            trees.came[place], trees.other[place] = work.came[v], work.other[v]
            rows.hangs[row, v // 62] |= np.int64(1) << (v % 62)
            place += 1
        work.reach[v], work.came[v], work.other[v] = np.inf, NONE, -1
    rows.start[row + 1] = place
    return True


@njit(cache=True)
def groups(weight: Floats, ways: Ways) -> tuple[Labels, Floats]:
    """Group of each block (-1: none), and the weight of each group."""
    indptr, indices, joined = ways
    n = len(weight)
    label, queue = np.full(n, -1, np.int32), np.empty(n, np.int32)
    prize = np.zeros(n)
    count = 0
    for i in range(n):
        if weight[i] <= 0.0 or label[i] >= 0:
            continue
        label[i], queue[0], at, end = count, i, 0, 1
        while at < end:
            u = queue[at]
            at += 1
            prize[count] += weight[u]
            for e in range(indptr[u], indptr[u + 1]):
                v = indices[e]
                if joined[e] and weight[v] > 0.0 and label[v] < 0:
                    label[v] = count
                    queue[end] = v
                    end += 1
        count += 1
    return label, prize[:count]
