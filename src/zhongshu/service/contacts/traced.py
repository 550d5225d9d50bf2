"""What the next trace has to know of the register: whom the last one found, who is kept apart."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa
from django.db import connection

from zhongshu.service.incidents import facade as incidents
from zhongshu.service.kit.bulk import fetch
from zhongshu.service.kit.moments import SECONDS

ISOLATIONS = pa.schema([("person", pa.int64()), ("isolated_from", SECONDS)])
FOUND = pa.schema(
    [
        ("case_id", pa.int64()),
        ("person", pa.int64()),
        ("degree", pa.int8()),
        ("is_case", pa.bool_()),
        ("release_on", pa.date32()),
    ]
)
# Somebody only named by hand is nobody's finding.
_FOUND = """
    SELECT c.case_id, c.person, c.degree, c.is_case, c.release_on
      FROM contacts_contact c
     WHERE c.incident_id = %(incident)s AND c.withdrawn_as_of IS NULL
       AND (NOT c.by_hand OR EXISTS (SELECT 1 FROM contacts_exposure e
                                      WHERE e.contact_id = c.id AND e.setting <> 'by_hand'))
     ORDER BY c.case_id, c.person
"""
_TOTALS = """
    SELECT count(*) FILTER (WHERE degree = 1), count(*) FILTER (WHERE degree = 2),
           count(DISTINCT person), coalesce(sum(exposures_count), 0)
      FROM contacts_contact WHERE incident_id = %s AND withdrawn_as_of IS NULL
"""
_NOTICES = """
    SELECT count(*) FROM contacts_notice WHERE incident_id = %s AND withdrawn_as_of IS NULL
"""
# A reopened contact is isolated anew.
_ISOLATED = """
    SELECT c.person, date_trunc('second', min(d.at)) AS isolated_from
      FROM contacts_contact c JOIN contacts_contactdecision d ON d.contact_id = c.id
     WHERE c.incident_id = %(incident)s AND d.action = 'isolate' AND d.at <= %(as_of)s
       AND d.id > coalesce((SELECT max(r.id) FROM contacts_contactdecision r
                             WHERE r.contact_id = c.id AND r.action = 'reopen'
                               AND r.at <= %(as_of)s), 0)
     GROUP BY c.person ORDER BY c.person
"""


def isolations(as_of: dt.datetime) -> pa.Table:
    """Persons isolated by `as_of`, as contacts of the current incident, and the first moment of
    it: schema `ISOLATIONS`."""
    names = {"incident": incidents.current().pk, "as_of": as_of}
    return fetch(_ISOLATED, ISOLATIONS, names)


def found() -> pa.Table:
    """Contacts that stand by the last trace of their case: schema `FOUND`."""
    return fetch(_FOUND, FOUND, {"incident": incidents.current().pk})


def totals() -> dict[str, int]:
    """What stands in the register: close, second (pairs of case and contact), persons, exposures,
    notices."""
    incident = incidents.current().pk
    with connection.cursor() as cursor:
        cursor.execute(_TOTALS, [incident])
        close, second, persons, exposures = cursor.fetchone()
        cursor.execute(_NOTICES, [incident])
        (notices,) = cursor.fetchone()
    return {
        "close": close,
        "second": second,
        "persons": persons,
        "exposures": exposures,
        "notices": notices,
    }
