"""The rows of `model.SIGNALS` that a model of a long history raises, with their evidence."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from typing import Any

import numpy as np
from scipy import stats

from zhongshu.engines.warning.daily import Daily, Fitted, Together
from zhongshu.engines.warning.inputs import Key
from zhongshu.engines.warning.model import JOINT, EarsParams, Why

ALONE = "baseline"  # method of a long series that stands alone


@dataclasses.dataclass(frozen=True, slots=True)
class Day:
    """The day `on`, its column in what was fitted, and what is asked; has: days of each series."""

    on: dt.date
    column: int
    found: Fitted
    joined: Together | None
    ears: EarsParams
    daily: Daily
    has: Mapping[Key, int]


def joint(day: Day, row: int, *, probability: float, grade: str) -> dict[str, Any]:
    """All streams of the unit in that row of `joined` together; its figures are those of the
    stream that stands out most."""
    together = day.joined
    if together is None:  # nothing is raised then
        raise AssertionError
    numbers = [int(n) for n in together.place[row] if n >= 0]
    parts = [_part(day, n, method=JOINT, why="") for n in numbers]
    lead = max(parts, key=lambda part: -np.inf if part["z"] is None else part["z"])
    p = float(together.p[row, day.column])
    return _signal(day, together.units[row], lead) | {
        "stream": JOINT,
        "z": float(stats.norm.isf(min(p, 1 - 1e-12))),
        "p_value": p,
        "method": JOINT,
        "grade": grade,
        "streams": parts,
        "neighbours": _beside(together, row, day.column),
        "score": float(together.score[row, day.column]),
        "probability": probability,
    }


def alone(day: Day, n: int) -> dict[str, Any]:
    """Series n by itself, by the z of its model."""
    part = _part(day, n, method=ALONE, why=Why.NOT_CALIBRATED)
    unit, stream = day.found.keys[n]
    z = float(part["z"])
    more = {"stream": stream, "z": z, "p_value": part["p_value"], "method": ALONE}
    return _signal(day, unit, part) | more | {"grade": day.ears.grade(z), "streams": [part]}


def _signal(day: Day, unit: str, lead: Mapping[str, Any]) -> dict[str, Any]:
    reports = ~np.isnan(day.found.counts[:, : day.column])
    number = day.found.keys.index((unit, lead["stream"]))
    return {
        "unit": unit,
        "date": day.on,
        "observed": lead["observed"],
        "expected": lead["expected"],
        "sd": lead["sd"],
        "baseline_days": int(reports[number].sum()) + day.daily.history_days,
        "history": [{name: one[name] for name in ("date", "count")} for one in lead["history"]],
        "lead": lead["stream"],
    }


def _part(day: Day, n: int, *, method: str, why: str) -> dict[str, Any]:
    found, column = day.found, day.column
    last = min(day.ears.history_days, column + 1)
    alpha = float(stats.norm.sf(day.ears.threshold_z))
    upper = found.upper(n, column + 1 - last, column + 1, alpha)
    figures = {
        name: _number(getattr(found, name)[n, column]) for name in ("expected", "sd", "z", "p")
    }
    figures["p_value"] = figures.pop("p")
    count = _number(found.counts[n, column])
    history = [
        {
            "date": found.days[at],
            "count": _whole(found.counts[n, at]),
            "expected": _number(found.expected[n, at]),
            "upper": _number(upper[k]),
        }
        for k, at in enumerate(range(column + 1 - last, column + 1))
    ]
    more = 2 * day.daily.learn_days if why == Why.NOT_CALIBRATED else 0
    return figures | {
        "stream": found.keys[n][1],
        "method": method,
        "observed": None if count is None else int(count),
        "upper": history[-1]["upper"],
        "why": why,
        "has": day.has[found.keys[n]],
        "needs": day.daily.needs + more,
        "history": history,
    }


def _beside(together: Together, row: int, column: int) -> list[dict[str, Any]]:
    score = together.score[:, column]
    return [
        {"unit": together.units[other], "z": float(score[other])}
        for other in np.flatnonzero(together.near[row] > 0)
        if not np.isnan(score[other])
    ]


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _whole(value: float) -> int | None:
    return None if np.isnan(value) else int(value)
