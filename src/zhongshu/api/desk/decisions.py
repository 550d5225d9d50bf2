"""How a decision is shown, on proposals and on directives."""

from __future__ import annotations

import datetime as dt

from ninja import Schema

from zhongshu.service.periods import facade as periods


class DecisionBrief(Schema):
    """by: the person's name; post: the unit he acted for; role: as what."""

    id: int
    verdict: str
    reason: str
    by: str
    post: str
    role: str
    at: dt.datetime


def decision_brief(decision: periods.Decision) -> dict[str, object]:
    return {
        "id": decision.pk,
        "verdict": decision.verdict,
        "reason": decision.reason,
        "by": decision.by_name,
        "post": decision.post_unit.name,
        "role": next(iter(decision.roles), ""),
        "at": decision.at,
    }
