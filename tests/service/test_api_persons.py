"""Two numbers of one person through the door: who they are, merged, listed, apart again."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.service import builders as b
from tests.service import scenes
from zhongshu.service.people import facade as people
from zhongshu.service.people.models import AliasEvent

pytestmark = pytest.mark.django_db

MERGES = "/persons/merges"


@pytest.fixture
def client() -> Client:
    b.headquarters()
    homes = [b.household(n, b.VILLAGE) for n in range(1, 6)]
    b.register(*(b.person(n, n) for n in range(1, 6)), homes=homes)
    b.register(b.person(9, 9), homes=[b.household(9, b.OTHER_VILLAGE)])
    scenes.clock_at(b.NOW)
    return scenes.signed_in((b.CITY, "data_team"))


def merge(client: Client, keep: int, other: int, reason: str = "旧身份证") -> Any:
    body = {"keep": b.id_no(keep), "other": b.id_no(other), "reason": reason}
    return scenes.post(client, "/persons/merge", body, key=f"m{keep}-{other}")


def listed(client: Client, **asked: Any) -> list[dict[str, Any]]:
    return list(scenes.get(client, MERGES, **asked).json()["items"])


def test_who_two_numbers_are_is_told_masked_and_changes_nothing(client: Client) -> None:
    b.case(2)
    body = {"keep": f" {b.id_no(1).lower()} ", "other": b.id_no(2)}
    told = scenes.post(client, "/persons/pair", body).json()
    assert (told["merged"], told["keep"]["cases"], told["other"]["cases"]) == (False, 0, 1)
    assert told["keep"]["person"]["id_no"].startswith(b.id_no(1)[:4] + "*")
    assert b.id_no(1) not in str(told)
    assert not AliasEvent.objects.exists()
    merge(client, 1, 2)
    assert scenes.post(client, "/persons/pair", body).json()["merged"] is True


def test_nobody_out_of_reach_is_told(client: Client) -> None:
    for other in (9, 77):
        body = {"keep": b.id_no(1), "other": b.id_no(other)}
        answer = scenes.post(client, "/persons/pair", body)
        assert (answer.status_code, answer.json()["code"]) == (404, "people.unknown")


def test_merges_are_listed_newest_first_and_undone_from_the_list(client: Client) -> None:
    merge(client, 1, 2)
    merge(client, 3, 4, reason="港澳通行证")
    newer, older = listed(client)
    assert [(one["what"], one["stands"], one["reason"]) for one in (newer, older)] == [
        ("merged", True, "港澳通行证"), ("merged", True, "旧身份证"),
    ]  # fmt: skip
    assert older["keep"]["id_no"][-4:] == b.id_no(1)[-4:]
    assert older["other"]["id_no"][-4:] == b.id_no(2)[-4:]
    undo = f"{MERGES}/{older['id']}/split"
    done = scenes.post(client, undo, {"reason": "误认"}, key="s")
    assert (done.status_code, done.json()) == (200, {"merged": False})
    assert scenes.post(client, undo, {"reason": "误认"}, key="s").json() == {"merged": False}
    again = scenes.post(client, undo, {"reason": "误认"}, key="s2")
    assert (again.status_code, again.json()["code"]) == (409, "people.not_merged")
    assert [(one["what"], one["stands"]) for one in listed(client)] == [
        ("split", False), ("merged", True), ("merged", False),
    ]  # fmt: skip
    assert people.aliases().num_rows == 1
    first = scenes.get(client, MERGES, limit=2).json()
    rest = scenes.get(client, MERGES, limit=2, after=first["next"]).json()
    assert [one["what"] for one in rest["items"]] == ["merged"]


def test_undoing_needs_a_reason(client: Client) -> None:
    merge(client, 1, 2)
    undo = f"{MERGES}/{listed(client)[0]['id']}/split"
    answer = scenes.post(client, undo, {"reason": " "}, key="s")
    assert (answer.status_code, answer.json()["code"]) == (400, "people.merge_reason")


def test_merges_of_people_elsewhere_are_not_there(client: Client) -> None:
    for keep, other in ((1, 9), (9, 2)):
        people.merge(
            keep=b.pseudonym(keep),
            other=b.pseudonym(other),
            reason="x",
            actor=b.actor(),
            now=b.NOW,
        )
    assert listed(client) == []
    for event in AliasEvent.objects.all():
        answer = scenes.post(client, f"{MERGES}/{event.pk}/split", {"reason": "x"}, key="s")
        assert (answer.status_code, answer.json()["code"]) == (404, "people.unknown")


def test_the_list_takes_the_same_few_queries_however_long(client: Client) -> None:
    merge(client, 1, 2)
    listed(client)
    taken = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            listed(client)
        taken.append(len(queries))
        merge(client, 3, 4)
        merge(client, 3, 5)
    assert taken[0] == taken[1] <= 18, taken
