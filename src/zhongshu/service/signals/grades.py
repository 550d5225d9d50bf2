"""The order of grades, worst first, for the database and for comparing two of them."""

from __future__ import annotations

from django.db.models import Case, IntegerField, Value, When

# Rule WSRC-1 names them in this order.
GRADES = ("red", "orange", "yellow", "blue")


def rank(grade: str) -> int:
    """0 is worst; a grade nobody knows comes last."""
    return GRADES.index(grade) if grade in GRADES else len(GRADES)


def ranked(field: str = "grade") -> Case:
    """`rank` as an expression over a column."""
    whens = [When(**{field: grade}, then=Value(rank(grade))) for grade in GRADES]
    return Case(*whens, default=Value(len(GRADES)), output_field=IntegerField())
