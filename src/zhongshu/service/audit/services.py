"""Writing the record, in the transaction of the act itself."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping

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
        entry.action,
        entry.object,
        entry.facts,
    ]
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


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
        # Through JSON and back, so that what is hashed is what the database will give back.
        facts=json.loads(json.dumps(dict(facts or {}), cls=DjangoJSONEncoder)),
        previous=last.hash if last else GENESIS,
    )
    entry.hash = digest(entry)
    entry.save(force_insert=True)
    return entry
