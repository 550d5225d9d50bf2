"""So many alerts a week, spent on the most probable outbreaks.

The operator sets how many alerts a week the jurisdiction can follow up.  Evidence becomes the
probability of an outbreak (a beta-uniform mixture of p-values, Pounds & Morris 2003,
doi:10.1093/bioinformatics/btg148, with the unit's own prior); what passes a level is raised, and
the level moves so that over weeks the alerts come out at the number set (stochastic approximation,
Robbins & Monro 1951; as adaptive conformal inference does, Gibbs & Candes 2021, arXiv:2106.00170).
It is an average, not a cap: a week with outbreaks spends more, the next ones less.  Nor is it a
target: what is less probable than `least` is not raised, whatever is left.
"""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import numpy.typing as npt

from zhongshu.engines.warning.joint import chance
from zhongshu.kernel.errors import BadInput

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
LN10 = math.log(10)


@dataclasses.dataclass(frozen=True, slots=True)
class Budget:
    """alerts_a_week: of the whole jurisdiction, on average.
    prior: chance that a unit has an outbreak worth an alert on a given day, where no own one is
        given; power: exponent of the density of p in an outbreak, a p^(a - 1).
    quiet_days: after an alert the unit is followed up and raises no other for so long.
    settles_days: about how soon the level follows a changed flow of evidence; longer finds a little
        more and strays further from the budget.
    most_a_day: no more on any day, the strongest; None: no such limit.
    least: what is less probable is not raised, even where budget is left; 0: the budget is spent.
    memory: share of yesterday's evidence in today's, for what is to be expected by chance.
    """

    alerts_a_week: float
    prior: float = 0.002
    power: float = 0.25
    quiet_days: int = 14
    settles_days: float = 14.0
    most_a_day: int | None = None
    least: float = 0.0
    memory: float = 0.0

    def __post_init__(self) -> None:
        wrong = (
            not self.alerts_a_week > 0
            or not 0 <= self.least < 1
            or not 0 <= self.memory < 1
            or not 0 < self.prior < 1
            or not 0 < self.power < 1
            or self.quiet_days < 0
            or not self.settles_days > 0
            or (self.most_a_day is not None and self.most_a_day < 1)
        )
        if wrong:
            raise BadInput("warning.budget", "A parameter of the alert budget is out of its range.")

    @property
    def a_day(self) -> float:
        return self.alerts_a_week / 7

    @property
    def gain(self) -> float:
        """Step of the level, in tenfolds of the odds, for one alert too many: where chance makes
        tenfold evidence rarer by ten, the level settles in `settles_days`."""
        return 1 / (LN10 * (1 - self.power) * self.a_day * self.settles_days)

    @property
    def floor(self) -> float:
        """The level never falls below it: log10 odds of `least`."""
        return math.log10(self.least / (1 - self.least)) if self.least else -math.inf

    def after(self, level: float, raised: int) -> float:
        """The level that a day of so many alerts leaves.  Budget that the least probability left
        unspent is not saved up: the level waits at the floor."""
        return max(level + self.gain * (raised - self.a_day), self.floor)

    def in_first_week(self, begun_days: int) -> int:
        """Alerts there may be up to that day of a budget (its first day 0), from that day on.

        On the first day every unit is free, and all that stands out for long would come at once:
        the strongest come first, the others on the next days."""
        return math.ceil(self.alerts_a_week * (begun_days + 1) / 7 - 1e-9)


@dataclasses.dataclass(frozen=True, slots=True)
class Spent:
    """alert [unit, day]; posterior [unit, day]; and by day: tested units, those able to be raised
    (tested and not under follow-up), raised, the level asked (log10 odds), and the alerts to be
    expected by chance from those able at that level (`chance.alerts`)."""

    alert: Bools
    posterior: Floats
    tested: Ints
    able: Ints
    raised: Ints
    level: Floats
    by_chance: Floats
    last_level: float
    since: Ints


def log_odds(p: Floats, params: Budget, prior: Floats | None = None) -> Floats:
    """log10 odds of an outbreak given calibrated p; prior: chance, of p's shape or per unit."""
    before = np.full_like(p, params.prior) if prior is None else np.broadcast_to(prior, p.shape)
    weight = math.log10(params.power) + (params.power - 1) * np.log10(p)
    return np.asarray(weight + np.log10(before / (1 - before)))


