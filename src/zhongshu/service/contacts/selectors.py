"""Reading contacts as they were known at a moment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping

import pyarrow as pa
from django.db.models import Count, Q, QuerySet

from zhongshu.kernel.errors import NotFound
from zhongshu.service.contacts.models import Contact, Notice
from zhongshu.service.kit.bulk import fetch
from zhongshu.service.kit.moments import SECONDS
from zhongshu.service.kit.scope import Scope

# States in which a contact is (to be) kept apart from others.
TO_ISOLATE = ("proposed", "confirmed", "isolating")
CONTACTS = pa.schema(
    [
        ("contact_id", pa.int64()),
        ("case_id", pa.int64()),
        ("person", pa.int64()),
        ("degree", pa.int8()),
        ("via_person", pa.int64()),
        ("first_exposure", SECONDS),
        ("last_exposure", SECONDS),
        ("state", pa.string()),
        ("is_case", pa.bool_()),
        ("unit", pa.string()),
        ("unit_path", pa.string()),
        ("known_at", SECONDS),
    ]
)
_KNOWN = """
    SELECT id AS contact_id, case_id, person, degree, via_person,
           date_trunc('second', first_exposure) AS first_exposure,
           date_trunc('second', last_exposure) AS last_exposure, state, is_case,
           unit_id AS unit, unit_path, date_trunc('second', known_at) AS known_at
      FROM contacts_contact
     WHERE incident_id = %s AND known_at <= %s
       AND (withdrawn_as_of IS NULL OR withdrawn_as_of > %s)
     ORDER BY id
"""


def known(*, incident_id: int, as_of: dt.datetime) -> pa.Table:
    """All contacts of the incident known at `as_of` and not withdrawn: schema `CONTACTS`."""
    return fetch(_KNOWN, CONTACTS, [incident_id, as_of, as_of])


def _at(as_of: dt.datetime) -> Q:
    standing = Q(withdrawn_as_of=None) | Q(withdrawn_as_of__gt=as_of)
    return Q(known_at__lte=as_of) & standing


def listed(
    *,
    scope: Scope,
    as_of: dt.datetime,
    case_id: int | None = None,
    degree: int | None = None,
    state: str = "",
    to_isolate: bool = False,
) -> QuerySet[Contact]:
    """Contacts within scope known at `as_of`.  to_isolate: those that need a room today."""
    rows = scope.filter(Contact.objects.filter(_at(as_of)))
    if case_id is not None:
        rows = rows.filter(case_id=case_id)
    if degree is not None:
        rows = rows.filter(degree=degree)
    if state:
        rows = rows.filter(state=state)
    if to_isolate:
        rows = rows.filter(state__in=TO_ISOLATE, is_case=False)
    return rows


def get(contact_id: int, scope: Scope) -> Contact:
    row = scope.filter(Contact.objects.filter(pk=contact_id)).first()
    if row is None:
        raise NotFound("contacts.unknown", f"There is no contact {contact_id} within your rights.")
    return row


def counts(
    case_ids: Collection[int], *, scope: Scope, as_of: dt.datetime
) -> Mapping[int, tuple[int, int]]:
    """Case id to (close, second) contacts within scope, in one query."""
    rows = (
        listed(scope=scope, as_of=as_of)
        .filter(case_id__in=set(case_ids))
        .values("case_id")
        .annotate(close=Count("id", filter=Q(degree=1)), second=Count("id", filter=Q(degree=2)))
    )
    return {row["case_id"]: (row["close"], row["second"]) for row in rows}


def infectors(person: int, *, scope: Scope, as_of: dt.datetime) -> QuerySet[Contact]:
    """The cases whose contact this person was: who may have infected him, best first."""
    return listed(scope=scope, as_of=as_of).filter(person=person).order_by("degree", "-score")


def notices(*, scope: Scope, as_of: dt.datetime) -> QuerySet[Notice]:
    return scope.filter(Notice.objects.filter(_at(as_of)))
