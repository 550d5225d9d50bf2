"""What clocks are told of cases."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pyarrow as pa
from django.db import transaction

from zhongshu.service.clocks import facade as clocks
from zhongshu.service.incidents import facade as incidents
from zhongshu.service.kit.actor import Actor
from zhongshu.service.kit.bulk import fetch

_MICROS = pa.timestamp("us", tz="UTC")
_FACTS = pa.schema(
    [
        ("subject_id", pa.int64()),
        ("unit_path", pa.string()),
        ("label", pa.string()),
        ("known_at", _MICROS),
        ("path", pa.string()),
        ("disease", pa.string()),
        ("category", pa.string()),
        ("state", pa.string()),
        ("severity", pa.string()),
        ("found_by", pa.string()),
        ("age_years", pa.float64()),
        ("onset_date", pa.date32()),
        ("sampled_at", _MICROS),
        ("confirmed_at", _MICROS),
        ("reported_at", _MICROS),
    ]
)
# An excluded case was none: nothing is due for it.
_SELECT = """
    SELECT c.id AS subject_id, c.unit_path, c.case_no AS label, c.known_at, c.unit_path AS path,
           %(disease)s AS disease, c.category, c.state, c.severity, c.found_by, c.age_years,
           CASE WHEN there THEN c.onset_date END AS onset_date,
           CASE WHEN there THEN c.sampled_at END AS sampled_at,
           CASE WHEN there THEN c.confirmed_at END AS confirmed_at,
           CASE WHEN there THEN c.reported_at END AS reported_at
      FROM cases_case c
     CROSS JOIN LATERAL (SELECT c.state <> 'excluded' AS there) AS w
     WHERE c.incident_id = %(incident)s
       AND (%(numbers)s::text[] IS NULL OR c.case_no = ANY (%(numbers)s))
"""


def told_all(*, actor: Actor, now: dt.datetime) -> dict[str, int]:
    """Bring the clocks of all cases of the current incident in line; what changed."""
    with transaction.atomic():
        return _told(None, actor, now)


def told(case_numbers: Sequence[str], *, actor: Actor, now: dt.datetime) -> None:
    """Bring the clocks of these cases in line; in the transaction that wrote them."""
    _told(case_numbers, actor, now)


def _told(case_numbers: Sequence[str] | None, actor: Actor, now: dt.datetime) -> dict[str, int]:
    incident = incidents.current()
    numbers = None if case_numbers is None else list(case_numbers)
    names = {"incident": incident.pk, "disease": incident.disease, "numbers": numbers}
    return clocks.follow("case", fetch(_SELECT, _FACTS, names), actor=actor, now=now)
