"""Nowcasts of incomplete days scored on simulated epidemics whose final counts are known.

Synthetic: a calm of seven weeks, then growth of 4 to 14 % a day; onsets rarer at weekends; a gamma
delay whose mean drifts by a third either way while the epidemic grows; reports on Saturdays and
Sundays mostly put off to the next working day; noise of whole days (negative binomial) and of one
day's reporting (Dirichlet).  Nowcasts on three days of the growth, by lag of the day of onset.
The method was chosen and set on seeds from 1000 on; the figures are of seeds 0 to 59.
Peer: the chain ladder with Mack's errors (1993, doi:10.2143/AST.23.2.2005092), log-normal, as
claims reserving does it; raw counts are the numbers reported so far, without any interval.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import special, stats

from benchmarks.cases.epidemic_lines import line
from zhongshu.engines.epidemic import scores
from zhongshu.engines.epidemic.nowcasting import solve, triangle
from zhongshu.kernel.random import stream

SEEDS, TUNING = range(60), range(1000, 1040)
CALM, GROWTH, MOST, KEPT = 49, (8, 15, 22), 20, 56
COVERED, RELATIVE = 0.85, 0.30  # least coverage at every lag; most score against raw counts at 0
LAGS = 14
Array = npt.NDArray[np.float64]


def epidemic(seed: int) -> Array:
    """Cases by day of onset and delay, (days, MOST + 1), all of them."""
    chance = stream(seed, "nowcast world")
    days = CALM + max(GROWTH) + 1
    weekday = np.arange(days) % 7
    since = np.maximum(np.arange(days) - CALM, 0)
    start = chance.uniform(5, 25)
    level = start * np.exp(chance.uniform(0.04, 0.14) * since)
    level *= np.exp(np.cumsum(chance.normal(0, 0.02, days)))
    level *= np.where(weekday >= 5, chance.uniform(0.7, 1.0), 1.0)
    whole = chance.poisson(level * chance.gamma(25, 1 / 25, days))
    mean = chance.uniform(3.0, 5.5) * np.exp(chance.uniform(-0.33, 0.33) * since / max(GROWTH))
    put_off = chance.uniform(0.4, 0.8)
    table = np.zeros((days, MOST + 1))
    for day in range(days):
        plan = np.diff(special.gammainc(2.0, np.arange(MOST + 2) / (mean[day] / 2.0)))
        shares = _weekend(plan, day, put_off)
        drawn = chance.dirichlet(150 * shares / shares.sum() + 1e-9)
        table[day] = chance.multinomial(whole[day], drawn)
    return table


def _weekend(plan: Array, day: int, put_off: float) -> Array:
    """Reports due at a weekend are put off to Monday with chance `put_off`."""
    shares = np.zeros(MOST + 1)
    for delay, share in enumerate(plan):
        wait = {5: 2, 6: 1}.get((day + delay) % 7, 0)
        shares[delay] += share * (1 - put_off if wait else 1)
        if wait:
            shares[min(delay + wait, MOST)] += share * put_off
    return shares


def known_on(whole: Array, today: int) -> tuple[Array, Array]:
    """The triangle of the last KEPT days as known on `today`, and their final counts."""
    rows = whole[today - KEPT + 1 : today + 1].copy()
    final = rows.sum(axis=1)
    rows[triangle.coming(KEPT, MOST)] = np.nan
    return rows, final


def chain_ladder(table: Array, levels: tuple[float, ...]) -> Array:
    """Quantiles of final counts of the last MOST days, (levels, MOST)."""
    within = np.cumsum(table, axis=1)
    factor, sigma, sums = np.ones(MOST), np.zeros(MOST), np.ones(MOST)
    for d in range(MOST):
        known = ~np.isnan(within[:, d + 1])
        early, late = within[known, d], within[known, d + 1]
        sums[d] = max(early.sum(), 1.0)
        factor[d] = late.sum() / sums[d]
        some = early > 0
        ratio = late[some] / early[some]
        sigma[d] = (early[some] * (ratio - factor[d]) ** 2).sum() / max(some.sum() - 1, 1)
    columns = []
    for lag in range(MOST - 1, -1, -1):
        now = within[len(table) - 1 - lag, lag]
        mean = now * np.prod(factor[lag:])
        part, variance = now, 0.0
        for d in range(lag, MOST):
            variance += sigma[d] / factor[d] ** 2 * (1 / max(part, 0.5) + 1 / sums[d])
            part *= factor[d]
        spread = np.sqrt(np.log1p(variance))
        columns.append(mean * np.exp(spread * stats.norm.ppf(levels) - spread**2 / 2))
    return np.asarray(np.maximum(np.array(columns).T, 0))


def scored(seeds: range) -> dict[str, Array]:
    """(nowcasts, LAGS) of each method's score and coverage, and of the raw counts' error."""
    rows: dict[str, list[Array]] = {n: [] for n in ("ours", "in", "ladder", "ladder in", "raw")}
    levels = scores.HUB_LEVELS
    for seed in seeds:
        whole = epidemic(seed)
        for grown in GROWTH:
            today = CALM + grown
            table, final = known_on(whole, today)
            truth = final[-LAGS:][::-1]
            found = solve.nowcast(table, first_weekday=(today - KEPT + 1) % 7, seed=seed)
            for name, quantiles in (
                ("ours", found.quantiles(levels)),
                ("ladder", chain_ladder(table, levels)),
            ):
                by_lag = quantiles[:, ::-1][:, :LAGS]
                rows[name].append(scores.interval_score(by_lag, truth, levels))
                inside = "in" if name == "ours" else "ladder in"
                rows[inside].append(scores.covered(by_lag, truth, levels))
            rows["raw"].append(np.abs(found.reported[::-1][:LAGS] - truth))
    return {name: np.array(values) for name, values in rows.items()}


def lines() -> list[dict[str, Any]]:
    told = {name: values.mean(axis=0) for name, values in scored(SEEDS).items()}
    number = len(SEEDS) * len(GROWTH)
    ladder = {"name": "chain ladder with Mack's errors"}
    relative, theirs = told["ours"] / told["raw"], told["ladder"] / told["raw"]
    least = float(told["in"].min())
    rows = [
        line(f"nowcast, {number} of growth after a calm: 95 % interval, least share at lags 0 to "
             f"{LAGS - 1} days", least, "share",
             peer=ladder | {"value": round(float(told["ladder in"].min()), 3)}, goal=COVERED,
             met=least >= COVERED),
        line("nowcast of today: interval score against the error of raw counts",
             float(relative[0]), "1", peer=ladder | {"value": round(float(theirs[0]), 3)},
             ratio=round(float(relative[0] / theirs[0]), 3), goal=RELATIVE,
             met=bool(relative[0] <= RELATIVE)),
    ]  # fmt: skip
    for lag in (0, 1, 2, 4, 7, 10, 13):
        rows.append(
            line(f"nowcast, onset {lag} days ago: 95 % interval", float(told["in"][lag]), "share",
                 peer=ladder | {"value": round(float(told["ladder in"][lag]), 3)})
        )  # fmt: skip
        rows.append(
            line(f"nowcast, onset {lag} days ago: interval score against raw counts",
                 float(relative[lag]), "1", peer=ladder | {"value": round(float(theirs[lag]), 3)},
                 ratio=round(float(told["ours"][lag] / told["ladder"][lag]), 3))
        )  # fmt: skip
    return rows
