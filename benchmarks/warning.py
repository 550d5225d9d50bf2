"""Early warning: `python -m benchmarks.warning [--only PART ...]`.

    ears        false alarms of EARS, said and real, and what it finds
    farrington  our Farrington method beside R's surveillance
    detectors   the other single-stream detectors beside R's surveillance
    scenarios   our default for one stream in the 42 published scenarios (warning_single_lines.py)
    streams     four streams of a made province put together, with shocks (warning_streams.py)
    hard        the same: half the size; thin ones over a neighbourhood; no shocks
    budget      alerts raised in a year over those set, with Spring Festival and shocks
    daily       the daily run as it is shipped, over a year of evenings (warning_daily.py)

Rows of parts that were not run stay as they are.

For EARS, baselines are simulated without any outbreak, 117 counties x 4 streams a day: Poisson
and negative binomial (variance mean + mean^2 / 10), flat and with a weekday effect (Mondays 1.4,
Sundays 0.5 of the mean, as fever clinics have).  `said` is the p-value's own promise at the
threshold, 1.5 %; `real` is the share of tests that signalled.  Outbreaks add a Poisson number
around k baseline standard deviations on each of three days.  For speed the peer is the readable
twin.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from benchmarks.cases import (
    warning_daily_lines,
    warning_detectors,
    warning_reference,
    warning_single_lines,
    warning_streams,
)
from zhongshu.engines.warning import model, oracle, solve
from zhongshu.engines.warning.model import EarsParams, Method
from zhongshu.engines.warning.published import ears
from zhongshu.kernel.random import stream

RESULTS = Path(__file__).parent / "results" / "warning.json"
PARAMS = EarsParams(grades=(("blue", 3.0), ("yellow", 4.0), ("orange", 6.0), ("red", 10.0)))
SERIES, DAYS, SIZE = 117 * 4, 400, 10.0
WEEK = np.array([1.4, 1.1, 1.0, 1.0, 1.0, 1.0, 0.5])  # Monday first
MEANS = (0.3, 2.0, 10.0, 50.0)


def baseline(mean: float, *, weekday: bool, clustered: bool, seed: int) -> ears.Floats:
    """(SERIES, DAYS) counts without an outbreak."""
    rng = stream(seed, "warning baseline", int(mean * 10), int(weekday), int(clustered))
    level = mean * (WEEK / WEEK.mean())[np.arange(DAYS) % 7] if weekday else np.full(DAYS, mean)
    rate = np.broadcast_to(level, (SERIES, DAYS))
    if clustered:
        rate = rng.gamma(SIZE, rate / SIZE)
    return rng.poisson(rate).astype(np.float64)


def fires(counts: ears.Floats, params: EarsParams) -> Any:
    """Which tests signal, (SERIES, tested days): the rule of solve.detect on every day."""
    found = ears.statistic(counts, Method.C2, params)
    above = (found.z >= params.threshold_z) & (counts >= params.min_observed)
    return above[:, params.days_needed :]


def line(name: str, value: float, unit: str, **more: Any) -> dict[str, Any]:
    plain: dict[str, Any] = {"peer": None, "ratio": None, "goal": None, "met": None}
    return {"name": name, "value": round(value, 5), "unit": unit, **(plain | more)}


def false_alarms() -> list[dict[str, Any]]:
    """Realised share of tests that signal without an outbreak, against the p-value's promise."""
    said = oracle.p_of(PARAMS.threshold_z, PARAMS.baseline_days)
    rows = []
    for clustered in (False, True):
        for weekday in (False, True):
            for mean in MEANS:
                counts = baseline(mean, weekday=weekday, clustered=clustered, seed=11)
                real = float(fires(counts, PARAMS).mean())
                shape = "negative binomial" if clustered else "Poisson"
                week = "weekdays" if weekday else "flat"
                rows.append(
                    line(
                        f"false alarms, {shape}, {week}, mean {mean:g}",
                        real,
                        "share of tests",
                        peer={"name": "said by the p-value", "value": round(said, 5)},
                        ratio=round(real / said, 2),
                    )
                )
    return rows


