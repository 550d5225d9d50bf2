"""The outbreak engine against results that are known exactly."""

from __future__ import annotations

import math

import numpy as np
from outbreak_made import crowd, plain, seeds
from scipy import optimize

from zhongshu.engines.whatif.options import BASELINE
from zhongshu.engines.whatif.outbreak import solve
from zhongshu.kernel import chance


def keys(count: int) -> list[np.uint64]:
    return [chance.key(7, "whatif", run) for run in range(count)]


def test_the_final_size_solves_its_equation() -> None:
    made = solve.infections(
        crowd(20_000), seeds(np.arange(0, 400, 10)), BASELINE,
        model=plain(community=1.7), days=150, key=keys(1)[0],
    )  # fmt: skip
    known = optimize.brentq(lambda z: 1 - z - math.exp(-1.7 * z), 0.1, 0.999)
    assert abs(len(made) / 20_000 - known) < 0.02


def test_chains_die_out_as_often_as_a_branching_process() -> None:
    people, model = crowd(8_000), plain(community=1.6, dispersion=0.5)
    sizes = [
        len(solve.infections(people, seeds([9]), BASELINE, model=model, days=90, key=key))
        for key in keys(150)
    ]
    known = optimize.brentq(lambda q: q - (1 + 1.6 / 0.5 * (1 - q)) ** -0.5, 0.0, 0.999)
    died = float(np.mean(np.array(sizes) < 300))
    assert abs(died - known) < 3 * math.sqrt(known * (1 - known) / 150)


def test_households_follow_reed_and_frost() -> None:
    homes = 3000
    made = solve.infections(
        crowd(3 * homes, household=3), seeds(np.arange(0, 3 * homes, 3)), BASELINE,
        model=plain(household=0.5), days=40, key=keys(1)[0],
    )  # fmt: skip
    infected = np.bincount(made[:, 0] // 3, minlength=homes)
    escape = math.exp(-0.5)
    none = escape**2
    one = 2 * (1 - escape) * escape * escape
    for size, share in ((1, none), (2, one), (3, 1 - none - one)):
        assert abs(np.mean(infected == size) - share) < 3.5 * math.sqrt(share * (1 - share) / homes)


def test_an_outbreak_grows_as_euler_and_lotka_say() -> None:
    """The rate that the generation interval and the offspring mean imply."""
    model = plain(community=2.0, dispersion=50.0)
    made = solve.infections(
        crowd(120_000), seeds(np.arange(0, 2000, 10), infected_day=-12), BASELINE,
        model=model, days=20, key=keys(1)[0],
    )  # fmt: skip
    first = made[made[:, 2] >= 0]
    at = {person: hour // 24 for person, hour in made[:, :2].tolist()}
    ages = np.array([hour // 24 - at[source] for _, hour, source, _ in first.tolist()])
    early = np.array([at[source] for source in first[:, 2].tolist()])
    mothers = np.sum((made[:, 1] // 24 >= 0) & (made[:, 1] // 24 < 8))
    born = ages[(early >= 0) & (early < 8)]
    shares = np.bincount(born) / mothers  # mean offspring by age of infection
    rate = optimize.brentq(lambda r: shares @ np.exp(-r * np.arange(len(shares))) - 1, 0.0, 1.0)
    daily = np.bincount(first[:, 1] // 24 + 20)
    seen = np.log(daily[20 + 10] / daily[20 + 2]) / 8
    assert 1.7 < shares.sum() < 2.05
    assert abs(seen - rate) < 0.02
