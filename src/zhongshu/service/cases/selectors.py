"""Reading cases, as they were known at a moment."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from typing import Any

import pyarrow as pa
from django.apps import apps
from django.db.models import Count, Q, QuerySet

from zhongshu.kernel.errors import NotFound
from zhongshu.service.cases.models import Case
from zhongshu.service.kit.bulk import fetch
from zhongshu.service.kit.moments import SECONDS
from zhongshu.service.kit.scope import Scope

CASES = pa.schema(
    [
        ("case_id", pa.int64()),
        ("case_no", pa.string()),
        ("person", pa.int64()),
        ("category", pa.string()),
        ("state", pa.string()),
        ("unit", pa.string()),
        ("unit_path", pa.string()),
        ("village_code", pa.string()),
        ("onset_date", pa.date32()),
        ("sampled_at", SECONDS),
        ("confirmed_at", SECONDS),
        ("reported_at", SECONDS),
        ("found_by", pa.string()),
        ("severity", pa.string()),
    ]
)
_KNOWN = """
    SELECT id AS case_id, case_no, person, category, state, unit_id AS unit, unit_path,
           village_code, onset_date, date_trunc('second', sampled_at) AS sampled_at,
           date_trunc('second', confirmed_at) AS confirmed_at,
           date_trunc('second', reported_at) AS reported_at, found_by, severity
      FROM cases_case
     WHERE incident_id = %s AND known_at <= %s AND state <> 'excluded'
     ORDER BY id
"""


def open_cases(*, incident_id: int, as_of: dt.datetime) -> pa.Table:
    """All cases of the incident known at `as_of` and not excluded: schema `CASES`.

    Membership is as of the moment; a field that was corrected later shows its present value.
    """
    return fetch(_KNOWN, CASES, [incident_id, as_of])


@dataclasses.dataclass(frozen=True, slots=True)
class Filters:
    """What a list of cases may be narrowed by; days are Beijing days, ends included."""

    category: str = ""
    state: str = ""
    reported_from: dt.datetime | None = None
    reported_before: dt.datetime | None = None
    onset_from: dt.date | None = None
    onset_to: dt.date | None = None
    text: str = ""


def listed(*, scope: Scope, as_of: dt.datetime, filters: Filters = Filters()) -> QuerySet[Case]:
    """Cases within scope known at `as_of`; excluded ones only when asked for by state."""
    rows = scope.filter(Case.objects.filter(known_at__lte=as_of))
    rows = rows.filter(state=filters.state) if filters.state else rows.exclude(state="excluded")
    conditions = {
        "category": filters.category or None,
        "reported_at__gte": filters.reported_from,
        "reported_at__lt": filters.reported_before,
        "onset_date__gte": filters.onset_from,
        "onset_date__lte": filters.onset_to,
    }
    rows = rows.filter(**{name: value for name, value in conditions.items() if value is not None})
    if filters.text:
        rows = rows.filter(Q(case_no__startswith=filters.text) | Q(unit__name=filters.text))
    return rows


def counts_by_path(as_of: dt.datetime) -> Mapping[str, int]:
    """unit_path to cases known then and not excluded; for suppressed aggregates."""
    rows = Case.objects.filter(known_at__lte=as_of).exclude(state="excluded")
    return dict(rows.values_list("unit_path").annotate(Count("id")).order_by())


def get(case_id: int, scope: Scope, as_of: dt.datetime) -> Case:
    case = scope.filter(Case.objects.filter(pk=case_id, known_at__lte=as_of)).first()
    if case is None:
        raise NotFound("cases.unknown", f"There is no case {case_id} within your rights.")
    return case


def by_number(case_no: str, scope: Scope, as_of: dt.datetime) -> Case:
    """The newest incident's case of this number."""
    rows = scope.filter(Case.objects.filter(case_no=case_no, known_at__lte=as_of))
    case = rows.order_by("-incident").first()
    if case is None:
        raise NotFound("cases.unknown", f"There is no case {case_no} within your rights.")
    return case


def events(case: Case) -> list[Any]:
    """The case's history rows (made by trigger) with their context, oldest first."""
    rows = apps.get_model("cases", "CaseEvent").objects.filter(pgh_obj=case)
    return list(rows.select_related("pgh_context").order_by("pgh_id"))
