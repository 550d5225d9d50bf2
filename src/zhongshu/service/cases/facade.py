"""What others may use of cases."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping

import pyarrow as pa

from zhongshu.service.cases import selectors
from zhongshu.service.cases.clockfacts import told_all as follow_clocks
from zhongshu.service.cases.models import Case
from zhongshu.service.cases.selectors import (
    CASES,
    Filters,
    by_number,
    counts_by_path,
    events,
    get,
    listed,
)
from zhongshu.service.cases.services import take_line_list
from zhongshu.service.incidents import facade as incidents

__all__ = [
    "CASES",
    "Case",
    "Filters",
    "by_number",
    "counts_by_path",
    "events",
    "follow_clocks",
    "get",
    "ids",
    "is_case",
    "listed",
    "numbers",
    "open_cases",
    "take_line_list",
]


def open_cases(as_of: dt.datetime) -> pa.Table:
    """All cases of the current incident known at `as_of`, not excluded: schema `CASES`."""
    return selectors.open_cases(incident_id=incidents.current().pk, as_of=as_of)


def ids(incident_id: int) -> list[int]:
    """Every case there ever was of an incident, excluded ones too."""
    return list(Case.objects.filter(incident=incident_id).values_list("id", flat=True))


def is_case(person: int, as_of: dt.datetime) -> bool:
    """Whether a person is a case of the current incident, known at `as_of`, not excluded."""
    rows = Case.objects.filter(incident=incidents.current().pk, person=person, known_at__lte=as_of)
    return rows.exclude(state="excluded").exists()


def numbers(case_ids: Collection[int]) -> Mapping[int, str]:
    """Case id to case number."""
    return dict(Case.objects.filter(pk__in=set(case_ids)).values_list("id", "case_no"))
