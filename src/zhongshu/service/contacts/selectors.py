"""Reading contacts as they were known at a moment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence

import pyarrow as pa
from django.db.models import Count, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from zhongshu.kernel.errors import NotFound
from zhongshu.kernel.time import beijing_day
from zhongshu.rules import states
from zhongshu.service.contacts.models import Contact, ContactDecision, Exposure, Notice
from zhongshu.service.kit.bulk import fetch
from zhongshu.service.kit.moments import SECONDS
from zhongshu.service.kit.scope import Scope

# States in which a contact is (to be) kept apart from others.
TO_ISOLATE = ("proposed", "confirmed", "isolating")
# What a person decided is no contact, or none that counts.
NOT_CONTACTS = ("excluded", "downgraded")
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


STAYS = pa.schema(
    [
        ("case_id", pa.int64()),
        ("place", pa.int32()),
        ("time_from", SECONDS),
        ("time_to", SECONDS),
        ("minutes", pa.float64()),
        ("persons", pa.int64()),
    ]
)
_STAYS = """
    SELECT c.case_id, e.place, date_trunc('second', min(e.time_from)) AS time_from,
           date_trunc('second', max(e.time_to)) AS time_to, max(e.overlap_min) AS minutes,
           count(DISTINCT c.person) AS persons
      FROM contacts_exposure e JOIN contacts_contact c ON c.id = e.contact_id
     WHERE c.incident_id = %(incident)s AND c.known_at <= %(as_of)s AND c.degree = 1
       AND (c.withdrawn_as_of IS NULL OR c.withdrawn_as_of > %(as_of)s) AND e.setting = 'visit'
     GROUP BY c.case_id, e.place, date_trunc('day', e.time_from AT TIME ZONE 'Asia/Shanghai')
    UNION ALL
    SELECT case_id, place, date_trunc('second', time_from), date_trunc('second', time_to),
           extract(epoch FROM time_to - time_from) / 60.0, persons
      FROM contacts_notice
     WHERE incident_id = %(incident)s AND known_at <= %(as_of)s
       AND (withdrawn_as_of IS NULL OR withdrawn_as_of > %(as_of)s)
