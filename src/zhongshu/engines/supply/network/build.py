"""The program of one good: who ships, uses, keeps and lacks what.

It is a network: each row is a node, and each column leaves one row (+1) and enters another (-1),
or ends outside.  A good is laid in layers by its last usable day, so that what expires cannot be
used late; lots that expire within the plan travel once, from where they lie now.
"""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from zhongshu.engines.supply.network.ground import Good, Ground, Offer
from zhongshu.engines.supply.network.model import NetworkRules
from zhongshu.engines.supply.network.program import Program

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclasses.dataclass(frozen=True)
class Layer:
    """Columns of what can be used up to day `last`.

    arc, leaves, ship: by shipment, its arc, day and column.  node, kept: by store held and day
    (stores x last + 1), its number and column.  store, day, use: by use.
    """

    last: int
    arc: Ints
    leaves: Ints
    ship: Ints
    node: Ints
    kept: Ints
    store: Ints
    day: Ints
    use: Ints


@dataclasses.dataclass(frozen=True)
class Part:
    """One good: its program and what the columns of it are.

    store, day, lack: by need, who, when and the column of what is not met.  orders: of each offer
    its stores and days of ordering and the columns.  who: stores with a need.  unmet, short: what
    is not met, and what lacks to the reserve, in equal steps (stores of `who` x steps).
    """

    good: Good
    program: Program
    layers: tuple[Layer, ...]
    store: Ints
    day: Ints
    lack: Ints
    orders: tuple[tuple[Offer, Ints, Ints, Ints], ...]
    who: Ints
    unmet: Ints
    short: Ints


def build(ground: Ground, good: Good, rules: NetworkRules) -> Part:
    program = Program()
    store, day = np.nonzero(good.need > 0)
    lack = program.columns(len(store))
    met = program.equal.add(-good.need[store, day])
    program.equal.put(met, lack, -1.0)
    row_of = np.full(good.need.shape, -1)
    row_of[store, day] = met
    layers, balances = [], []
    for last in sorted({*good.lots, ground.days - 1}):
        layer, balance = _layer(program, ground, good, last, row_of)
        layers.append(layer)
        balances.append(balance)
    orders = _orders(program, ground, good, balances[-1])
    who = np.unique(store)
    unmet = _stepped(program, good.need.sum(axis=1)[who], rules.steps)
    sums = program.equal.add(np.zeros(len(who)))
    program.equal.put(sums[np.searchsorted(who, store)], lack, 1.0)
    program.equal.put(np.repeat(sums, rules.steps), unmet.ravel(), -1.0)
    short = _reserve(program, good, layers[-1], who, rules)
    return Part(good, program, tuple(layers), store, day, lack, orders, who, unmet, short)


def _layer(
    program: Program, ground: Ground, good: Good, last: int, row_of: Ints
) -> tuple[Layer, Ints]:
    """The layer and its balance rows by store and day (-1 where there is none)."""
    held = good.lots.get(last, np.zeros(len(ground.ids)))
    passes = ground.cold[ground.tail] & ground.cold[ground.head] if good.cold else ground.tail >= 0
    lasting = last == ground.days - 1
    if not lasting:
        passes = passes & (held[ground.tail] > 0)
    arc, leaves = np.nonzero(passes[:, None] & (np.arange(last + 1) + ground.lead[:, None] <= last))
    ship = program.columns(len(arc))
    nodes = np.arange(len(ground.ids))
    if not lasting:
        nodes = np.union1d(np.flatnonzero(held > 0), ground.head[arc])
    balance = np.full((len(ground.ids), last + 1), -1)
    right = np.zeros((len(nodes), last + 1))
    right[:, 0] = held[nodes]
    balance[nodes] = program.equal.add(right.ravel()).reshape(right.shape)
    kept = program.columns(right.size).reshape(right.shape)
    put = program.equal.put
    put(balance[nodes].ravel(), kept.ravel(), 1.0)
    put(balance[nodes][:, 1:].ravel(), kept[:, :-1].ravel(), -1.0)
    put(balance[ground.tail[arc], leaves], ship, 1.0)
    put(balance[ground.head[arc], leaves + ground.lead[arc]], ship, -1.0)
    cells = (row_of[:, : last + 1] >= 0) & (balance >= 0)
    store, day = np.nonzero(cells)
    use = program.columns(len(store))
    put(balance[store, day], use, 1.0)
    put(row_of[store, day], use, -1.0)
    return Layer(last, arc, leaves, ship, nodes, kept, store, day, use), balance


def _orders(
    program: Program, ground: Ground, good: Good, balance: Ints
) -> tuple[tuple[Offer, Ints, Ints, Ints], ...]:
    found = []
    for offer in good.offers:
        days = np.arange(ground.days)
        at, day = np.nonzero(offer.lead[:, None] + days < ground.days)
        ordered = program.columns(len(at))
        arrives = day + offer.lead[at]
        program.equal.put(balance[offer.to[at], arrives], ordered, -1.0)
        most = program.below.add(np.full(ground.days, offer.per_day))
        program.below.put(most[day], ordered, 1.0)
        found.append((offer, at, day, ordered))
    return tuple(found)


def _stepped(program: Program, whole: Floats, steps: int) -> Ints:
    """Columns by step of each of `whole`."""
    upper = np.repeat(whole / steps, steps)
    return program.columns(len(upper), upper=upper).reshape(len(whole), steps)


def _reserve(program: Program, good: Good, lasting: Layer, who: Ints, rules: NetworkRules) -> Ints:
    """What lacks on the last evening to the reserve of each store with a need."""
    wanted = good.need.mean(axis=1)[who] * rules.kept_days(good.item)
    short = _stepped(program, wanted, rules.steps)
    rows = program.below.add(-wanted)
    program.below.put(rows, lasting.kept[who, -1], -1.0)
    program.below.put(np.repeat(rows, rules.steps), short.ravel(), -1.0)
    return short


def shipped(ground: Ground, part: Part) -> tuple[tuple[Ints, Ints, Ints], tuple[Ints, Ints, Ints]]:
    """Columns with the store and the day whose room they take: leaving, and arriving."""
    out, into = [], []
    for layer in part.layers:
        arrives = layer.leaves + ground.lead[layer.arc]
        out.append((layer.ship, ground.tail[layer.arc], layer.leaves))
        into.append((layer.ship, ground.head[layer.arc], arrives))
    for offer, at, day, ordered in part.orders:
        into.append((ordered, offer.to[at], day + offer.lead[at]))
    return _joined(out), _joined(into)


def _joined(parts: list[tuple[Ints, Ints, Ints]]) -> tuple[Ints, Ints, Ints]:
    columns, stores, days = zip(*parts, strict=True)
    return np.concatenate(columns), np.concatenate(stores), np.concatenate(days)
