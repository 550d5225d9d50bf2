"""Our Farrington method beside R's surveillance on the series it ships, in one run.

R comes from Debian (`r-cran-surveillance`); without it there is nothing to compare with.
"""

from __future__ import annotations

import csv
import dataclasses
import shutil
import subprocess
import tempfile
import time
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from zhongshu.engines.warning.published import farrington
from zhongshu.engines.warning.published.farrington import Bound, Flexible, Weeks

SCRIPT = Path(__file__).parent / "farrington.R"
PEER = "R surveillance (farringtonFlexible)"
OPTIONS: Mapping[str, Flexible] = {
    "windows": Flexible(years=3, periods=1, alpha=0.05, bound=Bound.DELTA),
    "plugin": Flexible(years=3),
    "muan": Flexible(years=3, bound=Bound.MUAN, trend_p=1),
    "delta": Flexible(years=3, alpha=0.005, bound=Bound.DELTA),
    "unweighted": Flexible(
        years=2, periods=1, weights_from=0, power=1.0, bound=Bound.DELTA, alpha=0.05
    ),
    "half": Flexible(
        years=3, half_window=2, periods=5, left_out=2, power=0.5, trend_p=0, weights_from=1.5,
        alpha=0.05, bound=Bound.DELTA,
    ),
}  # fmt: skip
SMALL = 1e-3  # expected counts below it are compared as differences: R's own rounding is larger
SPEED, SECONDS = 80.0, 0.10
Line = dict[str, Any]
Rows = list[dict[str, str]]


def there() -> bool:
    return shutil.which("Rscript") is not None


def lines() -> list[Line]:
    """Alarms, expected values, dispersion and bounds against R's, and the time of both."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["Rscript", str(SCRIPT), folder], check=True, capture_output=True)
        rows = {
            name: _read(Path(folder, f"{name}.csv")) for name in ("series", "results", "seconds")
        }
    counts: dict[str, list[float]] = defaultdict(list)
    for row in rows["series"]:
        counts[row["name"]].append(_number(row["count"]))
    asked: dict[tuple[str, str], Rows] = defaultdict(list)
    for row in rows["results"]:
        if row["how"] in OPTIONS:
            asked[row["name"], row["how"]].append(row)
    worst = np.zeros(4)
    for (name, how), told in asked.items():
        found = _ours(counts[name], told, dataclasses.replace(OPTIONS[how], as_surveillance=True))
        worst = np.maximum(worst, _apart(found, told))
    return [*_equal(worst, sum(map(len, asked.values()))), *_speed(counts, asked, rows["seconds"])]


def _ours(counts: list[float], told: Rows, options: Flexible) -> Weeks:
    at = np.array([int(row["week"]) for row in told])
    return farrington.flexible(np.array([counts]), at, options)


def _apart(found: Weeks, told: Rows) -> np.ndarray[Any, Any]:
    """(alarms that differ, largest difference of expected values, dispersion and bounds)."""
    alarms = sum(
        bool(mine) != (row["alarm"] == "1") for mine, row in zip(found.alarm[0], told, strict=True)
    )
    parts = []
    for mine, name in ((found.expected, "expected"), (found.phi, "phi"), (found.upper, "upper")):
        theirs = np.array([_number(row[name]) for row in told])
        known = ~np.isnan(theirs)  # R tells nothing where too few were seen
        apart = np.abs(mine[0] - theirs)[known] / np.maximum(np.abs(theirs[known]), SMALL)
        parts.append(float(apart.max(initial=0.0)))
    return np.array([alarms, *parts])


def _equal(worst: np.ndarray[Any, Any], weeks: int) -> list[Line]:
    goals = (
        ("alarms that differ", 0.0),
        ("expected, largest relative difference", 1e-6),
        ("phi, largest relative difference", 1e-6),
        ("upper, largest relative difference", 1e-4),
    )
    return [
        {
            "name": f"farrington_flexible on {weeks} weeks of R's data sets: {what}",
            "value": float(value), "unit": "1", "peer": {"name": PEER}, "ratio": None,
            "goal": goal, "met": bool(value <= goal),
        }
        for (what, goal), value in zip(goals, worst, strict=True)
    ]  # fmt: skip


def _speed(
    counts: Mapping[str, list[float]], asked: Mapping[tuple[str, str], Rows], spent: Rows
) -> list[Line]:
    """Seconds for 1,000 series-weeks on one core, all options of the table together."""
    times = []
    for _ in range(4):
        begin = time.perf_counter()
        for (name, how), told in asked.items():
            _ours(counts[name], told, OPTIONS[how])
        times.append(time.perf_counter() - begin)
    weeks = sum(map(len, asked.values()))
    ours = float(np.median(times[1:])) / weeks * 1000
    theirs = sum(float(row["seconds"]) for row in spent) / sum(int(row["weeks"]) for row in spent)
    ratio = theirs * 1000 / ours
    peer = {"name": PEER, "value": round(theirs * 1000, 3), "same_answer": True}
    return [
        {"name": "farrington_flexible, 1,000 series-weeks, one core", "value": round(ours, 4),
         "unit": "s", "peer": peer, "ratio": round(ratio, 1), "goal": SECONDS,
         "met": ours <= SECONDS},
        {"name": "farrington_flexible, times faster than R in the same run",
         "value": round(ratio, 1), "unit": "1", "peer": peer, "ratio": round(ratio, 1),
         "goal": SPEED, "met": ratio >= SPEED},
    ]  # fmt: skip


def _read(path: Path) -> Rows:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _number(text: str) -> float:
    return float("nan") if text == "NA" else float(text)
