"""The models fitted to the recent daily cases of the unit, before options are compared."""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from zhongshu.engines.whatif import options as engine
from zhongshu.engines.whatif.calibrate import judge, solve
from zhongshu.engines.whatif.calibrate.model import (
    F64,
    Calibrated,
    Effort,
    Prior,
    Simulator,
    log_uniform,
    uniform,
)
from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.random import stream
from zhongshu.kernel.time import beijing_day, start_of_day
from zhongshu.rules.model import Pack
from zhongshu.service.cases import facade as cases
from zhongshu.service.whatif import inforce
from zhongshu.service.whatif.place import Place

EFFORT = Effort(particles=100, rounds=8, simulations=1500)
FUTURES = 200  # simulated anew to see whether what was found is among them
WEEK_D, CHECKED_D = 7, 3  # spans in which cases are compared, and checked
BROKEN_OFF = 3.0  # times what was seen: such a future is like nothing that could be accepted
RANGES: Mapping[str, tuple[str, str]] = {
    "transmission": ("transmission_low", "transmission_high"),
    "seeking": ("seeking_low", "seeking_high"),
    "r0": ("r0_low", "r0_high"),
    "unfound": ("unfound_low", "unfound_high"),
}
"""Figures of the pack that bound each parameter."""
Row = Mapping[str, Any]


@dataclasses.dataclass(frozen=True)
class Recent:
    """What is fitted: cases found on each day since `first_day`, by those found before.

    start: registered cases of the days before it; in_force: the measures of these days.
    """

    first_day: dt.date
    seen: F64
    start: tuple[Row, ...]
    in_force: engine.Option

    @property
    def days(self) -> int:
        return int(self.seen.size)

    @property
    def eve(self) -> dt.datetime:
        """The last second before it: as known then, the fit begins."""
        return start_of_day(self.first_day) - dt.timedelta(seconds=1)


@dataclasses.dataclass(frozen=True)
class Fitted:
    """found: None where there was too little to fit.  reason: why the answer is illustrative, or
    "" where it is calibrated; beyond: codes of what is asked beyond the fit."""

    recent: Recent
    priors: tuple[Prior, ...]
    reason: str
    found: Calibrated | None = None
    judged: judge.Judged | None = None
    beyond: tuple[str, ...] = ()
    seconds: float = 0.0

    @property
    def calibrated(self) -> bool:
        return self.found is not None and not self.reason

    def drawn(self, runs: int, seed: int) -> F64 | None:
        """(runs, parameters) of the posterior, the same for every option; None: not calibrated."""
        if self.found is None or self.reason:
            return None
        return self.found.drawn(runs, rng=stream(seed, "whatif-posterior"))

    @property
    def notes(self) -> list[str]:
        """Codes: why it is illustrative, or what is asked beyond what was calibrated."""
        return [f"not_calibrated_{self.reason}"] if self.reason else list(self.beyond)

    def told(self) -> dict[str, Any]:
        """For the answer: what was fitted to what, and how well."""
        recent, found, judged = self.recent, self.found, self.judged
        days = [(recent.first_day + dt.timedelta(days=n)).isoformat() for n in range(recent.days)]
        predicted = None
        if judged is not None:
            columns = judged.predicted.T.tolist()
            predicted = dict(zip(("q025", "q10", "q50", "q90", "q975"), columns, strict=True))
        return {
            "calibrated": self.calibrated,
            "reason": self.reason or None,
            "days": days,
            "seen": recent.seen.tolist(),
            "start_cases": len(recent.start),
            "traced": recent.in_force.tracing.depth > 0,
            "areas": sum(len(area.units) for area in recent.in_force.areas),
            "predicted": predicted,
            "inside": judged.inside if judged else None,
            "parameters": [self._parameter(prior) for prior in self.priors] if found else [],
            "simulations": found.simulations if found else 0,
            "effective": round(found.effective, 1) if found else 0.0,
            "seconds": round(self.seconds, 2),
        }

    def _parameter(self, prior: Prior) -> dict[str, Any]:
        if self.found is None or self.judged is None:
            raise ValueError("nothing was fitted")
        levels = self.found.quantile(prior.name, judge.LEVELS)
        low, high = prior.law.ppf([0.0, 1.0])
        spread = dict(zip(("q025", "q10", "q50", "q90", "q975"), levels, strict=True))
        ends = {"low": float(low), "high": float(high)}
        return {"name": prior.name, **ends, **spread, "pressed": prior.name in self.judged.pressed}


