"""Our Rt beside R's EpiEstim on the series it ships, and the time of both, in one run.

R comes from Debian (`r-cran-epiestim`); without it there is nothing to compare with.  EpiEstim
integrates an uncertain serial interval by sampling: its draws of the interval are taken over and
what is left is judged in standard errors of that sampling.
"""

from __future__ import annotations

import csv
import shutil
import subprocess
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.cases.epidemic_lines import line
from zhongshu.engines.epidemic import cohort, solve, uncertain
from zhongshu.engines.epidemic.uncertain import About
from zhongshu.kernel.random import stream

SCRIPT = Path(__file__).with_suffix(".R")
PEER = "R EpiEstim"
MOMENTS = {
    "Flu1918": (2.6, 1.5), "Flu2009": (2.6, 1.5), "SARS2003": (8.4, 3.8),
    "Measles1861": (14.9, 3.9), "Smallpox1972": (22.4, 6.1),
}  # fmt: skip
LEVELS = (0.025, 0.05, 0.25, 0.5, 0.75, 0.95, 0.975)
UNITS, DAYS = 117, 200
APART, FASTER = 1e-8, 30.0
DRAWN, SIMULATED = 100 * 100, 2000  # EpiEstim's samples of Rt, and its simulated trees
Array = npt.NDArray[np.float64]
Line = dict[str, Any]


def there() -> bool:
    return shutil.which("Rscript") is not None


def lines() -> list[Line]:
    """Largest differences by method, then the speed of each."""
    speed = _speed_series()
    with tempfile.TemporaryDirectory() as folder:
        np.savetxt(Path(folder, "speed.csv"), speed, "%d", ",")
        subprocess.run(["Rscript", str(SCRIPT), folder], check=True, capture_output=True)
        told = _results(Path(folder, "results.csv"))
        cases = {s: _columns(Path(folder, "series.csv"), s, "count", "imported") for s in MOMENTS}
        given = {s: _columns(Path(folder, "serials.csv"), s, "weight")[0] for s in MOMENTS}
        drawn = {s: _draws(Path(folder, f"draws_{s}.csv")) for s in MOMENTS}
        with Path(folder, "seconds.csv").open(encoding="utf-8") as file:
            spent = next(csv.DictReader(file))
    rows = [
        _equal(how, np.array([_apart(how, s, told, cases[s], given[s]) for s in MOMENTS]))
        for how in ("parametric", "given", "imported")
    ]
    rows += _cohorts(told, cases, given) + _unsure(told, cases, drawn)
    return rows + _speed(speed, told, float(spent["all"]), float(spent["uncertain"]))


def _speed_series() -> Array:
    chance = stream(5, "rt speed")
    wave = np.exp(0.6 * np.sin(np.arange(DAYS) / 18))
    return chance.poisson(chance.uniform(1, 60, (UNITS, 1)) * wave).astype(np.float64)


def _all(found: Any) -> Array:
    """(2 + levels, windows): mean, sd and quantiles, as EpiEstim lists them."""
    return np.stack([found.mean, found.sd, *found.quantiles(LEVELS)])


def _largest(mine: Array, theirs: Array) -> float:
    """Relative difference where EpiEstim tells anything; it must where we do."""
    assert (np.isnan(mine) == np.isnan(theirs)).all()
    return float(np.nanmax(np.abs(mine - theirs) / theirs))


def _apart(
    how: str, name: str, told: dict[tuple[str, str], Array], cases: list[Array], given: Array
) -> float:
    mean, sd = MOMENTS[name]
    found = solve.estimate_rt(
        cases[0],
        si_mean=mean,
        si_sd=sd,
        si_weights=given if how == "given" else None,
        imported=cases[1] if how == "imported" else None,
    )
    return _largest(_all(found), told[name, how])


def _equal(how: str, apart: Array) -> Line:
    names = {
        "parametric": "parametric serial interval",
        "given": "serial interval given by day",
        "imported": "a third of the cases imported",
    }
    worst = float(apart.max())
    return line(
        f"Rt, {names[how]}: mean, sd and 7 quantiles on 5 data sets, largest relative difference",
        worst, "1", peer={"name": PEER}, goal=APART, met=worst <= APART,
    )  # fmt: skip