def found_outbreaks() -> list[dict[str, Any]]:
    """Share of three-day outbreaks of k standard deviations found on one of their days."""
    rows = []
    for k in (2, 3, 5):
        counts = baseline(10.0, weekday=True, clustered=True, seed=12)
        rng = stream(12, "warning outbreak", k)
        sd = float(np.sqrt(10.0 + 10.0**2 / SIZE))
        starts = np.arange(PARAMS.days_needed + 20, DAYS - 3, 40)
        for start in starts:
            counts[:, start : start + 3] += rng.poisson(k * sd, (SERIES, 3))
        signalled = fires(counts, PARAMS)
        hits = [
            signalled[:, start - PARAMS.days_needed : start - PARAMS.days_needed + 3].any(axis=1)
            for start in starts
        ]
        rows.append(
            line(f"found, 3 days of {k} sd, mean 10, weekdays", float(np.mean(hits)), "share")
        )
    return rows


def speed() -> list[dict[str, Any]]:
    """A day of a province, and the statistics of a whole year, against the twin."""
    counts = baseline(10.0, weekday=True, clustered=True, seed=13)[:, :30]
    on = dt.date(2022, 11, 8)
    table = pa.table(
        {
            "unit": np.repeat([f"{n:012d}" for n in range(SERIES)], 30),
            "stream": ["fever_clinic"] * (30 * SERIES),
            "date": [on - dt.timedelta(days=29 - n) for n in range(30)] * SERIES,
            "count": counts.ravel().astype(np.int64),
        },
        schema=model.SERIES,
    )
    begin = time.perf_counter()
    found = solve.detect(table, on=on, params=PARAMS)
    day_s = time.perf_counter() - begin
    whole = baseline(10.0, weekday=True, clustered=True, seed=14)[:, :365]
    middle = time.perf_counter()
    z = ears.statistic(whole, Method.C2, PARAMS).z
    vectors = time.perf_counter() - middle
    plain = [[int(x) for x in row] for row in whole]
    middle = time.perf_counter()
    twin = [[oracle.z_of(row, day, Method.C2, PARAMS) for day in range(365)] for row in plain]
    loops = time.perf_counter() - middle
    slow = np.array([[np.nan if one is None else one[2] for one in row] for row in twin])
    same = bool(np.allclose(z, slow, rtol=1e-9, atol=1e-12, equal_nan=True))
    assert same
    return [
        line(f"one day, {found.tested} series, signals", day_s, "s", goal=1, met=day_s < 1),
        line(
            f"one year, {SERIES} series, statistics", vectors, "s",
            peer={"name": "readable twin", "value": round(loops, 4), "same_answer": same},
            ratio=round(loops / vectors, 1),
        ),
    ]  # fmt: skip


# part -> its rows; a part that needs R is left out where R is not there
WORKS: dict[str, Callable[[], list[dict[str, Any]]]] = {
    "ears": lambda: false_alarms() + found_outbreaks() + speed(),
    "farrington": warning_reference.lines,
    "detectors": warning_detectors.lines,
    "scenarios": warning_single_lines.lines,
    "streams": warning_streams.lines,
    "hard": warning_streams.hard_lines,
    "budget": warning_streams.budget_lines,
    "daily": warning_daily_lines.lines,
}
WITH_R = {"farrington", "detectors"}


def main() -> None:
    ask = argparse.ArgumentParser()
    ask.add_argument("--only", nargs="+", choices=WORKS, default=list(WORKS))
    for part in ask.parse_args().only:
        if part in WITH_R and not warning_reference.there():
            print(f"{part}: not compared with R: install r-cran-surveillance and run this again.")
            continue
        keep(WORKS[part]())


def keep(found: list[dict[str, Any]]) -> None:
    """Print the rows, and write them among those known."""
    for row in found:
        print(json.dumps(row, ensure_ascii=False), flush=True)
    names = {row["name"] for row in found}
    before = json.loads(RESULTS.read_text()) if RESULTS.is_file() else []
    rows = [row for row in before if row["name"] not in names] + found
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
