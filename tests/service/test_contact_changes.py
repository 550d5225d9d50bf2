"""What a trace tells as a change of the list: what a reader acts on, not minutes that went by."""

from __future__ import annotations

import pytest

from tests.service import builders as b
from tests.service import chains_made as made
from tests.service.chains_made import START, Met
from zhongshu.service.cases import facade as cases
from zhongshu.service.contacts.models import Contact, ContactChange

pytestmark = pytest.mark.django_db


def told(case: cases.Case) -> list[str]:
    return list(
        ContactChange.objects.filter(case=case).order_by("id").values_list("what", flat=True)
    )


def test_a_meeting_that_went_on_is_followed_and_not_told() -> None:
    case = made.neighbours()
    made.trace(case, Met(2, place=None, minutes=30))
    made.trace(case, Met(2, place=None, minutes=95), as_of=b.NOW + b.HOUR)
    assert told(case) == ["added"]
    assert Contact.objects.get(case=case).last_exposure == START + 95 * b.HOUR / 60


def test_a_meeting_on_another_day_is_told() -> None:
    case = made.neighbours()
    made.trace(case, Met(2))
    made.trace(case, Met(2), Met(2, at=START + b.DAY), as_of=b.NOW + b.HOUR)
    assert told(case) == ["added", "changed"]
