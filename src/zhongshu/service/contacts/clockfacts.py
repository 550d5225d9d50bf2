"""What clocks are told of contacts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

import pyarrow as pa
from django.db import transaction

from zhongshu.service.clocks import facade as clocks
from zhongshu.service.incidents import facade as incidents
from zhongshu.service.kit.actor import Actor
from zhongshu.service.kit.bulk import fetch
from zhongshu.service.rowsecurity import facade as rowsecurity

_MICROS = pa.timestamp("us", tz="UTC")
_FACTS = pa.schema(
    [
        ("subject_id", pa.int64()),
        ("unit_path", pa.string()),
        ("label", pa.string()),
        ("path", pa.string()),
        ("disease", pa.string()),
        ("degree", pa.float64()),
        ("state", pa.string()),
        ("is_case", pa.bool_()),
        ("first_exposure", _MICROS),
        ("last_exposure", _MICROS),
        ("known_at", _MICROS),
        ("isolated_at", _MICROS),
        ("released_at", _MICROS),
        ("elsewhere", pa.bool_()),
        ("letter_sent_at", _MICROS),
        ("letter_acknowledged_at", _MICROS),
        ("letter_answered_at", _MICROS),
    ]
)
_COUNTY = 3 * 13  # a path down to the county: three codes of twelve digits, each with a slash
# Somebody the trace no longer finds was never exposed; a reopened contact is isolated anew.  Whose
# home is elsewhere is asked of those people have confirmed: nobody is asked to write letters about
# what a machine proposes.
_SELECT = """
    SELECT c.id AS subject_id, c.unit_path, k.case_no || ' #' || c.id AS label,
           c.unit_path AS path, %(disease)s AS disease, c.degree, c.state, c.is_case,
           CASE WHEN there THEN c.first_exposure END AS first_exposure,
           CASE WHEN there THEN c.last_exposure END AS last_exposure,
           CASE WHEN there THEN c.known_at END AS known_at,
           max(d.at) FILTER (WHERE d.action = 'isolate') AS isolated_at,
           max(d.at) FILTER (WHERE d.action = 'release') AS released_at,
           CASE WHEN c.state IN ('confirmed', 'isolating', 'released')
                THEN left(c.unit_path, {county}) <> left(k.unit_path, {county}) END AS elsewhere,
           letter_sent_at, letter_acknowledged_at, letter_answered_at
      FROM contacts_contact c
      JOIN cases_case k ON k.id = c.case_id
     CROSS JOIN LATERAL (SELECT c.withdrawn_as_of IS NULL AS there) AS w
     CROSS JOIN LATERAL (
        SELECT min(l.made_at) AS letter_sent_at, min(l.received_at) AS letter_acknowledged_at,
               min(l.answered_at) AS letter_answered_at
          FROM letters_letterrow r JOIN letters_letter l ON l.id = r.letter_id
         WHERE r.contact_id = c.id AND r.change <> 'dropped'
           AND l.unit_path = left(c.unit_path, {county})) AS told
      LEFT JOIN contacts_contactdecision d
        ON d.contact_id = c.id AND d.action IN ('isolate', 'release')
       AND d.id > coalesce((SELECT max(r.id) FROM contacts_contactdecision r
                             WHERE r.contact_id = c.id AND r.action = 'reopen'), 0)
     WHERE {which}
     GROUP BY c.id, k.case_no, k.unit_path, there, letter_sent_at, letter_acknowledged_at,
              letter_answered_at
"""


def told_of_trace(*, incident_id: int, as_of: dt.datetime, actor: Actor, now: dt.datetime) -> None:
    """Bring the clocks in line of all contacts that the trace as of `as_of` saw or withdrew."""
    which = "c.incident_id = %(incident)s AND %(as_of)s IN (c.seen_as_of, c.withdrawn_as_of)"
    _told(which, {"incident": incident_id, "as_of": as_of}, actor, now)


def told(contact_ids: Collection[int], *, actor: Actor, now: dt.datetime) -> None:
    """Bring the clocks of these contacts in line; in the transaction that decided about them."""
    _told("c.id = ANY (%(ids)s)", {"ids": list(contact_ids)}, actor, now)


def told_all(*, actor: Actor, now: dt.datetime) -> dict[str, int]:
    """Bring the clocks of all contacts of the current incident in line; what changed."""
    with transaction.atomic():
        return _told(
            "c.incident_id = %(incident)s", {"incident": incidents.current().pk}, actor, now
        )


def _told(which: str, names: dict[str, object], actor: Actor, now: dt.datetime) -> dict[str, int]:
    with rowsecurity.unscoped():
        disease = {"disease": incidents.current().disease}
        facts = fetch(_SELECT.format(which=which, county=_COUNTY), _FACTS, names | disease)
    return clocks.follow("contact", facts, actor=actor, now=now)
