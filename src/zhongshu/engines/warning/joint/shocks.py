"""What all units feel at once is a state of its own, with its own variance.

A cold snap, a price cap, mass testing or a source that stops moves one stream in many units on the
same days.  Each stream has a shared level c(day), near zero on quiet days and wide in a shock; the
two states follow each other as a hidden Markov chain (Hamilton 1989, doi:10.2307/1912559).  A unit
feels `loading` x c: the same cold snap moves the z of a large county further than that of a small
one.  What is taken off is the posterior mean of c, which is shrunk towards nothing where few units
speak, never the median as it stands; while a shock lasts the z shrink by the spread it brings.

What is taken off is not lost: `level` is itself tested, for all units together, by `rise_of_all`.
"""

from __future__ import annotations

import dataclasses

import numpy as np
import numpy.typing as npt

from zhongshu.kernel.errors import BadInput

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
HUBER = 1.345  # 95 % efficient at the normal (Huber 1964, doi:10.1214/aoms/1177703732)
STEPS = 8
MAD = 1.4826


@dataclasses.dataclass(frozen=True, slots=True)
class Shocks:
    """begins, stays: chance a day that a shock begins, and that it goes on.
    silent_below: a z below it is a source that stopped, no evidence of health: it is left out.
    loading_prior: days of shock of level 1 that a unit's loading of 1 is worth at the outset.
    own_sd_prior_days: days that the stream's sd counts for in a unit's own.
    least_units: with fewer units reporting nothing is shared.
    spread_prior_units: units that the usual spread counts for beside those of the day.
    """

    begins: float = 0.02
    stays: float = 0.8
    silent_below: float = -3.5
    loading_prior: float = 20.0
    own_sd_prior_days: float = 60.0
    least_units: int = 5
    spread_prior_units: float = 50.0

    def __post_init__(self) -> None:
        if not (0 < self.begins < 1 and 0 < self.stays < 1 and self.loading_prior > 0):
            raise BadInput("warning.shocks", "A parameter of shared shocks is out of its range.")


@dataclasses.dataclass(frozen=True, slots=True)
class Shared:
    """Learned from the past: loading [unit, stream], mean about 1; quiet_sd, shock_sd [stream];
    own_sd [unit, stream]: sd of what is left, below 1 where the single-stream model had taken
    past shocks for noise."""

    loading: Floats
    quiet_sd: Floats
    shock_sd: Floats
    own_sd: Floats


@dataclasses.dataclass(frozen=True, slots=True)
class Cleared:
    """z [unit, stream, day] without what is shared, nan where untested or silent.

    level, error, shock, spread [stream, day]: posterior mean and sd of the shared level, chance of
    a shock, and the spread of the units around the level; silent [unit, stream, day].
    """

    z: Floats
    level: Floats
    error: Floats
    shock: Floats
    spread: Floats
    silent: Bools


def learn(z: Floats, params: Shocks | None = None) -> Shared:
    """From the past z [unit, stream, day]: how far each unit follows, and how wide c is."""
    params = params or Shocks()
    z, _ = hush(z, params)
    units, streams, _ = z.shape
    loading = np.ones((units, streams))
    for _ in range(2):
        level, error, _ = location(z, loading, params)
        known = ~np.isnan(z) & ~np.isnan(level)
        c = np.where(known, np.nan_to_num(level), 0.0)
        # products are cut so that an outbreak does not make a loading
        bent = np.clip(np.nan_to_num(z), c * loading[:, :, None] - 3, c * loading[:, :, None] + 3)
        top = (c * bent).sum(axis=2) + params.loading_prior
        loading = np.maximum(top / ((c * c).sum(axis=2) + params.loading_prior), 0.1)
        loading = loading / loading.mean(axis=0)
    level, error, _ = location(z, loading, params)
    quiet, shock = np.array([_widths(*pair) for pair in zip(level, error, strict=True)]).T
    whole = Shared(loading, quiet, shock, np.ones_like(loading))
    return dataclasses.replace(whole, own_sd=_own_sd(clear(z, whole, params).z, params))


def _own_sd(rest: Floats, params: Shocks) -> Floats:
    """sd [unit, stream] of what is left, drawn to the stream's; cut at 3, as outbreaks are no
    noise."""
    square = np.clip(np.nan_to_num(rest), -3, 3) ** 2
    days = (~np.isnan(rest)).sum(axis=2)
    of_stream = square.sum(axis=(0, 2)) / np.maximum(days.sum(axis=0), 1)
    of_stream = np.where(days.sum(axis=0) > 0, of_stream, 1.0)
    worth = params.own_sd_prior_days
    return np.asarray(np.sqrt((square.sum(axis=2) + worth * of_stream) / (days + worth)))


def _widths(level: Floats, error: Floats) -> tuple[float, float]:
    """sd of the shared level on quiet days and in shocks."""
    known = ~np.isnan(level)
    if not known.any():
        return 0.1, 1.0
    x, v = level[known], error[known] ** 2
    quiet = float(np.sqrt(max((MAD * np.median(np.abs(x))) ** 2 - v.mean(), 1e-4)))
    far = x[np.abs(x) > 3 * np.sqrt(quiet**2 + v)]
    wide = float(np.sqrt(np.mean(far**2))) if len(far) else 0.0
    return quiet, max(wide, 4 * quiet, 1.0)


def hush(z: Floats, params: Shocks) -> tuple[Floats, Bools]:
    """(z without silent ones, which were silent)."""
    silent = np.nan_to_num(z) < params.silent_below
    return np.where(silent, np.nan, z), silent