def recent(where: Place, as_of: dt.datetime, pack: Pack) -> Recent:
    """The last days before that of `as_of`, which is not over; it begins when there are enough
    registered cases to begin with, and looks back at most so many days as the pack says."""
    figures = pack.group("whatif.fit")
    window = dt.timedelta(days=pack.number("whatif.start.window_d"))
    today = beijing_day(as_of)
    earliest = today - dt.timedelta(days=int(figures["days_most"]))
    rows = [
        (beijing_day(row["confirmed_at"] or row["reported_at"]), row)
        for row in cases.open_cases(as_of).to_pylist()
        if row["unit_path"].startswith(where.unit["path"])
    ]
    found = sorted(day for day, _ in rows if day >= earliest - window)
    least = int(figures["start_least"])
    begun = found[least - 1] + dt.timedelta(days=1) if len(found) >= least else today
    first = min(max(earliest, begun), today)
    counts = [0.0] * (today - first).days
    for day, _ in rows:
        if first <= day < today:
            counts[(day - first).days] += 1
    return Recent(
        first_day=first,
        seen=np.array(counts),
        start=tuple(row for day, row in rows if first - window <= day < first),
        in_force=inforce.option(where, pack, first_day=first, as_of=as_of),
    )


def fit(
    made: Callable[[Recent], Simulator],
    past: Recent,
    pack: Pack,
    *,
    names: Sequence[str],
    asked: Sequence[engine.Option],
    days: int,
    seed: int,
) -> Fitted:
    """made: the model that answers, from what was registered when the fit begins.

    names: its parameters; their priors lie in the pack.  asked, days: what will be compared."""
    figures = pack.group("whatif.fit")
    least = judge.Least(
        days=int(figures["days_least"]),
        cases=int(figures["cases_least"]),
        inside=figures["inside_least"],
    )
    priors = tuple(_prior(name, figures) for name in names)
    if few := judge.enough(past.seen, least):
        return Fitted(past, priors, few)
    began = time.perf_counter()
    try:
        simulator = made(past)
    except BadInput:  # e.g. nobody on file where a case lives: no start, no fit
        return Fitted(past, priors, "no_start")
    span_d = min(WEEK_D, math.ceil(past.days / 3))
    found = solve.fit(simulator, past.seen, priors, seed=seed, effort=EFFORT, span_d=span_d)
    judged = judge.judge(
        found, simulator, past.seen, priors,
        least=least, span_d=CHECKED_D, futures=FUTURES, seed=seed,
    )  # fmt: skip
    ahead = days > past.days * figures["ahead_ratio"]
    beyond = {
        "beyond_days": ahead,
        "beyond_measures": any(inforce.unseen(one, past.in_force) for one in asked),
        "beyond_prior": bool(judged.pressed),
    }
    return Fitted(
        past, priors, judged.reason, found, judged,
        beyond=tuple(code for code, so in beyond.items() if so and not judged.reason),
        seconds=time.perf_counter() - began,
    )  # fmt: skip


def most(seen: F64) -> float:
    """Cases found at which a future is broken off, see `BROKEN_OFF`."""
    return float(BROKEN_OFF * seen.sum() + FUTURES)


def _prior(name: str, figures: Mapping[str, Any]) -> Prior:
    """A share is as likely anywhere in its range, a factor on its logarithm."""
    low, high = (figures[end] for end in RANGES[name])
    return uniform(name, low, high) if high <= 1.0 else log_uniform(name, low, high)
