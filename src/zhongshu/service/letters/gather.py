"""The contacts of a case as letters show them, and what earlier letters said."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from zhongshu.kernel.time import beijing_day
from zhongshu.service.contacts import facade as contacts
from zhongshu.service.kit import places
from zhongshu.service.letters import measures, told
from zhongshu.service.letters.models import LetterRow
from zhongshu.service.units import facade as units

_EXPOSURES = 10  # the longest meetings of each contact name the places


def contacts_of(case_id: int, *, now: dt.datetime) -> list[told.Now]:
    """Every contact the case has or had by `now`, also those gone; five queries."""
    rows = list(contacts.Contact.objects.filter(case_id=case_id, known_at__lte=now).order_by("id"))
    known = units.refs_on_paths(row.unit_path for row in rows)
    visited = _places([row.pk for row in rows])
    said = measures.measures(measures.pack_now(now))
    return [
        told.Now(
            facts=told.Facts(
                contact_id=row.pk,
                person=row.person,
                degree=row.degree,
                kind=row.kind,
                home=row.unit_id,
                first_exposure=row.first_exposure,
                last_exposure=row.last_exposure,
                places=visited.get(row.pk, ()),
                rule_id=row.rule_id,
                release_on=row.release_on,
                measure=said(row.degree, beijing_day(row.last_exposure)),
            ),
            county=_county(row, known),
            gone=told.gone(
                state=row.state,
                withdrawn=row.withdrawn_as_of is not None,
                is_case=row.is_case,
            ),
        )
        for row in rows
    ]


def _county(row: contacts.Contact, known: Mapping[str, units.UnitRef]) -> str:
    county = units.county_of(row.unit_path, known)
    return county["code"] if county else row.unit_id


def _places(contact_ids: list[int]) -> dict[int, tuple[str, ...]]:
    """Contact id to the names of places, longest meeting first; homes have none."""
    met = sorted(
        contacts.exposures(contact_ids, most=_EXPOSURES),
        key=lambda one: (one.contact_id, -one.overlap_min, one.time_from),
    )
    named = places.by_key({one.place for one in met if one.place is not None})
    found: dict[int, dict[str, None]] = {}
    for one in met:
        place = named.get(one.place) if one.place is not None else None
        if place is not None:
            found.setdefault(one.contact_id, {})[place["name"]] = None
    return {contact: tuple(names) for contact, names in found.items()}


def before(case_id: int) -> dict[tuple[int, str], told.Before]:
    """(contact, county) to the newest row that county has about him, of this case."""
    rows = (
        LetterRow.objects.filter(letter__case_id=case_id)
        .select_related("letter")
        .order_by("contact_id", "letter__unit_id", "-id")
        .distinct("contact_id", "letter__unit_id")
    )
    return {
        (row.contact_id, row.letter.unit_id): told.Before(
            facts=facts_of(row), dropped=row.change == LetterRow.DROPPED
        )
        for row in rows
    }


def facts_of(row: LetterRow) -> told.Facts:
    return told.Facts(
        contact_id=row.contact_id,
        person=row.person,
        degree=row.degree,
        kind=row.kind,
        home=row.home_id,
        first_exposure=row.first_exposure,
        last_exposure=row.last_exposure,
        places=tuple(row.places),
        rule_id=row.rule_id,
        release_on=row.release_on,
        measure=row.measure,
    )