def location(z: Floats, loading: Floats, params: Shocks) -> tuple[Floats, Floats, Floats]:
    """Of each stream and day: the shared level by Huber's estimator, its standard error, and the
    units' spread around it (scaled median deviation); nan where too few units report."""
    known = ~np.isnan(z)
    enough = known.sum(axis=0) >= params.least_units
    shown = np.where(enough & (known.sum(axis=0) > 0), z, 0.0)
    lam = loading[:, :, None]
    c = np.nanmedian(shown / lam, axis=0)
    value, mask = np.nan_to_num(z), known & enough
    for _ in range(STEPS):
        away = np.abs(value - lam * c)
        weight = np.where(mask, lam * np.minimum(1.0, HUBER / np.maximum(away, HUBER)), 0.0)
        base = (weight * lam).sum(axis=0)
        c = np.where(enough, (weight * value).sum(axis=0) / np.where(enough, base, 1.0), 0.0)
    spread = MAD * np.nanmedian(np.where(enough, np.abs(shown - lam * c), 0.0), axis=0)
    size = np.where(mask, lam**2, 0.0).sum(axis=0)
    error = np.maximum(spread, 1.0) / np.sqrt(np.where(enough, size, 1.0))
    gone = np.where(enough, 0.0, np.nan)
    return c + gone, error + gone, spread + gone


def states(
    level: Floats, error: Floats, quiet_sd: float, shock_sd: float, params: Shocks
) -> tuple[Floats, Floats, Floats]:
    """One stream's days in order: posterior mean and sd of the shared level, chance of a shock.

    Only the days up to each one are used.  A day without a level has mean 0 and the prior's sd.
    """
    out = np.zeros((3, len(level)))
    shock = params.begins / (params.begins + 1 - params.stays)
    wide = np.array([quiet_sd**2, shock_sd**2])
    for day in range(len(level)):
        shock = shock * params.stays + (1 - shock) * params.begins
        weight = np.array([1 - shock, shock])
        if np.isnan(level[day]):
            out[:, day] = 0.0, np.sqrt(weight @ wide), shock
            continue
        total = wide + error[day] ** 2
        log = np.log(weight) - 0.5 * (np.log(total) + level[day] ** 2 / total)
        weight = np.exp(log - log.max())
        weight = np.clip(weight / weight.sum(), 1e-12, 1.0)
        shock = float(weight[1])
        pull = wide / total
        mean = float(weight @ (pull * level[day]))
        second = float(weight @ (pull * error[day] ** 2 + (pull * level[day]) ** 2))
        out[:, day] = mean, np.sqrt(max(second - mean**2, 0.0)), shock
    return out[0], out[1], out[2]


def clear(z: Floats, shared: Shared, params: Shocks | None = None) -> Cleared:
    """Take the shared level off z [unit, stream, day] and widen what a shock makes uncertain.

    Refuses z of other units or streams than those learned from.
    """
    params = params or Shocks()
    if z.ndim != 3 or z.shape[:2] != shared.loading.shape:
        raise BadInput("warning.shape", "z must be [unit, stream, day] as in what was learned.")
    heard, silent = hush(z, params)
    raw, error, spread = location(heard, shared.loading, params)
    told = [
        states(raw[s], error[s], shared.quiet_sd[s], shared.shock_sd[s], params)
        for s in range(z.shape[1])
    ]
    level, sd, shock = (np.stack([one[k] for one in told]) for k in range(3))
    lam = shared.loading[:, :, None]
    sd_shown = np.where(np.isnan(raw), 0.0, sd)
    extra = shock * np.maximum(np.nan_to_num(spread, nan=1.0) ** 2 - 1, 0.0)
    own = np.maximum(shared.own_sd, 0.1)[:, :, None]
    rest = (heard - lam * level) / np.sqrt(own**2 + (lam * sd_shown) ** 2 + extra)
    return Cleared(rest, level, sd, shock, spread, silent)


def rise_of_all(cleared: Cleared, shared: Shared) -> Floats:
    """z [stream, day] of the shared level itself: a rise everywhere at once is taken off each unit
    and shows here.  A shock cannot be told from a wide outbreak in one stream; ask how many
    streams rise."""
    return np.asarray(cleared.level / np.sqrt(shared.quiet_sd**2 + 1e-12)[:, None])


def spread_of(values: Floats, params: Shocks | None = None) -> Floats:
    """[day]: half the distance between the 16th and 84th of 100 units of [unit, day], which a few
    outbreaks hardly move; nan where too few units have a value."""
    params = params or Shocks()
    known = (~np.isnan(values)).sum(axis=0)
    enough = known >= params.least_units
    low, high = np.nanquantile(np.where(enough, values, 0.0), [0.16, 0.84], axis=0)
    return np.where(enough, (high - low) / 2, np.nan)


def usual_spread(values: Floats, params: Shocks | None = None) -> float:
    """Median over days of `spread_of`, 1 where nothing is known."""
    spread = spread_of(values, params)
    return float(np.nanmedian(spread)) if (~np.isnan(spread)).any() else 1.0


def evened(values: Floats, usual: float, params: Shocks | None = None) -> Floats:
    """[unit, day] over the spread of its day, where that is wider than usual.

    Units feel a shock unlike one another, alike in all streams and for days; what is left of that
    adds up over streams and days, and shows as units lying further apart than they use to.
    """
    params = params or Shocks()
    spread = spread_of(values, params)
    known = (~np.isnan(values)).sum(axis=0)
    own = known / (known + params.spread_prior_units)
    wide = np.maximum(np.nan_to_num(spread, nan=usual), usual)
    return np.asarray(values / np.sqrt(own * wide**2 + (1 - own) * usual**2) * usual)
