"""Letters as shown: a few queries whatever their number."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from zhongshu.service.letters import facade as letters
from zhongshu.service.people import facade as people
from zhongshu.service.units import facade as units


def briefs(rows: Sequence[letters.Letter], *, now: dt.datetime) -> list[dict[str, Any]]:
    """Rows as shown in lists; one query beside theirs."""
    known = units.refs(code for one in rows for code in (one.unit_id, one.from_unit_id))
    return [
        {
            "id": one.pk,
            "no": one.number,
            "kind": one.kind,
            "supplement_to": one.supplement_to.number if one.supplement_to else None,
            "case": {"id": one.case_id, "case_no": one.case_no},
            "from": known[one.from_unit_id],
            "to": known[one.unit_id],
            "persons": one.persons,
            "made_at": one.made_at,
            "due_at": one.due_at,
            "state": one.state,
            "overdue": letters.is_overdue(one, now),
            "received_at": one.received_at,
            "answered_at": one.answered_at,
            "by": one.made_by,
            "note": one.note,
            "rule_id": one.rule_id,
            "verified": one.verified,
        }
        for one in rows
    ]


def rows(found: Sequence[letters.LetterRow]) -> list[dict[str, Any]]:
    masked = people.masked([row.person for row in found])
    known = units.refs(row.home_id for row in found)
    return [
        {
            "contact_id": row.contact_id,
            "change": row.change,
            "dropped": letters.DROPPED[row.dropped_reason] if row.dropped_reason else None,
            "masked_name": masked[row.person]["name"] if row.person in masked else "",
            "degree": row.degree,
            "kind": row.kind,
            "unit": known[row.home_id],
            "first_exposure": row.first_exposure,
            "last_exposure": row.last_exposure,
            "places": row.places,
            "rule_id": row.rule_id,
            "measure": row.measure,
            "release_on": row.release_on,
        }
        for row in found
    ]


def receipts(one: letters.Letter) -> list[dict[str, Any]]:
    return [
        {
            "at": receipt.at,
            "by": receipt.by,
            "unit": units.ref(receipt.unit),
            "action": receipt.action,
            "found": receipt.found,
            "controlled": receipt.controlled,
            "not_found": receipt.not_found,
            "note": receipt.note,
        }
        for receipt in letters.receipts(one)
    ]