"""


def stays(*, incident_id: int, as_of: dt.datetime) -> pa.Table:
    """Where cases met others, a row per case, place and day: schema `STAYS`.

    minutes: the longest meeting of that day, at least so long the case was there; persons: those
    met.  Places that became notices are included.
    """
    return fetch(_STAYS, STAYS, {"incident": incident_id, "as_of": as_of})


def known(*, incident_id: int, as_of: dt.datetime) -> pa.Table:
    """All contacts of the incident known at `as_of` and not withdrawn: schema `CONTACTS`."""
    return fetch(_KNOWN, CONTACTS, [incident_id, as_of, as_of])


def is_decided(state: str) -> bool:
    """Whether people have moved a contact on: no trace withdraws him any more."""
    return state != states.initial("contact")


def standing(as_of: dt.datetime) -> Q:
    """Known at `as_of` and not withdrawn by then."""
    return Q(known_at__lte=as_of) & (Q(withdrawn_as_of=None) | Q(withdrawn_as_of__gt=as_of))


def _apart(as_of: dt.datetime) -> Q:
    """To be kept apart on that day: not yet released, not a case, the days not over."""
    today = beijing_day(as_of)
    days = Q(release_on=None) | Q(release_on__gte=today)
    return Q(state__in=TO_ISOLATE, is_case=False) & days


def listed(
    *,
    scope: Scope,
    as_of: dt.datetime,
    case_id: int | None = None,
    degree: int | None = None,
    state: str = "",
    persons: bool = False,
    to_isolate: bool = False,
) -> QuerySet[Contact]:
    """Contacts within scope known at `as_of`.

    persons: one row per person, the closest; excluded and downgraded ones are left out.
    to_isolate: one row per person who has to be kept apart today.
    """
    rows = scope.filter(Contact.objects.filter(standing(as_of)))
    if case_id is not None:
        rows = rows.filter(case_id=case_id)
    if state:
        rows = rows.filter(state=state)
    if to_isolate:
        rows = rows.filter(_apart(as_of))
    elif persons:
        rows = rows.exclude(state__in=NOT_CONTACTS)
    if persons or to_isolate:
        closest = rows.order_by("person", "degree", "id").distinct("person")
        rows = Contact.objects.filter(pk__in=closest.values("pk"))
    return rows if degree is None else rows.filter(degree=degree)


def person_counts(*, scope: Scope, moments: Sequence[dt.datetime]) -> list[dict[str, int]]:
    """For each moment: how many persons were close, second, and to_isolate; in one query.

    Equal to counting the rows of `listed` with persons (by degree) and with to_isolate.
    """
    asked: dict[str, Count] = {}
    for number, moment in enumerate(moments):
        there = standing(moment) & ~Q(state__in=NOT_CONTACTS)
        apart = standing(moment) & _apart(moment)
        asked[f"all{number}"] = Count("person", distinct=True, filter=there)
        asked[f"close{number}"] = Count("person", distinct=True, filter=there & Q(degree=1))
        asked[f"apart{number}"] = Count("person", distinct=True, filter=apart)
    found = scope.filter(Contact.objects.all()).aggregate(**asked)
    return [
        {
            "close": found[f"close{number}"],
            # degrees are 1 and 2: whoever is nobody's close contact is second
            "second": found[f"all{number}"] - found[f"close{number}"],
            "to_isolate": found[f"apart{number}"],
        }
        for number in range(len(moments))
    ]


def get(contact_id: int, scope: Scope) -> Contact:
    row = scope.filter(Contact.objects.filter(pk=contact_id)).first()
    if row is None:
        raise NotFound("contacts.unknown", f"There is no contact {contact_id} within your rights.")
    return row


def counts(
    case_ids: Collection[int], *, scope: Scope, as_of: dt.datetime
) -> Mapping[int, tuple[int, int]]:
    """Case id to (close, second) contacts within scope, in one query; whom a person excluded or
    downgraded is neither."""
    rows = (
        listed(scope=scope, as_of=as_of)
        .exclude(state__in=NOT_CONTACTS)
        .filter(case_id__in=set(case_ids))
        .values("case_id")
        .annotate(close=Count("id", filter=Q(degree=1)), second=Count("id", filter=Q(degree=2)))
    )
    return {row["case_id"]: (row["close"], row["second"]) for row in rows}


def by_path(*, scope: Scope, as_of: dt.datetime) -> Mapping[str, int]:
    """unit_path of villages (or whatever unit people live in) to persons who are contacts."""
    rows = (
        scope.filter(Contact.objects.filter(standing(as_of)))
        .exclude(state__in=NOT_CONTACTS)
        .values("unit_path")
        .annotate(people=Count("person", distinct=True))
    )
    return {row["unit_path"]: row["people"] for row in rows}


def infectors(person: int, *, scope: Scope, as_of: dt.datetime) -> QuerySet[Contact]:
    """The cases whose contact this person was: who may have infected him, best first."""
    return listed(scope=scope, as_of=as_of).filter(person=person).order_by("degree", "-score")


def ids_of(pairs: Collection[tuple[int, int]], *, scope: Scope) -> Mapping[tuple[int, int], int]:
    """(case, person) to contact id, within scope, in one query."""
    if not pairs:
        return {}
    rows = scope.filter(
        Contact.objects.filter(
            case_id__in={case for case, _ in pairs}, person__in={person for _, person in pairs}
        )
    )
    return {(row[0], row[1]): row[2] for row in rows.values_list("case_id", "person", "id")}


def exposures(contact_ids: Collection[int], *, most: int) -> list[Exposure]:
    """The longest `most` exposures of each contact, in order of time; in one query."""
    rank = Window(RowNumber(), partition_by="contact_id", order_by=("-overlap_min", "id"))
    rows = Exposure.objects.filter(contact_id__in=set(contact_ids)).annotate(nth=rank)
    return sorted(rows.filter(nth__lte=most), key=lambda row: (row.contact_id, row.time_from))


def evidence(contact: Contact) -> QuerySet[Exposure]:
    """All exposures of one contact."""
    return Exposure.objects.filter(contact=contact)


def evidence_of(contact_ids: Collection[int]) -> list[Exposure]:
    """All exposures of several contacts, in one query."""
    return list(Exposure.objects.filter(contact_id__in=set(contact_ids))) if contact_ids else []


def of_persons(case_id: int, persons: Collection[int], *, scope: Scope) -> list[Contact]:
    """The case's contacts among these persons, within scope."""
    return list(scope.filter(Contact.objects.filter(case_id=case_id, person__in=set(persons))))


def decisions(contact: Contact) -> list[ContactDecision]:
    """What people decided about one contact, newest first."""
    return list(ContactDecision.objects.filter(contact=contact).order_by("-id"))


def notices(*, scope: Scope, as_of: dt.datetime) -> QuerySet[Notice]:
    return scope.filter(Notice.objects.filter(standing(as_of)))
