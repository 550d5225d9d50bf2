"""What others would do with the same streams, each at two thresholds.

`calibrated`: what NOMINAL of county-days pass in the quiet years of all seeds opened earlier (4 of
tuning, 12 rehearsed: with shocks a few days of a few years decide, so that four years are too few).
`matched`: the same of the quiet reporting years themselves, so that each peer realises NOMINAL
exactly; nobody could have known that threshold, and it favours the peers.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence

import numpy as np

from benchmarks.cases.warning_province import Floats
from benchmarks.cases.warning_streams_world import (
    PAST,
    REHEARSED_SEEDS,
    REPORTING_SEEDS,
    TUNING_SEEDS,
    World,
    world,
)
from zhongshu.engines.warning.joint import combine

NOMINAL = 0.001


def _largest(z: Floats) -> Floats:
    return np.asarray(np.nan_to_num(z, nan=-np.inf).max(axis=1))


def _plain(z: Floats) -> Floats:
    return combine.stouffer(z, combine.equal(z.shape[1]))


def _without_median(z: Floats) -> Floats:
    known = ~np.isnan(z)
    seen = known.any(axis=0)
    return np.asarray(z - np.nanmedian(np.where(seen, z, 0.0), axis=0))


PEERS: dict[str, Callable[[World], Floats]] = {
    "EARS C2, any of 4": lambda one: _largest(one.ears),
    **{
        f"stream {n + 1} alone": functools.partial(lambda one, n: one.z[:, n], n=n)
        for n in range(4)
    },
    "Fisher": lambda one: combine.fisher(one.z),
    "Stouffer": lambda one: _plain(one.z),
    "Stouffer less the median county": lambda one: _plain(_without_median(one.z)),
    "Stouffer, EWMA": lambda one: combine.ewma(_plain(one.z), rate=0.15),
    "Stouffer less the median county, EWMA": lambda one: combine.ewma(
        _plain(_without_median(one.z)), rate=0.15
    ),
}


@functools.cache
def _quiet(seed: int, shocks: bool) -> dict[str, Floats]:
    """Of each peer, [county, day], the year without outbreaks."""
    year = world(seed, shocks=shocks)
    return {name: peer(year)[:, PAST:] for name, peer in PEERS.items()}


def _thresholds(seeds: Sequence[int], shocks: bool) -> dict[str, float]:
    """What NOMINAL of county-days pass without outbreaks."""
    found = {}
    for name in PEERS:
        values = np.concatenate([_quiet(seed, shocks)[name].ravel() for seed in seeds])
        found[name] = float(np.quantile(values[np.isfinite(values)], 1 - NOMINAL))
    return found


def calibrated(*, shocks: bool) -> dict[str, float]:
    return _thresholds((*TUNING_SEEDS, *REHEARSED_SEEDS), shocks)


def matched(*, shocks: bool) -> dict[str, float]:
    return _thresholds(REPORTING_SEEDS, shocks)


def realised(name: str, level: float, *, shocks: bool) -> list[float]:
    """Share of county-days raised in each quiet reporting year."""
    return [float((_quiet(seed, shocks)[name] > level).mean()) for seed in REPORTING_SEEDS]
