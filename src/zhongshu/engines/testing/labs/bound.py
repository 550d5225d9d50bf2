"""How cheap any plan can be: tubes have prices, and each laboratory takes what pays it best.

With a price for the tubes of each load, a laboratory on its own fills runs with the best-priced
tubes that have arrived and picks runs so that no machine is held twice; as all its machines are
alike its best days are those of one machine, as often as it has machines (a constraint matrix of
intervals is totally unimodular).  All prices less all these gains bound every plan from below, also
plans that divide loads (Lagrange).  Starts are rounded down to slots and runs to whole slots, which
only helps the laboratory, so the bound stands.

The prices climb by Adam (Kingma and Ba 2015) on a smoothed gain: machines choose among starts with
odds that sharpen.  What is reported is always the exact gain at the prices found.
"""

# ruff: noqa: PLR0917 - numba calls kernels by position

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from zhongshu.engines.testing.labs.queue import next_open, tube_cost
from zhongshu.engines.testing.labs.yard import Yard
from zhongshu.kernel.compiled import njit

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
SLOT_H = 1 / 30
STEP_H = (0.05, 0.005)  # how far a price moves in a step, first and last
HEAT_H = (0.2, 0.01)  # of the odds, hours of a full run, first and last
MOMENTS = (0.9, 0.99)  # of Adam
EACH = 10  # steps between exact bounds


class Slots(NamedTuple):
    """order: loads by arrival, (labs, loads), the first `counts`; slot: in which each arrives.

    charge: what a tube costs whose run starts in a slot, (labs, slots), inf where none may start.
    """

    order: Ints
    slot: Ints
    counts: Ints
    run: Ints
    charge: Floats


class Bench(NamedTuple):
    """Room to work in, by slot: gain of a run, best from here, odds of starting, starts before."""

    gain: Floats
    best: Floats
    odds: Floats
    before: Floats
    held: Ints
    heap: Ints


def slots(yard: Yard, horizon_h: float) -> Slots:
    count = math.ceil(horizon_h / SLOT_H)
    order = np.argsort(yard.arrive, axis=1, kind="stable")
    hours = np.take_along_axis(yard.arrive, order, 1)
    there = np.isfinite(hours)
    return Slots(
        order=order,
        slot=np.floor(np.where(there, hours, 0.0) / SLOT_H + 1e-9).astype(np.int64),
        counts=there.sum(axis=1),
        run=np.floor(yard.run_h / SLOT_H + 1e-9).astype(np.int64),
        charge=_charges(count, yard),
    )


@njit(cache=True, nogil=True)
def _charges(count: int, yard: Yard) -> Floats:
    found = np.full((len(yard.machines), count), math.inf)
    for n in range(len(yard.machines)):
        for t in range(count):
            begins = next_open(t * SLOT_H, yard.run_h[n], yard.opens[n], yard.closes[n])
            if begins < (t + 1) * SLOT_H:
                found[n, t] = tube_cost(begins, yard.run_h[n], yard.cost)
    return found


@njit(cache=True, nogil=True)
def _up(heap: Ints, at: int, worth: Floats) -> None:
    while at > 0:
        over = (at - 1) // 2
        if worth[heap[over]] <= worth[heap[at]]:
            return
        heap[over], heap[at] = heap[at], heap[over]
        at = over


@njit(cache=True, nogil=True)
def _pop(heap: Ints, size: int, worth: Floats) -> int:
    """Removes the cheapest; the size left."""
    size -= 1
    heap[0] = heap[size]
    at = 0
    while True:
        least = at
        for child in (2 * at + 1, 2 * at + 2):
            if child < size and worth[heap[child]] < worth[heap[least]]:
                least = child
        if least == at:
            return size
        heap[least], heap[at] = heap[at], heap[least]
        at = least


@njit(cache=True, nogil=True)
def _fill(
    n: int, price: Floats, yard: Yard, plan: Slots, room: Bench, taken: Floats, count: int
) -> None:
    """The best-priced full run at each slot: its gain or, with `count`, what the odds take of it.

    A heap holds the run's tubes, cheapest on top: loads enter as they arrive, and leave for better
    ones and when a start has become dearer than their price (charges only rise).
    """
    charge, batch, held, heap = plan.charge[n], yard.batch[n], room.held, room.heap
    size, inside, worth, at = 0, 0, 0.0, 0
    for t in range(len(charge)):
        sure = yard.machines[n] * room.before[t] if count else 0.0
        while at < plan.counts[n] and plan.slot[n, at] <= t:
            i = plan.order[n, at]
            at += 1
            if (charge[t] < math.inf and price[i] <= charge[t]) or yard.tubes[i] == 0:
                continue
            if inside >= batch and price[i] <= price[heap[0]]:
                continue
            held[i] = min(yard.tubes[i], batch)
            heap[size] = i
            size += 1
            inside += held[i]
            worth += held[i] * price[i]
            taken[i] -= held[i] * sure
            _up(heap, size - 1, price)
            while inside > batch:
                low = heap[0]
                cut = min(inside - batch, held[low])
                inside -= cut
                worth -= cut * price[low]
                held[low] -= cut
                taken[low] += cut * sure
                if held[low] == 0:
                    size = _pop(heap, size, price)
        while size and charge[t] < math.inf and price[heap[0]] <= charge[t]:
            low = heap[0]
            inside -= held[low]
            worth -= held[low] * price[low]
            taken[low] += held[low] * sure
            size = _pop(heap, size, price)
        if not count:
            room.gain[t] = worth - inside * charge[t] if charge[t] < math.inf else 0.0
    if count:
        for k in range(size):
            taken[heap[k]] += held[heap[k]] * yard.machines[n] * room.before[len(charge)]


