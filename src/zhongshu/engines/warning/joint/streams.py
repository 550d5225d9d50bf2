"""From z of several streams to one calibrated p a unit and day: the parts in their order.

Learn from the past (`learn`), clear what all units share (`shocks`), combine the streams and days
(`combine`), even out days on which units lie further apart than usual, look at the neighbours
(`space`), and make p-values among the past (`calibrate`).  `budget` then decides what is raised.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from zhongshu.engines.warning.joint import calibrate, combine, shocks, space
from zhongshu.engines.warning.joint.calibrate import Calibration
from zhongshu.engines.warning.joint.combine import Shape
from zhongshu.engines.warning.joint.shocks import Shared, Shocks
from zhongshu.kernel.errors import BadInput

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


@dataclasses.dataclass(frozen=True, slots=True)
class Streams:
    """rate: of the EWMA; 0.15 remembers about two weeks, as outbreaks take to show.
    cap, floor: a single z counts for no more, so that no one value makes an alarm, nor hides one.
    wait: early streams wait for the latest.  False: while an outbreak grows, what the early ones
        say today is worth more than their being in step (docs/explanation/warning-methods.md).
    impossible: scores above it are taken for outbreaks when the past is made a reference: chance
        alone passes 5 standard deviations less than once in many years of a province.
    neighbours: share of the error that the scan over neighbours may spend; 0: no scan.
    """

    rate: float = 0.15
    cap: float = 4.0
    floor: float = -2.5
    wait: bool = False
    impossible: float = 5.0
    neighbours: float = 0.2
    shocks: Shocks = dataclasses.field(default_factory=Shocks)
    calibration: Calibration = dataclasses.field(default_factory=Calibration)

    def __post_init__(self) -> None:
        if not (0 < self.rate <= 1 and self.floor < self.cap and 0 <= self.neighbours < 1):
            raise BadInput("warning.streams", "A parameter of the combination is out of its range.")

    @property
    def memory_days(self) -> int:
        """After so many days less than a twentieth of a day's weight is left in the score."""
        return math.ceil(3 / self.rate)


@dataclasses.dataclass(frozen=True, slots=True)
class Learned:
    """What the past teaches: shared shocks, how outbreaks show, and the usual spread of units for
    one day's and for the accumulated score."""

    shared: Shared
    shape: Shape
    day_spread: float
    spread: float


@dataclasses.dataclass(frozen=True, slots=True)
class Scores:
    """score [unit, day]: the accumulated evidence; scan: with neighbours; all_units [stream, day]:
    z of the level that all share; shock [stream, day]: chance of a shock."""

    score: Floats
    scan: Floats | None
    all_units: Floats
    shock: Floats


def learn(
    z: Floats, params: Streams | None = None, *, events: Sequence[tuple[int, int]] = ()
) -> Learned:
    """From past z [unit, stream, day].  events: (unit, day) near the beginning of confirmed
    outbreaks, to learn lags and strengths from; without three of them all streams are alike.  The
    highest scores of the past are no substitute: what they mostly hold is shocks."""
    params = params or Streams()
    shared = shocks.learn(z, params.shocks)
    rest = shocks.clear(z, shared, params.shocks).z
    plain = Learned(shared, combine.equal(z.shape[1]), 1.0, 1.0)
    known = dataclasses.replace(plain, shape=combine.learn(rest, events))
    day = _day(rest, known, params)
    known = dataclasses.replace(known, day_spread=shocks.usual_spread(day, params.shocks))
    day = shocks.evened(day, known.day_spread, params.shocks)
    whole = combine.ewma(day, rate=params.rate)
    return dataclasses.replace(known, spread=shocks.usual_spread(whole, params.shocks))


def scores(
    z: Floats, learned: Learned, params: Streams | None = None, *, near: Floats | None = None
) -> Scores:
    """Of z [unit, stream, day] in one run of days; near [unit, unit]: `space.nearness`."""
    params = params or Streams()
    cleared = shocks.clear(z, learned.shared, params.shocks)
    day = _day(cleared.z, learned, params)
    day = shocks.evened(day, learned.day_spread, params.shocks)
    whole = combine.ewma(day, rate=params.rate)
    whole = shocks.evened(whole, learned.spread, params.shocks) / max(learned.spread, 1e-9)
    around = None if near is None or not params.neighbours else space.scan(whole, near)
    return Scores(whole, around, shocks.rise_of_all(cleared, learned.shared), cleared.shock)


def p_values(
    found: Scores,
    classes: npt.NDArray[np.int64],
    params: Streams | None = None,
    *,
    first: int,
    excluded: Bools | None = None,
    near: Floats | None = None,
) -> Floats:
    """Calibrated p [unit, day] from day `first` on; classes [unit]: `calibrate.by_size`.

    excluded [unit, day]: confirmed outbreaks, and the days that taught; they, what the score
    remembers of them, and scores that chance does not reach are no reference for other days.
    near: as in `scores`; an outbreak is no reference for the scans of its neighbours either.
    """
    params = params or Streams()
    no_reference = beyond_chance(found.score, params, excluded)

    def one(values: Floats, out: Bools) -> Floats:
        return calibrate.p_values(values, classes, params.calibration, first=first, excluded=out)

    own = one(found.score, no_reference)
    if found.scan is None or near is None:
        return own
    share = params.neighbours
    around = no_reference | ((near > 0).astype(np.float64) @ no_reference > 0)
    return calibrate.best_of((own, 1 - share), (one(found.scan, around), share))


def beyond_chance(score: Floats, params: Streams, excluded: Bools | None = None) -> Bools:
    """[unit, day]: excluded days and the memory of the score after them; and the days around a
    score above `impossible`, an outbreak that nobody confirmed.  Looks ahead no further than the
    calibration's gap."""
    high = np.nan_to_num(score) > params.impossible
    out = widened(high, before=params.calibration.gap_days, after=params.memory_days)
    if excluded is not None:
        out |= widened(excluded, before=0, after=params.memory_days)
    return out


def widened(days: Bools, *, before: int, after: int) -> Bools:
    """[unit, day]: within so many days before or after a true one."""
    total = np.concatenate([np.zeros((len(days), 1), np.int64), days.cumsum(axis=1)], axis=1)
    at = np.arange(days.shape[1])
    last = np.minimum(at + before + 1, days.shape[1])
    return np.asarray(total[:, last] > total[:, np.maximum(at - after, 0)])


def _day(rest: Floats, learned: Learned, params: Streams) -> Floats:
    """One day's combined score, not yet evened."""
    cut = np.clip(rest, params.floor, params.cap)
    if params.wait:
        cut = combine.aligned(cut, learned.shape.lag_days)
    return combine.stouffer(cut, learned.shape)
