"""The proposal to verify a county's signals."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from zhongshu.engines.warning.model import JOINT
from zhongshu.service.periods.cycle.frame import Frame
from zhongshu.service.periods.cycle.words import column, cost, reason, say
from zhongshu.service.periods.proposals import Draft

KIND = "signal"


def draft(frame: Frame, county: str, rows: Sequence[dict[str, Any]]) -> Draft:
    worst = max(rows, key=lambda row: row["z"])
    signals = frame.other("signals")
    facts = {
        "county": frame.name(county),
        "count": len(rows),
        "stream": say(f"stream.{worst['stream']}"),
        "observed": worst["observed"],
        "expected": round(worst["expected"], 1),
        "sd": round(worst["z"], 1),
        "hours": signals.value("signal.verify_h"),
    }
    pack = frame.pack
    last: dt.date = max(row["date"] for row in rows)
    return Draft(
        kind=KIND,
        key=f"{KIND}:{county}:{last.isoformat()}",
        unit=county,
        title=say("signal.title", **facts),
        reasons=[_why(frame, county, worst, facts)],
        cost=[cost("signals", len(rows), "signals")],
        directive=say("signal.directive", **facts),
        **frame.terms(KIND)
        | {
            "sign_hours": min(pack.number("directive.sign_h"), signals.number("signal.verify_h")),
            "due_hours": signals.number("signal.field_check_h"),
        },
        priority=50 + min(int(worst["z"]), 20),
        if_nothing=say("signal.if_nothing", **facts),
        recipients=[county],
        detail={
            "columns": [
                column(key) for key in ("stream", "date", "observed", "expected", "sd", "grade")
            ],
            "rows": [_line(row) for row in rows],
            "total": len(rows),
        },
    )


def _why(frame: Frame, county: str, worst: dict[str, Any], facts: dict[str, Any]) -> dict[str, Any]:
    opens = {"route": "signals", "filters": {"scope": county}}
    if worst["stream"] != JOINT:
        return reason(
            "signal.why", pack=frame.pack, figure="warning.threshold_sd", opens=opens, **facts
        )
    return reason(
        "signal.why.joint",
        pack=frame.other("signals"),
        figure="signal.alerts_per_week",
        opens=opens,
        percent=_percent(worst["probability"]),
        budget=frame.other("signals").value("signal.alerts_per_week"),
        least=f"{100 * frame.other('signals').number('signal.least_probability'):g}",
        **facts,
    )


def _line(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "stream": say(f"stream.{row['stream']}"),
        "date": row["date"].isoformat(),
        "observed": row["observed"],
        "expected": round(row["expected"], 1),
        "sd": round(row["z"], 1),
        "grade": say(f"grade.{row['grade']}"),
    }


def _percent(probability: float) -> str:
    """Whole per cent; what is neither impossible nor certain is not told as 0 or 100."""
    if 0 < probability < 0.01:
        return "<1"
    return ">99" if 0.99 < probability < 1 else str(round(100 * probability))