def _cohorts(
    told: dict[tuple[str, str], Array], cases: dict[str, list[Array]], given: dict[str, Array]
) -> list[Line]:
    """Means are exact on both sides; EpiEstim's sd is simulated, ours is not."""
    apart, spread = 0.0, []
    for name in MOMENTS:
        found = cohort.case_rt(cases[name][0], si_weights=given[name])
        mean, sd = told[name, "cohort"][:2]
        known = (mean > 0) & ~np.isnan(found.mean)
        apart = max(apart, float(np.max(np.abs(found.mean[known] / mean[known] - 1))))
        wide = known & (found.sd > 1e-6)
        spread.append(sd[wide] / found.sd[wide] - 1)
    ratio = float(np.median(np.abs(np.concatenate(spread))))
    return [
        line("Rt by cohort (Wallinga and Teunis): mean on 5 data sets, largest relative difference",
             apart, "1", peer={"name": PEER}, goal=APART, met=apart <= APART),
        line("Rt by cohort: sd, exact here and from 2,000 simulated trees there, median relative "
             "difference", ratio, "1", peer={"name": PEER,
             "value": round(1 / np.sqrt(2 * SIMULATED), 4), "what": "its own error of simulation"}),
    ]  # fmt: skip


def _unsure(
    told: dict[tuple[str, str], Array], cases: dict[str, list[Array]], drawn: dict[str, Array]
) -> list[Line]:
    """Differences in standard errors of EpiEstim's own sampling, given its serial intervals."""
    worst = 0.0
    for name in MOMENTS:
        found = uncertain.estimate_rt(cases[name][0], si_weights=drawn[name], levels=(0.5,))
        mean = told[name, "uncertain"][0]
        within = np.sqrt(np.maximum(found.sd**2 - found.means.var(axis=0), 0) / DRAWN)
        longest = float((drawn[name] @ np.arange(drawn[name].shape[1])).max())
        common = found.t_end + 1 > longest  # earlier, EpiEstim leaves out the longer intervals
        worst = max(worst, float(np.max((np.abs(mean - found.mean) / within)[common])))
    return [
        line("Rt, uncertain serial interval: mean on 5 data sets, largest difference in EpiEstim's "
             "standard errors", worst, "standard errors", peer={"name": PEER}, goal=5,
             met=worst <= 5)
    ]  # fmt: skip


def _speed(
    series: Array, told: dict[tuple[str, str], Array], theirs: float, theirs_unsure: float
) -> list[Line]:
    """Seconds for all quantiles of all series; EpiEstim's without R's start."""
    times = []
    for _ in range(4):
        begin = time.perf_counter()
        found = solve.estimate_rt(series, si_mean=5.1, si_sd=4.0)
        rows = np.stack([found.mean, found.sd, *found.quantiles(LEVELS)])
        times.append(time.perf_counter() - begin)
    ours = float(np.median(times[1:]))
    apart = max(_largest(rows[:, n], told[str(n), "speed"]) for n in range(UNITS))
    peer = {"name": PEER, "value": round(theirs, 3), "same_answer": apart <= APART}
    begin = time.perf_counter()
    weights = uncertain.serial_draws(
        About(5.1, 0.5, 3.5, 6.5), About(4, 0.5, 2.5, 5.5), draws=100, days=DAYS,
        chance=stream(6, "rt speed"),
    )  # fmt: skip
    uncertain.estimate_rt(series[0], si_weights=weights, levels=LEVELS)
    unsure = time.perf_counter() - begin
    return [
        line(f"Rt, {UNITS} series of {DAYS} days, one core", ours, "s", peer=peer,
             ratio=round(theirs / ours, 1)),
        line(f"Rt, {UNITS} series of {DAYS} days, times faster than EpiEstim in the same run",
             theirs / ours, "1", peer=peer, ratio=round(theirs / ours, 1), goal=FASTER,
             met=theirs / ours >= FASTER),
        line("Rt, uncertain serial interval, one series, 100 intervals", unsure, "s",
             peer={"name": f"{PEER}, 100 intervals of 100 samples",
                   "value": round(theirs_unsure, 3)},
             ratio=round(theirs_unsure / unsure, 1)),
    ]  # fmt: skip


def _results(path: Path) -> dict[tuple[str, str], Array]:
    """(2 + levels, windows) by data set and method; nan where a window is left out."""
    rows: dict[tuple[str, str], dict[int, list[float]]] = defaultdict(dict)
    with path.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            numbers = [row["mean"], row["sd"], *(row[f"q{level:g}"] for level in LEVELS)]
            rows[row["set"], row["how"]][int(row["t_end"])] = [_number(text) for text in numbers]
    told = {}
    for key, windows in rows.items():
        told[key] = np.full((2 + len(LEVELS), max(windows) - 7), np.nan)
        for t_end, values in windows.items():
            told[key][:, t_end - 8] = values
    return told


def _columns(path: Path, name: str, *columns: str) -> list[Array]:
    with path.open(newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["set"] == name]
    return [np.array([_number(row[column]) for row in rows]) for column in columns]


def _draws(path: Path) -> Array:
    """Serial intervals by day, (draws, days)."""
    return np.loadtxt(path, delimiter=",", skiprows=1, converters={0: lambda _: 0.0})[:, 3:]


def _number(text: str) -> float:
    return float("nan") if text in {"NA", "NaN"} else float(text)
