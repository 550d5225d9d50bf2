"""Reading letters: lists, one, its rows and receipts."""

from __future__ import annotations

import datetime as dt
import re
from typing import Literal

from django.db.models import Min, Q, QuerySet

from zhongshu.kernel.errors import BadInput, NotFound
from zhongshu.service.kit.scope import Scope
from zhongshu.service.letters.models import Letter, LetterRow, Receipt

Direction = Literal["in", "out"]


def _within(scope: Scope, direction: Direction | None) -> Q:
    ways = {"in": scope.q("unit_path"), "out": scope.q("from_path")}
    return ways[direction] if direction else ways["in"] | ways["out"]


def overdue(then: dt.datetime) -> Q:
    return Q(due_at__lt=then) & (Q(answered_at=None) | Q(answered_at__gt=then))


def is_overdue(one: Letter, then: dt.datetime) -> bool:
    """`overdue` for one row in hand."""
    unanswered = one.answered_at is None or one.answered_at > then
    return one.due_at is not None and one.due_at < then and unanswered


def listed(
    *,
    scope: Scope,
    as_of: dt.datetime,
    direction: Direction | None = None,
    state: str = "",
    case_id: int | None = None,
    overdue_only: bool = False,
) -> QuerySet[Letter]:
    """Letters made by `as_of` to or from units within scope; one direction where it is named."""
    rows = Letter.objects.filter(_within(scope, direction), made_at__lte=as_of)
    if state:
        rows = rows.filter(state=state)
    if case_id is not None:
        rows = rows.filter(case_id=case_id)
    if overdue_only:
        rows = rows.filter(overdue(as_of))
    return rows.select_related("supplement_to")


def get(letter_id: int, scope: Scope) -> Letter:
    one = listed_all(scope).filter(pk=letter_id).select_related("supplement_to").first()
    if one is None:
        raise NotFound("letters.unknown", f"There is no letter {letter_id} within your rights.")
    return one


def by_number(number: str, scope: Scope) -> Letter:
    """The letter of a number such as ``协查〔2022〕第12号`` or ``2022-12``."""
    year, serial = [*re.findall(r"\d+", number), "", ""][:2]
    if not (year and serial):
        raise BadInput(
            "letters.number", f"'{number}' is no number of a letter; write 2022-12.", number=number
        )
    one = listed_all(scope).filter(year=int(year), serial=int(serial))
    found = one.select_related("supplement_to").first()
    if found is None:
        raise NotFound("letters.unknown", f"There is no letter {number} within your rights.")
    return found


def listed_all(scope: Scope) -> QuerySet[Letter]:
    return Letter.objects.filter(_within(scope, None))


def locked(letter_id: int, scope: Scope) -> Letter:
    """The letter, held until the transaction ends."""
    one = listed_all(scope).filter(pk=letter_id).select_for_update().first()
    if one is None:
        raise NotFound("letters.unknown", f"There is no letter {letter_id} within your rights.")
    return one


def rows(letter: Letter) -> QuerySet[LetterRow]:
    return LetterRow.objects.filter(letter=letter)


def receipts(letter: Letter) -> list[Receipt]:
    """Oldest first."""
    return list(Receipt.objects.filter(letter=letter).select_related("unit").order_by("id"))


def contact_ids(letter: Letter) -> list[int]:
    return list(rows(letter).values_list("contact_id", flat=True))


def firsts(case_id: int) -> dict[str, int]:
    """Receiving unit to the first letter it got about the case."""
    found = Letter.objects.filter(case_id=case_id).values_list("unit_id").annotate(Min("id"))
    return dict(found.order_by())
