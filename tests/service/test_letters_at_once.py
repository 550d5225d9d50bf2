"""Two people press at the same moment: one set of letters, one number each."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from tests.service import builders as b
from tests.service import chains_made as made
from tests.service.chains_made import Met
from zhongshu.kernel.errors import WrongState
from zhongshu.service.letters import facade as letters

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_county_asked_by_two_at_once_hears_it_once() -> None:
    case = made.neighbours()
    made.trace(case, Met(2), Met(12), Met(13))
    scope, actor = b.scope(b.COUNTY), b.actor(b.COUNTY, "data_team")

    def send(_: int) -> int:
        try:
            sent = letters.make(case_id=case.pk, note="", scope=scope, actor=actor, now=b.NOW)
        except WrongState:
            return 0
        finally:
            connection.close()
        return len(sent)

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(send, range(4))) == [0, 0, 0, 2]
    assert set(letters.Letter.objects.values_list("serial", flat=True)) == {1, 2}
    assert letters.LetterRow.objects.count() == 3


def test_two_cases_at_once_take_different_numbers() -> None:
    first = made.neighbours()
    second = b.case(3, b.VILLAGE)
    for case in (first, second):
        made.trace(case, Met(12))
    scope, actor = b.scope(b.COUNTY), b.actor(b.COUNTY, "data_team")

    def send(case_id: int) -> None:
        try:
            letters.make(case_id=case_id, note="", scope=scope, actor=actor, now=b.NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(send, [first.pk, second.pk]))
    assert sorted(letters.Letter.objects.values_list("serial", flat=True)) == [1, 2]
