"""Prices of the aims, raised and lowered until the bound they give hardly grows."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np

from zhongshu.engines.zoning.planning.model import Floats, Mask
from zhongshu.engines.zoning.planning.relaxed import Answer, Held, Prices, Relaxed

Guide = Callable[[Mask], float]  # blocks that may be worth closing -> cost of the best zoning known
Late = Callable[[], bool]

ROOM, ROOMIER = 300, 6400  # rows of the dynamic program: while prices move far, and at the end
LINE = 12  # steps along the price of risk alone
NEAR = 0.02  # an aim's price moves by this share of the usual one where a border's moves by one
KEEP = 0.6  # share of the direction before that a step keeps
STALL, SHORTER, SHORTEST = 8, 0.6, 0.02  # steps without gain, then so much shorter, down to
GAIN = 1e-5  # share of the bound that counts as a gain
ENOUGH = 1e-6  # share of the cost: a gap of no account
GUIDES = 20  # steps between two searches guided by the relaxed zoning
FADE = 0.9  # weight of the zonings so far in their mean, at each step


@dataclasses.dataclass
class Ascent:
    """From `prices`, for the branch where blocks are held closed or open.

    top: the greatest bound so far, by `prices`; mean: of the relaxed zonings; best: the cost of the
    best zoning known, at which the ascent ends.
    """

    relaxed: Relaxed
    held: Held
    prices: Prices
    best: float
    guide: Guide
    late: Late
    top: float = -np.inf

    def __post_init__(self) -> None:
        self.mean, self.weight = np.zeros(self.relaxed.task.blocks), 0.0
        self.room, self.steps = ROOM, 0

    def run(self, steps: int, length: float) -> None:
        """length: of the first step, as a share of the distance to the best cost (Polyak)."""
        if not self.relaxed.hopeless(self.held):
            self._line(min(LINE, steps))
            if len(self.prices.aims) > 1 or len(self.prices.borders):
                self._climb(steps, length)
        else:
            self.top = self.best

    def closed(self) -> bool:
        return self.top >= self.best - ENOUGH * abs(self.best)

    def _ended(self) -> bool:
        return self.closed() or self.late()

    def _ask(self, prices: Prices) -> Answer:
        answer = self.relaxed.solve(prices, self.held, self.room)
        self.mean = FADE * self.mean + answer.counted
        self.weight = FADE * self.weight + 1.0
        if answer.value > self.top:
            self.top, self.prices = answer.value, prices
        if self.steps % GUIDES == 0:
            self.best = min(self.best, self.guide(answer.closed))
        self.steps += 1
        return answer

    def _line(self, steps: int) -> None:
        """The price of risk alone: where the tangents of too dear and too cheap cross."""
        borders, others = self.prices.borders, self.prices.aims.copy()
        low: tuple[float, float, float] | None = None
        high: tuple[float, float, float] | None = None
        price = float(others[0])
        for _ in range(steps):
            others = others.copy()
            others[0] = price
            answer = self._ask(Prices(others, borders))
            at = price, answer.value, float(answer.missed[0])
            low, high = (at, high) if at[2] > 0 else (low, at)
            if self._ended() or (low is None and price == 0.0):
                return
            if low is None:
                price = price / 2 if price > 1e-3 * self.relaxed.usual[0] else 0.0
            elif high is None:
                price = 2 * price + 0.1 * self.relaxed.usual[0]
            elif low[2] - high[2] <= 0.0:
                return
            else:
                at_zero = high[1] - low[1] + low[2] * low[0] - high[2] * high[0]
                price = at_zero / (low[2] - high[2])
                if low[1] + low[2] * (price - low[0]) <= self.top + GAIN * abs(self.top):
                    return

    def _climb(self, steps: int, length: float) -> None:
        """All prices together, along directions that remember the ones before."""
        stalled, prices = 0, self.prices
        way: tuple[Floats, Floats] | None = None
        for _ in range(steps):
            before = self.top
            answer = self._ask(prices)
            stalled = 0 if self.top > before + GAIN * abs(before) else stalled + 1
            if self._ended():
                return
            if stalled > STALL:
                length, stalled, prices, way = length * SHORTER, 0, self.prices, None
                if length < SHORTEST:
                    if answer.exact or self.room == ROOMIER:
                        return
                    self.room, length = ROOMIER, 10 * SHORTEST
                continue
            way = self._way(answer, way)
            prices = self._step(prices, way, length * max(self.best - answer.value, 0.0))

    def _way(self, answer: Answer, before: tuple[Floats, Floats] | None) -> tuple[Floats, Floats]:
        """Direction of the next step, in usual prices and shares of borders."""
        aims = answer.missed * self.relaxed.usual * NEAR
        borders = answer.step * self.relaxed.cut
        if before is not None:
            aims = KEEP * before[0] + (1 - KEEP) * aims
            borders = KEEP * before[1] + (1 - KEEP) * borders
        return aims, borders

    def _step(self, prices: Prices, way: tuple[Floats, Floats], lacking: float) -> Prices:
        size = lacking / max(float(way[0] @ way[0] + way[1] @ way[1]), 1e-12)
        aims = prices.aims + size * way[0] * self.relaxed.usual * NEAR
        return self.relaxed.within(Prices(aims, prices.borders + size * way[1]))
