"""Reading colours as they were at a moment."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa
from django.db.models import Q, QuerySet

from zhongshu.kernel.errors import NotFound
from zhongshu.service.codes.models import Code
from zhongshu.service.kit.bulk import fetch
from zhongshu.service.kit.moments import SECONDS
from zhongshu.service.kit.scope import Scope

OPEN = pa.schema(
    [
        ("code_id", pa.int64()),
        ("person", pa.int64()),
        ("colour", pa.string()),
        ("rule_id", pa.string()),
        ("set_by", pa.string()),
        ("since", SECONDS),
        ("until", SECONDS),
        ("unit", pa.string()),
    ]
)
_OPEN = """
    SELECT id AS code_id, person, colour, rule_id, set_by,
           date_trunc('second', since) AS since, date_trunc('second', until) AS until,
           unit_id AS unit
      FROM codes_code
     WHERE incident_id = %s AND since <= %s AND (ended_at IS NULL OR ended_at > %s)
     ORDER BY id
"""


def standing(as_of: dt.datetime) -> Q:
    """Set by `as_of` and not ended by then."""
    return Q(since__lte=as_of) & (Q(ended_at=None) | Q(ended_at__gt=as_of))


def listed(*, scope: Scope, as_of: dt.datetime, colour: str = "") -> QuerySet[Code]:
    """Colours within scope that stood at `as_of`."""
    rows = scope.filter(Code.objects.filter(standing(as_of)))
    return rows.filter(colour=colour) if colour else rows


def open_codes(*, incident_id: int, as_of: dt.datetime) -> pa.Table:
    """All colours of the incident standing at `as_of`: schema `OPEN`."""
    return fetch(_OPEN, OPEN, [incident_id, as_of, as_of])


def get(code_id: int, scope: Scope) -> Code:
    code = scope.filter(Code.objects.select_related("unit").filter(pk=code_id)).first()
    if code is None:
        raise NotFound("codes.unknown", f"There is no code {code_id} within your rights.")
    return code
