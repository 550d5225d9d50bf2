"""Swab to result: desks, tubes, couriers, laboratory queues.  Hours after the order."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
from numpy.typing import NDArray

from zhongshu.engines.testing import model

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclasses.dataclass(frozen=True)
class Labs:
    """km: point-laboratory road, shape (points, labs).  per_hour: tubes."""

    per_hour: Floats
    km: Floats


@dataclasses.dataclass(frozen=True)
class Hours:
    """opens: hours after the order; length: hours it may be open.  By point."""

    opens: Floats
    length: Floats

    def of(self, index: Ints) -> Hours:
        return Hours(self.opens[index], self.length[index])


@dataclasses.dataclass(frozen=True)
class Chain:
    """Arrays over the open points, then over the laboratories.  Hours after the order."""

    desks: Ints
    tubes: Ints
    opens_h: Floats
    closes_h: Floats
    lab: Ints  # index, -1 without laboratories
    arrives_h: Floats  # the point's last tubes at its laboratory
    lab_first_h: Floats  # NaN for a laboratory without tubes
    lab_last_h: Floats
    lab_done_h: Floats
    finish_h: float | None
    binding: str


def run(
    people: Ints,
    desks_max: Ints,
    labs: Labs,
    rules: model.RoundRules,
    hours: Hours | None = None,
    *,
    pool_size: int,
) -> Chain:
    """The round of points with `people` each, in their `hours` (None: those of the round)."""
    if hours is None:
        each = np.ones(len(people))
        hours = Hours(rules.setup_h * each, rules.sampling_h * each)
    desks = np.ceil(people / (rules.per_desk_h * hours.length) - 1e-9).astype(np.int64)
    desks = np.minimum(np.maximum(desks, 1), desks_max)
    opens = hours.opens
    closes = opens + people / (desks * rules.per_desk_h)
    tubes = np.ceil(people / pool_size).astype(np.int64)
    lab = _assign(tubes, opens, closes, labs)
    done = [
        _lab(int(n), lab, (tubes, opens, closes), labs, rules) for n in range(len(labs.per_hour))
    ]
    travel = _travel(lab, labs, rules)
    arrives = closes + travel
    first, last, finished = (np.array([d[k] for d in done], np.float64) for k in range(3))
    finish = float(np.nanmax(finished)) if len(people) and (lab >= 0).all() else None
    return Chain(
        desks=desks,
        tubes=tubes,
        opens_h=opens,
        closes_h=closes,
        lab=lab,
        arrives_h=arrives,
        lab_first_h=first,
        lab_last_h=last,
        lab_done_h=finished,
        finish_h=finish,
        binding=binding(finish, closes, arrives, rules, after_h=rules.lab_turnaround_h),
    )


def _assign(tubes: Ints, opens: Floats, closes: Floats, labs: Labs) -> Ints:
    """The nearest laboratory that still finishes within the least common hour; large points first.

    That hour is when all laboratories together, each from its first tubes on, have run all tubes;
    a point that fits nowhere within it goes where it is finished first.
    """
    lab = np.full(len(tubes), -1, np.int64)
    running = np.flatnonzero(labs.per_hour > 0)
    if not len(running) or not len(tubes):
        return lab
    level = tubes.sum() / labs.per_hour[running].sum()  # hours of work when shared evenly
    # No use in finishing before the last swab could be there.
    level = max(level, float(closes.max() - opens.min()))
    load = np.zeros(len(labs.per_hour))
    for point in np.argsort(-tubes, kind="stable"):
        hours = np.full(len(load), math.inf)
        hours[running] = (load[running] + tubes[point]) / labs.per_hour[running]
        fits = np.flatnonzero(hours <= level + 1e-9)
        km = labs.km[point]
        chosen = fits[np.argmin(km[fits])] if len(fits) else int(np.argmin(hours))
        lab[point] = chosen
        load[chosen] += tubes[point]
    return lab


def _travel(lab: Ints, labs: Labs, rules: model.RoundRules) -> Floats:
    if not len(labs.per_hour):
        return np.zeros(len(lab))
    km = labs.km[np.arange(len(lab)), np.maximum(lab, 0)]
    hours: Floats = np.where(lab >= 0, km / rules.courier_kmh, 0.0)
    return hours


def _lab(
    number: int,
    lab: Ints,
    points: tuple[Ints, Floats, Floats],
    labs: Labs,
    rules: model.RoundRules,
) -> tuple[float, float, float]:
    """(first tubes, last tubes, last result) of one laboratory; first come, first served.

    points: tubes, opening and closing of each."""
    tubes, opens, closes = points
    batches = [
        (leave + float(labs.km[point, number]) / rules.courier_kmh, count)
        for point in np.flatnonzero(lab == number)
        for leave, count in pickups(
            int(tubes[point]), float(closes[point]), rules, opens_h=float(opens[point])
        )
    ]
    if not batches:
        return math.nan, math.nan, math.nan
    clock = 0.0
    for arrives, count in sorted(batches):
        clock = max(clock, arrives) + count / labs.per_hour[number]
    hours = [arrives for arrives, _ in batches]
    return min(hours), max(hours), clock + rules.lab_turnaround_h


def pickups(
    tubes: int, closes_h: float, rules: model.RoundRules, *, opens_h: float | None = None
) -> list[tuple[float, float]]:
    """(hour, tubes) of each courier: every courier_every_h while open, and at closing.

    opens_h: None is the set-up time."""
    begins = rules.setup_h if opens_h is None else opens_h
    opened = closes_h - begins
    if opened <= 0:
        return [(closes_h, float(tubes))]
    steps = max(1, math.ceil(opened / rules.courier_every_h - 1e-9))
    ends = [min(opened, (n + 1) * rules.courier_every_h) for n in range(steps)]
    starts = [0.0, *ends[:-1]]
    return [
        (begins + end, tubes * (end - start) / opened)
        for start, end in zip(starts, ends, strict=True)
    ]


def binding(
    finish: float | None,
    closes: Floats,
    arrives: Floats,
    rules: model.RoundRules,
    *,
    after_h: float,
) -> str:
    """What the last result waits for; after_h: from a laboratory's door to the result."""
    if finish is None:
        return "laboratories_missing"
    without_queue = float(arrives.max()) + after_h
    if finish > without_queue + rules.courier_every_h / 2:
        return "laboratory"
    latest = int(np.argmax(arrives))
    return "sampling" if closes[latest] >= closes.max() - 0.5 else "courier"
