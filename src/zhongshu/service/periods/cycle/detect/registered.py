"""A detected signal as the register keeps it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from zhongshu.engines.warning import model
from zhongshu.service.periods.cycle.frame import Frame

_KEPT = (
    "unit", "stream", "date", "observed", "expected", "sd", "z", "p_value", "probability",
    "method", "grade",
)  # fmt: skip
_SCHEMA = pa.schema(
    [
        ("unit", pa.string()),
        ("stream", pa.string()),
        ("date", pa.date32()),
        ("observed", pa.float64()),
        ("expected", pa.float64()),
        ("sd", pa.float64()),
        ("z", pa.float64()),
        ("p_value", pa.float64()),
        ("probability", pa.float64()),
        ("method", pa.string()),
        ("rule", pa.string()),
        ("grade", pa.string()),
        ("evidence", pa.string()),
    ]
)


def table(rows: Sequence[dict[str, Any]]) -> pa.Table:
    return pa.Table.from_pylist(list(rows), schema=_SCHEMA)


def row(found: dict[str, Any], result: model.DetectResult, frame: Frame) -> dict[str, Any]:
    """found: a row of `model.SIGNALS`."""
    parts = found["streams"] or [_plain(found, result)]
    lead = found["lead"] or found["stream"]
    upper = next(part["upper"] for part in parts if part["stream"] == lead)
    evidence = {
        "history": found["history"],
        "expected_upper": upper,
        "baseline_days": found["baseline_days"],
        "tested": result.tested,
        "as_of": frame.as_of.isoformat(),
        "lead": lead,
        "streams": parts,
    }
    if found["stream"] == model.JOINT and result.spent is not None:
        evidence |= {
            "score": found["score"],
            "neighbours": found["neighbours"],
            "budget": {
                "set_per_week": result.spent.set_per_week,
                "raised": len(result.spent.raised),
                "level": result.spent.level,
                "by_chance": result.spent.by_chance,
            },
        }
    told = {name: found[name] for name in _KEPT}
    return told | {"rule": "", "evidence": json.dumps(evidence, default=str)}


def _plain(found: dict[str, Any], result: model.DetectResult) -> dict[str, Any]:
    """The one stream behind a signal of EARS."""
    judged = next(
        one
        for one in result.judged.to_pylist()
        if (one["unit"], one["stream"]) == (found["unit"], found["stream"])
    )
    least = float(result.card.parameters.get("ears", result.card.parameters)["grades"][0][1])
    names = ("stream", "method", "observed", "expected", "sd", "z", "p_value", "history")
    return {name: found[name] for name in names} | {
        "upper": found["expected"] + least * found["sd"],
        "why": judged["why"],
        "has": judged["has"],
        "needs": judged["needs"],
    }
