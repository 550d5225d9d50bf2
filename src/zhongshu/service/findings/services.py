"""Taking in what an inspection found: findings open and resolve by themselves."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction

from zhongshu.service.audit import facade as audit
from zhongshu.service.findings.models import Finding
from zhongshu.service.incidents import facade as incidents
from zhongshu.service.kit.actor import CYCLE, Actor
from zhongshu.service.kit.text import Text
from zhongshu.service.units import facade as units


@dataclasses.dataclass(frozen=True, slots=True)
class Found:
    """What an inspection found; fields as in `Finding`.

    unit: code of the unit it is filed under; subject: (kind, id), one open finding of a kind each.
    """

    kind: str
    subject: tuple[str, str]
    label: Text
    text: Text
    unit: str
    rule_id: str
    verified: bool
    pack_version: str
    since: dt.date
    facts: Mapping[str, Any]
    judgement: Mapping[str, Any]


_RENEWED = (
    "label", "text", "unit_id", "unit_path", "rule_id", "verified", "pack_version", "since",
    "facts", "judgement",
)  # fmt: skip
_Key = tuple[str, str, str]


def take(
    *,
    found: Sequence[Found],
    kinds: Collection[str],
    run_id: int,
    as_of: dt.datetime,
    actor: Actor = CYCLE,
) -> dict[str, int]:
    """Open what is new, renew what goes on, resolve what of `kinds` was not found again.

    Counts: opened, renewed, resolved.  The same findings again: all zero.
    """
    incident = incidents.current()
    with transaction.atomic():
        standing = {
            (row.kind, row.subject_kind, row.subject_id): row
            for row in Finding.objects.select_for_update().filter(
                incident=incident, kind__in=kinds, resolved_at=None
            )
        }
        paths = units.refs(one.unit for one in found)
        rows = {
            (row.kind, row.subject_kind, row.subject_id): row
            for row in (_row(one, incident.pk, paths, run_id, as_of) for one in found)
        }
        fresh = [row for key, row in rows.items() if key not in standing]
        renewed = [
            _renew(standing[key], row)
            for key, row in rows.items()
            if key in standing and _differs(standing[key], row)
        ]
        gone = [row for key, row in standing.items() if key not in rows]
        for row in gone:
            row.resolved_at = as_of
        Finding.objects.bulk_create(fresh)
        Finding.objects.bulk_update(renewed, [*_RENEWED, "run_id", "seen_as_of"])
        Finding.objects.bulk_update(gone, ["resolved_at"])
        counts = {"opened": len(fresh), "renewed": len(renewed), "resolved": len(gone)}
        if any(counts.values()):
            audit.record(
                actor=actor,
                action="findings.inspect",
                object_=f"run:{run_id}",
                at=as_of,
                facts=counts,
            )
    return counts


def _row(
    one: Found,
    incident_id: int,
    paths: Mapping[str, units.UnitRef],
    run_id: int,
    as_of: dt.datetime,
) -> Finding:
    subject_kind, subject_id = one.subject
    return Finding(
        incident_id=incident_id,
        kind=one.kind,
        subject_kind=subject_kind,
        subject_id=subject_id,
        label=one.label,
        text=one.text,
        unit_id=one.unit,
        unit_path=paths[one.unit]["path"],
        rule_id=one.rule_id,
        verified=one.verified,
        pack_version=one.pack_version,
        since=one.since,
        facts=_plain(one.facts),
        judgement=_plain(one.judgement),
        opened_at=as_of,
        seen_as_of=as_of,
        run_id=run_id,
    )


def _plain(value: object) -> Any:
    """As the database will give it back, so that what is unchanged compares equal."""
    return json.loads(json.dumps(value, cls=DjangoJSONEncoder))


def _differs(old: Finding, new: Finding) -> bool:
    return any(getattr(old, name) != getattr(new, name) for name in _RENEWED)


def _renew(old: Finding, new: Finding) -> Finding:
    for name in (*_RENEWED, "run_id", "seen_as_of"):
        setattr(old, name, getattr(new, name))
    return old
