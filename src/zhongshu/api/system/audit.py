"""The audit record, for auditors."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from zhongshu.api.door import here, needs
from zhongshu.api.paging import page
from zhongshu.api.shapes import Bare, Page
from zhongshu.rules.permissions import Permission
from zhongshu.service.audit import facade as audit
from zhongshu.service.incidents import facade as incidents

router = Router(tags=["system"])


class AuditItem(Schema):
    """at: the headquarters' clock; wall_at: the database's own."""

    seq: int
    at: dt.datetime
    wall_at: dt.datetime
    actor: str
    post: str
    action: str
    object: str
    facts: dict[str, Any]
    hash: str


class AuditList(Bare):
    actor: str = ""
    action: str = Field(default="", description="beginning of the action, e.g. proposal.")
    object: str = ""


class AuditVerdict(Schema):
    ok: bool
    checked: int
    first_bad: int | None


@router.get("/audit", response=Page[AuditItem])
@needs(Permission.AUDIT_READ)
def audit_list(request: HttpRequest, asked: Query[AuditList]) -> object:
    """Latest first; below the headquarters, the acts from posts within one's rights."""
    own = here(request).scope
    everything = own.covers(incidents.current().scope_unit.path)
    rows = audit.entries(
        scope=None if everything else own,
        actor=asked.actor,
        action=asked.action,
        object_=asked.object,
    )
    found, following = page(rows, order=("-seq",), after=asked.after, limit=asked.limit)
    return {"items": found, "next": following}


@router.get("/audit/verify", response=AuditVerdict)
@needs(Permission.AUDIT_READ)
def verify(request: HttpRequest) -> object:
    """Recompute the whole chain of hashes."""
    return audit.verify()
