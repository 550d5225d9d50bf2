"""Writing the record, in the transaction of the act itself."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection

from zhongshu.service.audit.models import AuditEntry
from zhongshu.service.kit.actor import Actor

GENESIS = "0" * 64
_CHAIN_LOCK = 0x5A5355  # any constant: one writer of the chain at a time, until commit


def digest(entry: AuditEntry) -> str:
    """SHA-256 over the entry's canonical JSON and the hash before it."""
    content = [
        entry.previous,
        entry.seq,
        entry.at.astimezone(dt.UTC).isoformat(),
        entry.actor,
        entry.post,
        entry.unit_path,
        entry.action,
        entry.object,
        entry.facts,
    ]
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    """As the database gives it back, so that the hash still fits: a whole number has no point."""
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def record(
    *,
    actor: Actor,
    action: str,
    object_: str,
    at: dt.datetime,
    facts: Mapping[str, object] | None = None,
) -> AuditEntry:
    """Append one entry.  Refuses to run outside a transaction: an act and its record stand or
    fall together.  Call it last: the chain is locked from here to the commit.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("an audit entry belongs into the transaction of the act it records")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_CHAIN_LOCK])
    last = AuditEntry.objects.order_by("-seq").only("seq", "hash").first()
    entry = AuditEntry(
        seq=last.seq + 1 if last else 1,
        at=at,
        actor=actor.name,
        post=f"{actor.unit_code}:{','.join(actor.roles)}" if actor.unit_code else "",
        action=action,
        object=object_,
        unit_path=actor.unit_path,
        facts=_plain(json.loads(json.dumps(dict(facts or {}), cls=DjangoJSONEncoder))),
        previous=last.hash if last else GENESIS,
    )
    entry.hash = digest(entry)
    entry.save(force_insert=True)
    return entry
