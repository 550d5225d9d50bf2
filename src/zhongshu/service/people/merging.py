"""Two pseudonyms of one person: said by somebody, on the record, undone when it was wrong.

Nothing is rewritten: registers and lake keep both pseudonyms, and tracing resolves them when it
is asked.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

import pyarrow as pa
from django.db import connection, transaction
from django.db.models import QuerySet

from zhongshu.kernel.errors import BadInput, NotFound, WrongState
from zhongshu.service.audit import facade as audit
from zhongshu.service.kit.actor import Actor
from zhongshu.service.kit.bulk import fetch
from zhongshu.service.kit.scope import Scope
from zhongshu.service.people import editions
from zhongshu.service.people.models import Alias, AliasEvent, Person

ALIASES = pa.schema([("person", pa.int64()), ("canonical", pa.int64())])
MERGED, SPLIT = "merged", "split"
# Everybody's root, walked from the links people named; only where it became another.
_FLATTEN = """
    WITH RECURSIVE up AS (
        SELECT person, "into" AS root FROM people_alias
        UNION ALL
        SELECT up.person, a."into" FROM up JOIN people_alias a ON a.person = up.root
    ), top AS (
        SELECT person, root FROM up
         WHERE NOT EXISTS (SELECT 1 FROM people_alias a WHERE a.person = up.root)
    )
    UPDATE people_alias a SET canonical = top.root FROM top
     WHERE top.person = a.person AND a.canonical <> top.root
    RETURNING a.person
"""
_LOCK = "SELECT pg_advisory_xact_lock(hashtext('people_alias'))"


def aliases() -> pa.Table:
    """Every pseudonym that is another one's: schema `ALIASES`, flat, sorted by person."""
    return fetch("SELECT person, canonical FROM people_alias ORDER BY person", ALIASES)


def canonical(person: int) -> int:
    """The pseudonym under which `person` is counted."""
    found = Alias.objects.filter(person=person).values_list("canonical", flat=True).first()
    return person if found is None else found


def merge(*, keep: int, other: int, reason: str, actor: Actor, now: dt.datetime) -> Alias:
    """Count `other`, and whoever is counted as him, as `keep` from now on.

    Refuses without a reason, pseudonyms the vault does not know, and two that are one already.
    """
    _reasoned(reason)
    with transaction.atomic():
        _alone()
        _known(keep, other)
        root, top = canonical(other), canonical(keep)
        if root == top:
            raise WrongState(
                "people.merged_already", "These two are counted as one person already."
            )
        row = Alias.objects.create(
            person=root, into=keep, canonical=top, reason=reason, by=actor.name, at=now
        )
        affected = {root, *_flattened()}
        _told(MERGED, row, affected, actor=actor, reason=reason, now=now)
    return row


def split(*, person: int, reason: str, actor: Actor, now: dt.datetime) -> None:
    """Count `person`, and whoever was merged with him, apart again.

    Refuses without a reason and when he is counted as nobody else.
    """
    _reasoned(reason)
    with transaction.atomic():
        _alone()
        row = Alias.objects.filter(person=person).first()
        if row is None:
            raise WrongState("people.not_merged", "This person is not merged with another one.")
        Alias.objects.filter(person=person).delete()
        affected = {person, *_flattened()}
        _told(SPLIT, row, affected, actor=actor, reason=reason, now=now)


def changed_since(event_id: int) -> tuple[dict[int, str], int]:
    """Whose canonical pseudonym changed after the event `event_id`: person to ``merged`` or
    ``split``, the last one; and the id of the last event."""
    found: dict[int, str] = {}
    last = event_id
    for event in AliasEvent.objects.filter(pk__gt=event_id).order_by("pk"):
        found |= dict.fromkeys((*event.affected, event.into), event.action)
        last = event.pk
    return found, last


def merges(*, scope: Scope, as_of: dt.datetime) -> QuerySet[AliasEvent]:
    """Merges and splits known at `as_of` of two who both live within scope."""
    inside = scope.filter(Person.objects.all()).values("pseudonym")
    return AliasEvent.objects.filter(at__lte=as_of, person__in=inside, into__in=inside)


def standing(events: Sequence[AliasEvent]) -> frozenset[int]:
    """Ids of those merges among them that nobody has undone since."""
    asked = {event.person for event in events}
    kept = {row.person: (row.into, row.at) for row in Alias.objects.filter(person__in=asked)}
    return frozenset(
        event.pk
        for event in events
        if event.action == MERGED and kept.get(event.person) == (event.into, event.at)
    )


def merged_by(event_id: int, *, scope: Scope, as_of: dt.datetime) -> int:
    """Who was counted as another one by a merge within scope.

    Refuses one that is not there (NotFound) and one that no longer stands (WrongState).
    """
    event = merges(scope=scope, as_of=as_of).filter(pk=event_id).first()
    if event is None:
        raise NotFound("people.unknown", "There is no such person within your rights.")
    if event.pk not in standing([event]):
        raise WrongState("people.not_merged", "This person is not merged with another one.")
    return event.person


def _reasoned(reason: str) -> None:
    if not reason.strip():
        raise BadInput("people.merge_reason", "Say why these are, or are not, one person.")


def _alone() -> None:
    """One merge at a time, or two could close a circle."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK)


def _known(*persons: int) -> None:
    if Person.objects.filter(pseudonym__in=persons).count() < len(set(persons)):
        raise NotFound("people.unknown", "There is no such person within your rights.")


def _flattened() -> Iterable[int]:
    with connection.cursor() as cursor:
        cursor.execute(_FLATTEN)
        return [row[0] for row in cursor.fetchall()]


def _told(
    action: str, row: Alias, affected: set[int], *, actor: Actor, reason: str, now: dt.datetime
) -> None:
    AliasEvent.objects.create(
        action=action,
        person=row.person,
        into=row.into,
        affected=sorted(affected),
        reason=reason,
        by=actor.name,
        at=now,
    )
    editions.bump(editions.ALIASES)
    audit.record(
        actor=actor,
        action=f"people.{action}",
        object_=f"person:{row.person}",
        at=now,
        facts={"into": str(row.into), "reason": reason},
    )