@njit(cache=True, nogil=True)
def _choose(run: int, heat: float, room: Bench) -> float:
    """The best, or with `heat` the smoothed best, of one machine; odds of starting by slot."""
    count = len(room.gain)
    room.best[count] = 0.0
    for t in range(count - 1, -1, -1):
        wait = room.best[t + 1]
        room.best[t], room.odds[t] = wait, 0.0
        if room.gain[t] <= 0:
            continue
        go = room.gain[t] + room.best[min(t + run, count)]
        if heat <= 0 or abs(go - wait) > 30 * heat:
            room.best[t], room.odds[t] = max(go, wait), 1.0 if go > wait else 0.0
            continue
        less = math.exp(-abs(go - wait) / heat)
        room.best[t] = max(go, wait) + heat * math.log1p(less)
        room.odds[t] = 1 / (1 + less) if go > wait else less / (1 + less)
    return float(room.best[0])


@njit(cache=True, nogil=True)
def _spread(run: int, room: Bench) -> None:
    """Starts to be expected before each slot; the gains are written over."""
    count = len(room.gain)
    free = room.gain
    free[:] = 0.0
    free[0] = 1.0
    room.before[0] = 0.0
    for t in range(count):
        goes = free[t] * room.odds[t]
        room.before[t + 1] = room.before[t] + goes
        if t + 1 < count:
            free[t + 1] += free[t] - goes
        if t + run < count:
            free[t + run] += goes


@njit(cache=True, nogil=True)
def gains(
    price: Floats, yard: Yard, plan: Slots, room: Bench, heat_h: float, taken: Floats
) -> float:
    """What all laboratories gain at these prices; `taken` gets what they take of each load."""
    taken[:] = 0.0
    total = 0.0
    for n in range(len(yard.machines)):
        if yard.machines[n] == 0 or plan.counts[n] == 0:
            continue
        _fill(n, price, yard, plan, room, taken, 0)
        best = _choose(plan.run[n], heat_h * yard.batch[n], room)
        if best > 0:
            total += yard.machines[n] * best
            _spread(plan.run[n], room)
            _fill(n, price, yard, plan, room, taken, 1)
    return total


@njit(cache=True, nogil=True)
def exact(price: Floats, yard: Yard, plan: Slots, room: Bench, taken: Floats) -> float:
    """A bound on the cost of every plan, whatever the prices (between 0 and cost[3])."""
    return float((price * yard.tubes).sum() - gains(price, yard, plan, room, 0.0, taken))


@njit(cache=True, nogil=True)
def climb(price: Floats, steps: int, yard: Yard, plan: Slots) -> float:
    """The best bound of `steps` steps from `price`, which becomes the prices that prove it."""
    loads, count = len(price), plan.charge.shape[1]
    room = Bench(
        np.empty(count), np.empty(count + 1), np.empty(count), np.empty(count + 1),
        np.empty(loads, np.int64), np.empty(loads + 1, np.int64),
    )  # fmt: skip
    taken, mean, square = np.zeros(loads), np.zeros(loads), np.zeros(loads)
    smooth, kept = price.copy(), price.copy()
    top = exact(price, yard, plan, room, taken)
    for step in range(steps):
        done = step / steps
        heat = HEAT_H[0] * (HEAT_H[1] / HEAT_H[0]) ** done
        move = STEP_H[0] * (STEP_H[1] / STEP_H[0]) ** done
        gains(price, yard, plan, room, heat, taken)
        for i in range(loads):
            if yard.tubes[i] == 0:
                continue
            way = max(-5.0, min(1.0, 1.0 - taken[i] / yard.tubes[i]))
            mean[i] += (1 - MOMENTS[0]) * (way - mean[i])
            square[i] += (1 - MOMENTS[1]) * (way * way - square[i])
            size = math.sqrt(square[i] / (1 - MOMENTS[1] ** (step + 1))) + 1e-3
            price[i] += move * mean[i] / (1 - MOMENTS[0] ** (step + 1)) / size
            price[i] = min(yard.cost[3], max(0.0, price[i]))
            smooth[i] += 0.1 * (price[i] - smooth[i])
        if step % EACH == EACH - 1 or step == steps - 1:
            for one in (smooth, price):
                value = exact(one, yard, plan, room, taken)
                if value > top:
                    top = value
                    kept[:] = one
    price[:] = kept
    return float(top)
