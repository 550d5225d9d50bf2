"""Rt of today on simulated epidemics whose true Rt is known, against the sliding window's.

Each epidemic wanders, and its Rt falls or rises at a day of chance.  Onsets come an incubation
period after infection, reports by a delay after onset; the window of Cori et al. is given the
onsets corrected for the expected share seen, as many do.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.cases.epidemic_lines import line
from zhongshu.engines.epidemic import filter, serial, solve
from zhongshu.kernel.random import stream

EPIDEMICS, DAYS, BEFORE = 60, 100, 30
GENERATION = serial.weights(mean=5.0, sd=2.5, days=25) / serial.weights(
    mean=5.0, sd=2.5, days=25
).sum()  # fmt: skip
INCUBATION = serial.weights(mean=4.0, sd=2.0, days=20) / serial.weights(
    mean=4.0, sd=2.0, days=20
).sum()  # fmt: skip
SEEN = 1 - np.exp(-(np.arange(DAYS)[::-1] + 0.4) / 3.0)
AGO = (0, 7, 14)
COVERED = 0.90  # least share of true values inside the 95 % interval


def epidemic(seed: int) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """True Rt by day and onsets reported so far, (DAYS,) each; synthetic."""
    chance = stream(seed, "rt today")
    log_r = np.cumsum(chance.normal(0, 0.03, DAYS)) + np.log(chance.uniform(0.9, 1.5))
    log_r[chance.integers(20, DAYS) :] += chance.choice([-0.5, -0.25, 0.25])
    log_r = np.clip(log_r, np.log(0.5), np.log(1.8))
    infected = [float(chance.uniform(20, 200))] * BEFORE
    for day in range(DAYS):
        pressure = np.dot(GENERATION[1:], infected[: -len(GENERATION) : -1])
        log_r[day] = min(log_r[day], np.log(2e4 / max(pressure, 1e-9)))  # people are not endless
        mean = float(np.exp(log_r[day]) * pressure) + 1e-9
        infected.append(float(chance.poisson(mean)))
    whole = np.convolve(infected, INCUBATION)[BEFORE : BEFORE + DAYS]
    onsets = chance.poisson(chance.gamma(20, whole / 20 + 1e-12))
    return np.exp(log_r), chance.binomial(onsets, SEEN).astype(float)


def lines() -> list[dict[str, Any]]:
    """Coverage and error of both, by days ago."""
    inside = {name: np.zeros((EPIDEMICS, len(AGO))) for name in ("ours", "window")}
    error = {name: np.zeros((EPIDEMICS, len(AGO))) for name in ("ours", "window")}
    for n in range(EPIDEMICS):
        true, reported = epidemic(n)
        found = filter.track_rt(
            reported, generation=GENERATION, incubation=INCUBATION, share_seen=SEEN
        )
        plain = solve.estimate_rt(
            reported / SEEN, si_mean=5.0, si_sd=2.5, si_weights=GENERATION, window=7
        )
        for at, ago in enumerate(AGO):
            day = DAYS - 1 - ago
            for name, low, middle, high in (
                ("ours", found.q025[day], found.median[day], found.q975[day]),
                ("window", plain.q025[day - 7], plain.median[day - 7], plain.q975[day - 7]),
            ):
                inside[name][n, at] = low <= true[day] <= high
                error[name][n, at] = np.log(middle / true[day])
    rows = []
    for at, ago in enumerate(AGO):
        covered, theirs = (float(inside[name][:, at].mean()) for name in ("ours", "window"))
        wrong, off = (float(np.sqrt((error[name][:, at] ** 2).mean())) for name in error)
        when = "today" if ago == 0 else f"{ago} days ago"
        peer = {"name": "window of Cori et al. on onsets divided by the share seen"}
        rows += [
            line(f"Rt of {when}, {EPIDEMICS} simulated epidemics: true values in the 95 % interval",
                 covered, "share", peer=peer | {"value": round(theirs, 3)}, goal=COVERED,
                 met=covered >= COVERED),
            line(f"Rt of {when}: root mean square error of log Rt", wrong, "1",
                 peer=peer | {"value": round(off, 3)}, ratio=round(wrong / off, 2)),
        ]  # fmt: skip
    return rows
