"""What clocks are told of events: proposals of kind ``event``, from finding to report."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction

from zhongshu.service.clocks import facade as clocks
from zhongshu.service.directives import facade as directives
from zhongshu.service.incidents import facade as incidents
from zhongshu.service.kit.actor import Actor
from zhongshu.service.periods.models import Proposal
from zhongshu.service.units import facade as units

KIND = "event"
# Judged to be none, or no longer there: no duty to report runs for it.
_NONE = ("rejected", "superseded", "withdrawn")


def told(proposals: Iterable[Proposal], *, actor: Actor, now: dt.datetime) -> dict[str, int]:
    """Bring the clocks of these proposals' events in line; in the transaction that wrote them.

    Proposals of other kinds have none.
    """
    events = [one for one in proposals if one.kind == KIND]
    names = units.refs(one.unit_id for one in events)
    reported = directives.first_reports([one.pk for one in events])
    rows = [_facts(one, names[one.unit_id]["name"], reported.get(one.pk)) for one in events]
    return clocks.follow(KIND, rows, actor=actor, now=now)


def told_all(*, actor: Actor, now: dt.datetime) -> dict[str, int]:
    """Bring the clocks of all events of the current incident in line; what changed."""
    found = Proposal.objects.filter(incident=incidents.current(), kind=KIND)
    with transaction.atomic():
        return told(found.select_for_update(), actor=actor, now=now)


def _facts(one: Proposal, unit_name: str, reported_at: dt.datetime | None) -> dict[str, Any]:
    said = one.subject.get("event", {})
    return {
        "subject_id": one.pk,
        "unit_path": one.unit_path,
        "label": f"{unit_name} {one.created_at.date()}",
        "known_at": one.created_at,
        "path": one.unit_path,
        "kind": said.get("kind"),
        "disease": said.get("disease"),
        "level": said.get("level"),
        "grade": said.get("grade"),
        "found_at": None if one.state in _NONE else one.created_at,
        "reported_at": reported_at,
    }
