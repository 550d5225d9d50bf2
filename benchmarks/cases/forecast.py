"""Forecasts of influenza-like illness in US states for 1 to 4 weeks, scored as the hubs do.

Every week from October to May the next four weeks are forecast from the weeks up to then, nothing
later.  The method and its weights were chosen on the seasons 2013/14 to 2015/16; the figures are of
2016/17 to 2022/23, the pandemic's years among them.  Peer: the hubs' baseline in the same run.
The values are final ones: what later revisions changed is not part of the difficulty.
"""

from __future__ import annotations

import csv
import datetime as dt
import gzip
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.cases.epidemic_lines import line
from zhongshu.engines.epidemic import scores
from zhongshu.engines.epidemic.forecasting import solve
from zhongshu.engines.epidemic.forecasting.model import ForecastParams

DATA = Path(__file__).parents[1] / "data" / "cdc_ilinet_state_weekly.csv.gz"
TUNING, REPORTED = range(2013, 2016), range(2016, 2023)  # years in which seasons begin
SEASON_WEEKS = 33  # from the first week of October on
RELATIVE, LOW, HIGH = 0.80, 0.90, 0.98
PEER = "the hubs' baseline (flat median, past changes)"
Array = npt.NDArray[np.float64]


def read() -> tuple[Array, list[dt.date]]:
    """Visits for influenza-like illness in percent, (states, weeks), and the weeks' first days."""
    with gzip.open(DATA, "rt", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    states = sorted({row["region"] for row in rows})
    weeks = sorted({dt.date.fromisoformat(row["week_start"]) for row in rows})
    at = {week: n for n, week in enumerate(weeks)}
    values = np.full((len(states), len(weeks)), np.nan)
    for row in rows:
        if row["ilitotal"] and row["total_patients"] and float(row["total_patients"]) > 0:
            share = 100 * float(row["ilitotal"]) / float(row["total_patients"])
            week = dt.date.fromisoformat(row["week_start"])
            values[states.index(row["region"]), at[week]] = share
    return values, weeks


def scored(seasons: range, params: ForecastParams) -> dict[str, Array]:
    """(season weeks, states, horizon) scores and coverage of the ensemble and its members."""
    values, weeks = read()
    told: dict[str, list[Array]] = {}
    for year in seasons:
        first = next(n for n, week in enumerate(weeks) if week >= dt.date(year, 10, 1))
        for today in range(first, first + SEASON_WEEKS):
            found = solve.forecast(values[:, : today + 1], params=params, seed=today)
            truth = values[:, today + 1 : today + 1 + params.horizon_weeks]
            for name, quantiles in {"ensemble": found.quantiles, **found.members}.items():
                both = ~np.isnan(truth) & ~np.isnan(found.quantiles[0])
                score = scores.interval_score(quantiles, truth, params.levels)
                inside = scores.covered(quantiles, truth, params.levels)
                told.setdefault(name, []).append(np.where(both, score, np.nan))
                told.setdefault(f"{name} in", []).append(np.where(both, inside, np.nan))
    return {name: np.array(parts) for name, parts in told.items()}


def lines() -> list[dict[str, Any]]:
    params = ForecastParams()
    told = scored(REPORTED, params)
    mean = {name: float(np.nanmean(part)) for name, part in told.items()}
    relative = mean["ensemble"] / mean["baseline"]
    covered = mean["ensemble in"]
    number = int((~np.isnan(told["ensemble"])).sum())
    peer = {"name": PEER, "value": round(mean["baseline"], 4)}
    rows = [
        line(f"forecast, 1 to 4 weeks, {number} of 7 seasons: interval score against the baseline",
             relative, "1", peer=peer, ratio=round(relative, 3), goal=RELATIVE,
             met=relative <= RELATIVE),
        line("forecast, 1 to 4 weeks: observed in the 95 % interval", covered, "share",
             peer={"name": PEER, "value": round(mean["baseline in"], 3)}, goal=[LOW, HIGH],
             met=LOW <= covered <= HIGH),
    ]  # fmt: skip
    by_week = {name: np.nanmean(part, axis=(0, 1)) for name, part in told.items()}
    for n in range(params.horizon_weeks):
        rows.append(
            line(f"forecast, week {n + 1}: interval score against the baseline",
                 float(by_week["ensemble"][n] / by_week["baseline"][n]), "1",
                 peer={"name": PEER, "value": round(float(by_week["baseline"][n]), 4)},
                 coverage=round(float(by_week["ensemble in"][n]), 3))
        )  # fmt: skip
    for n, year in enumerate(REPORTED):
        part = slice(n * SEASON_WEEKS, (n + 1) * SEASON_WEEKS)
        ours, theirs = (float(np.nanmean(told[name][part])) for name in ("ensemble", "baseline"))
        rows.append(
            line(f"forecast, season {year}/{(year + 1) % 100}: interval score against the baseline",
                 ours / theirs, "1", peer={"name": PEER, "value": round(theirs, 4)},
                 coverage=round(float(np.nanmean(told["ensemble in"][part])), 3))
        )  # fmt: skip
    return rows
