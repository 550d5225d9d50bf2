"""How a decision is shown, on proposals and on directives, and why it was taken."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from zhongshu.api import messages
from zhongshu.api.door import here, needs
from zhongshu.api.shapes import Asked, Text
from zhongshu.rules.permissions import Permission
from zhongshu.service.periods import facade as periods

router = Router(tags=["desk"])


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


class Explained(Schema):
    """stored: as kept with the decision; replayed: judged again by the same version of the pack,
    null where that is not possible (refused says why); trace: how the rule came to hold."""

    stored: dict[str, Any]
    replayed: dict[str, Any] | None
    same: bool
    trace: dict[str, Any] | None
    words: list[Text] = Field(default_factory=list)
    refused: Text | None = None


class Explanation(Schema):
    decision: int
    proposal: int
    title: Text
    pack_version: str
    at: dt.datetime
    judgements: list[Explained]


@router.get("/decisions/{id}/explain", response=Explanation)
@needs(Permission.PROPOSAL_READ)
def explain(request: HttpRequest, id: int, asked: Query[Asked]) -> object:
    """What the rules had said when it was decided, said again by the version of then."""
    found = periods.explain(id, here(request).everywhere(asked).scope)
    decision = found.decision
    return {
        "decision": decision.pk,
        "proposal": decision.proposal_id,
        "title": decision.proposal.title,
        "pack_version": decision.pack_version,
        "at": decision.at,
        "judgements": [
            {
                "stored": one.stored,
                "replayed": one.replayed,
                "same": one.same,
                "trace": one.trace,
                "words": list(one.words),
                "refused": messages.of(one.refused) if one.refused is not None else None,
            }
            for one in found.judgements
        ],
    }
