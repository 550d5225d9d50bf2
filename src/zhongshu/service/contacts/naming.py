"""A contact somebody knows of and no scan shows: named by hand."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json

import pyarrow as pa
from django.db import transaction

from zhongshu.kernel.errors import BadInput, NotFound, WrongState
from zhongshu.rules import isolation, states
from zhongshu.rules.model import Pack
from zhongshu.service.audit import facade as audit
from zhongshu.service.cases import facade as cases
from zhongshu.service.contacts import clockfacts, sql
from zhongshu.service.contacts.models import Contact, ContactChange, Exposure
from zhongshu.service.kit.actor import Actor
from zhongshu.service.kit.moments import SECONDS
from zhongshu.service.kit.scope import Scope
from zhongshu.service.people import facade as people
from zhongshu.service.rowsecurity import facade as rowsecurity

_KINDS = "trace.contact_kinds"


@dataclasses.dataclass(frozen=True)
class Named:
    """person: pseudonym.  kind: one of the pack's `trace.contact_kinds`.  begin, end: aware; of
    the time together, as far as it is known.  note: what is known of it."""

    person: int
    kind: str
    begin: dt.datetime
    end: dt.datetime
    note: str = ""


def name(
    named: Named, *, case_id: int, pack: Pack, scope: Scope, actor: Actor, now: dt.datetime
) -> Contact:
    """Enter a close contact of a case by hand; no trace withdraws him.

    Refuses a kind the pack does not name, a time that is naive, backwards or still to come, a
    person the vault does not know within `scope`, the case himself, and who is named already.
    """
    _checked(named, pack, now)
    case = cases.get(case_id, scope, now)
    with rowsecurity.unscoped():  # a pseudonym counts as another's wherever the asker's rights end
        person = people.canonical(named.person)
    home = people.within(person, scope)
    if home is None:
        raise NotFound("people.unknown", "There is no such person within your rights.")
    if person == case.person:
        raise BadInput("contacts.himself", "The case himself is not his own contact.")
    with transaction.atomic(), rowsecurity.unscoped():  # evidence, clocks and audit have no scope
        had = Contact.objects.select_for_update().filter(case=case, person=person).first()
        if had is not None and had.withdrawn_as_of is None:
            raise WrongState(
                "contacts.named_already",
                "This person is on the case's list of contacts already; decide about him there.",
                contact=had.pk,
            )
        row = had or Contact(case=case, person=person, known_at=now)
        _fill(row, named, case, home, pack=pack, now=now)
        row.save()
        _evidence(row, named, case.person)
        ContactChange.objects.create(
            contact=row, case=case, what="added", reason=sql.BY_HAND, at=now, run_id=0
        )
        clockfacts.told([row.pk], actor=actor, now=now)
        audit.record(
            actor=actor,
            action="contact.name",
            object_=f"contact:{row.pk}",
            at=now,
            facts={"case": case.pk, "kind": named.kind},
        )
    return row


def _checked(named: Named, pack: Pack, now: dt.datetime) -> None:
    kinds = [str(kind) for kind in pack.value(_KINDS)]
    if named.kind not in kinds:
        raise BadInput(
            "contacts.kind",
            f"'{named.kind}' is no kind of close contact; it is one of {', '.join(kinds)}.",
            kinds=kinds,
        )
    if named.begin.tzinfo is None or named.end.tzinfo is None:
        raise BadInput("time.naive", "From and to need a time zone, e.g. +08:00.")
    if not named.begin <= named.end <= now:
        raise BadInput(
            "contacts.named_times", "The time together must end after it began, and not after now."
        )


def _fill(
    row: Contact,
    named: Named,
    case: cases.Case,
    home: people.Home,
    *,
    pack: Pack,
    now: dt.datetime,
) -> None:
    minutes = (named.end - named.begin).total_seconds() / 60
    parts = {"confirmed_s": minutes * 60, "imputed_s": 0, "household": False}
    row.incident_id = case.incident_id
    row.degree, row.via_person = 1, None
    row.first_exposure, row.last_exposure = named.begin, named.end
    row.exposures_count, row.minutes, row.imputed = 1, minutes, False
    row.rule_id = pack.figure(_KINDS).rule_id
    row.score = 1.0  # somebody has said so
    row.reason = json.dumps(parts | {"link": 1.0, "via": None, "by_hand": True})
    row.is_case = cases.is_case(row.person, now)
    row.unit_id, row.unit_path, row.unit_known = home.unit, home.path, home.placed
    row.state = states.initial("contact")
    row.release_on = _release_on(named, pack)
    row.seen_as_of, row.withdrawn_as_of, row.run_id = now, None, 0
    row.kind, row.places, row.two_places = named.kind, 0, False
    row.by_hand, row.note = True, named.note


def _release_on(named: Named, pack: Pack) -> dt.date | None:
    table = pa.table(
        {"degree": pa.array([1], pa.int8()), "last_exposure": pa.array([named.end], SECONDS)}
    )
    found: dt.date | None = isolation.releases(pack, table)["ends_on"][0].as_py()
    return found


def _evidence(row: Contact, named: Named, source: int) -> None:
    Exposure.objects.filter(contact=row).delete()
    Exposure.objects.create(
        contact=row,
        source_person=source,
        setting=sql.BY_HAND,
        time_from=named.begin,
        time_to=named.end,
        overlap_min=row.minutes,
        imputed=False,
        rule_id=row.rule_id,
    )
