"""An engine's answer as it is kept and sent: plain JSON."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from typing import Any, TypeAlias

import numpy as np

from zhongshu.engines.whatif.answers import LEVELS, Answer, Floats

Computed: TypeAlias = tuple[Answer, list[str], int, bool, dict[str, Any]]
"""answer, codes of notes, people, whether they are synthetic, what else stands on the answer."""

SPREAD = ("mean", "q025", "q10", "q50", "q90", "q975")
HEADLINE = ("infections", "person_days")
_DIGITS = 6  # of a float32


def told(
    answer: Answer, *, against: str, first_day: dt.date, facts: Mapping[str, Any]
) -> dict[str, Any]:
    """engine, synthetic_population, people, cases, seed, notes, calibration and the
    counties handed over come from `facts`."""
    totals = [_row(row) for row in answer.totals().to_pylist()]
    days = [(first_day + dt.timedelta(days=n)).isoformat() for n in range(answer.days)]
    return {
        **facts,
        "label": answer.label,
        "days": days,
        "measures": list(answer.measures),
        "series": _series(answer),
        "totals": totals,
        "closed": _areas(answer),
        "differences": {
            "against": against,
            "rows": [
                _row(row) | {"better": _number(row["p_less"])}
                for row in answer.compare(against).to_pylist()
            ],
        },
        "pareto": [
            {
                "option": row["option"],
                "infections": _number(row["infections"]),
                "person_days": _number(row["person_days"]),
                "on_front": row["best"],
                **_ends(totals, row["option"]),
            }
            for row in answer.pareto().to_pylist()
        ],
    }


def _ends(totals: list[dict[str, Any]], option: str) -> dict[str, float | None]:
    """80 % intervals of the two figures of a headline."""
    return {
        f"{row['measure']}_{end}": row[end]
        for row in totals
        if row["option"] == option and row["measure"] in HEADLINE
        for end in ("q10", "q90")
    }


def _areas(answer: Answer) -> list[dict[str, Any]]:
    """Days for which each area of each option was closed, over the runs."""
    return [
        {"option": option, "area": area}
        | {name: _number(value) for name, value in zip(SPREAD, _spread(days), strict=True)}
        for option, closed in zip(answer.options, answer.closed, strict=False)
        for area, days in enumerate(closed.T)
    ]


def _spread(values: Floats) -> list[float]:
    """In the order of SPREAD."""
    return [float(values.mean()), *(float(one) for one in np.quantile(values, LEVELS))]


def _series(answer: Answer) -> list[dict[str, Any]]:
    """One for each option and measure, a value a day."""
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for row in answer.table().to_pylist():  # by option, day, measure
        key = (row["option"], row["measure"])
        one = rows.setdefault(
            key, {"option": key[0], "measure": key[1], **{name: [] for name in SPREAD}}
        )
        for name in SPREAD:
            one[name].append(_number(row[name]))
    return list(rows.values())


def _row(row: Mapping[str, Any]) -> dict[str, Any]:
    spread = {name: _number(row[name]) for name in SPREAD}
    return {"option": row["option"], "measure": row["measure"], **spread}


def _number(value: float) -> float | None:
    """As exact as it was counted; None where there is nothing to tell."""
    if not math.isfinite(value):
        return None
    return float(f"{value:.{_DIGITS}g}")