def posterior(odds: Floats) -> Floats:
    """Probability from log10 odds."""
    return np.asarray(1 / (1 + np.exp(-np.clip(odds * LN10, -700, 700))))


def start_level(past: Floats, params: Budget) -> float:
    """The level at which past days [unit, day] of log10 odds would have kept the budget.

    Each pass runs the rule over them from where the last one ended; so a first year does not begin
    with a guess.  Without a past, the level that chance alone would keep at 100 units.
    """
    if not (~np.isnan(past)).any():
        return level_of_chance(100, params)
    level = level_of_chance(int((~np.isnan(past)).sum(axis=0).max()), params)
    for _ in range(3):
        level = float(np.mean(spend_odds(past, params, level).level[-past.shape[1] // 2 :]))
    return level


def level_of_chance(units: int, params: Budget) -> float:
    """log10 odds that uniform p of so many units pass as often as the budget says."""
    p = np.array([min(params.a_day / max(units, 1), 0.5)])
    return float(log_odds(p, params)[0])


def spend(
    p: Floats,
    params: Budget,
    *,
    level: float,
    prior: Floats | None = None,
    since: Ints | None = None,
) -> Spent:
    """Raise alerts from calibrated p [unit, day], day after day; nan: not tested.

    level: where the level stands (`start_level`, or `last_level` of the days before); since [unit]:
    days since each unit's last alert, as `Spent.since` left it.  Refuses p outside (0, 1].
    """
    if (p <= 0).any() or (p > 1).any():
        raise BadInput("warning.p", "Calibrated p lie above 0 and at most at 1.")
    if prior is not None and ((prior <= 0).any() or (prior >= 1).any()):
        raise BadInput("warning.prior", "A prior chance lies between 0 and 1.")
    return spend_odds(log_odds(p, params, prior), params, level, since)


def spend_odds(odds: Floats, params: Budget, level: float, since: Ints | None = None) -> Spent:
    """As `spend`, from log10 odds."""
    units, days = odds.shape
    rest = np.full(units, params.quiet_days + 1) if since is None else since.copy()
    alert = np.zeros(odds.shape, np.bool_)
    levels, able = np.zeros(days), np.zeros(days, np.int64)
    for day in range(days):
        level = max(level, params.floor)
        levels[day] = level
        free = ~np.isnan(odds[:, day]) & (rest > params.quiet_days)
        able[day] = free.sum()
        raised = free & (np.nan_to_num(odds[:, day], nan=-np.inf) >= level)
        if params.most_a_day is not None and raised.sum() > params.most_a_day:
            order = np.argsort(-np.where(raised, odds[:, day], -np.inf), kind="stable")
            raised[order[params.most_a_day :]] = False
        alert[:, day] = raised
        rest = np.where(raised, 1, rest + 1)
        if able[day]:  # a day on which nothing can be tested does not lower the level
            level = params.after(level, int(raised.sum()))
    return Spent(
        alert=alert,
        posterior=posterior(odds),
        tested=(~np.isnan(odds)).sum(axis=0),
        able=able,
        raised=alert.sum(axis=0),
        level=levels,
        by_chance=able * _chance(levels, params),
        last_level=level,
        since=rest,
    )


def _chance(levels: Floats, params: Budget) -> Floats:
    """Alerts that chance makes of a unit that is able, at each level."""
    base = math.log10(params.power) + math.log10(params.prior / (1 - params.prior))
    p = 10 ** np.clip((levels - base) / (params.power - 1), -300.0, 0.0)
    return chance.alerts(p, quiet_days=params.quiet_days, memory=params.memory)


def false_discovery(p: Floats, share: float) -> Bools:
    """Of one day's p [unit], those raised so that at most `share` of them are expected to be false
    (Benjamini & Hochberg 1995, doi:10.1111/j.2517-6161.1995.tb02031.x); nan never."""
    if not 0 < share < 1:
        raise BadInput("warning.fdr", "The share of false discoveries lies between 0 and 1.")
    known = np.flatnonzero(~np.isnan(p))
    order = known[np.argsort(p[known], kind="stable")]
    passed = p[order] <= share * np.arange(1, len(order) + 1) / max(len(order), 1)
    out = np.zeros(len(p), np.bool_)
    if passed.any():
        out[order[: int(np.flatnonzero(passed).max()) + 1]] = True
    return out
