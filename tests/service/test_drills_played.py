"""A person plays a drill: shown what is known, deciding once, scored beside the policies."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from tests.service import builders as b
from tests.service import ports, scenes
from zhongshu.jobs import drill as job
from zhongshu.service.audit.models import AuditEntry
from zhongshu.service.drills import county, policies
from zhongshu.service.drills.played import facade as played

pytestmark = pytest.mark.django_db


def begun(client: Client, **given: Any) -> int:
    answer = scenes.post(client, "/drills", scenes.wish(b.COUNTY, **given), key="begin")
    assert answer.status_code == 202, answer.content
    return int(answer.json()["id"])


def shown(client: Client, number: int) -> dict[str, Any]:
    found: dict[str, Any] = scenes.get(client, f"/drills/{number}").json()
    return found


def decide(client: Client, number: int, step: int, **given: Any) -> Any:
    body = scenes.choice(step, **given)
    return scenes.post(
        client, f"/drills/{number}/decide", body, key=f"{number}-{step}-{sorted(given)}"
    )


def headquarters() -> Client:
    b.headquarters()
    scenes.clock_at(b.NOW)
    return scenes.signed_in((b.CITY, "commander"))


@pytest.fixture
def _fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that holds no drill in hand, and a disease that needs no calibration."""
    monkeypatch.setattr(county, "factor", lambda *_: 1.5)
    monkeypatch.setattr(job, "SITTINGS", played.Sittings())


@pytest.mark.usefixtures("_fresh")
def test_a_drill_is_played_to_its_end_and_only_then_told_the_truth(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Played as `ours` would, through a worker that is killed in the middle: the score is that of
    `ours`, and beside it stand those of every policy."""
    client = headquarters()
    number = begun(client, days=11)
    assert ports.played == [number]
    assert shown(client, number)["state"] == "preparing"
    for step in range(20):
        if step == 2:
            monkeypatch.setattr(job, "SITTINGS", played.Sittings())  # killed: nothing in hand
        job.run(number)
        job.run(number)  # taken up twice: nothing more is done
        told = shown(client, number)
        if told["state"] == "done":
            break
        assert (told["state"], told["step"], told["result"]) == ("waiting", step, None)
        assert "infect" not in json.dumps(told["evening"])
        answer = decide(client, number, step, **told["evening"]["proposed"])
        assert answer.status_code == 202, answer.content
        assert answer.json()["state"] == "stepping"
    result = told["result"]
    person, ours, *others = result["rows"]
    names = [one["policy"] for one in (ours, *others)]
    assert names == [policy.name for policy in policies.ALL]
    assert person == ours | {"policy": "person"}
    assert all(len(one["infected"]) == len(result["dates"]) for one in result["rows"])
    assert sum(person["infected"]) == person["infections"]
    assert len(told["decisions"]) == told["step"] > 3
    assert told["evening"] is None
    assert told["may_play"] is False
    (item,) = scenes.get(client, "/drills").json()["items"]
    assert [one["policy"] for one in item["headline"]][:2] == ["person", "ours"]
    decided = AuditEntry.objects.filter(action="drill.decide", object=f"drill:{number}")
    assert decided.count() == told["step"]
    assert {one.actor for one in decided} == {told["decisions"][0]["by"]}


def waiting(client: Client) -> int:
    """A drill whose worker has shown the first evening; no county is made for it."""
    drill = scenes.played(b.COUNTY)
    scenes.decided(drill)
    played.DrillDecision.objects.all().delete()
    first = {"code": "a", "village": "甲", "building": 1, "people": 9, "cases": 1, "last_day": 5}
    evening = scenes.EVENING | {"areas": [first]}
    played.Drill.objects.filter(pk=drill.pk).update(state="waiting", step=0, evening=evening)
    return drill.pk


def test_of_two_windows_the_second_decision_of_an_evening_is_refused() -> None:
    client = headquarters()
    number = waiting(client)
    assert decide(client, number, 0, areas=["a"]).status_code == 202
    late = decide(client, number, 0, lock=True)
    assert (late.status_code, late.json()["code"]) == (409, "drill.decided")
    early = decide(client, number, 1)
    assert (early.status_code, early.json()["code"]) == (409, "drill.not_waiting")
    assert [one["choice"]["areas"] for one in shown(client, number)["decisions"]] == [["a"]]


def test_what_the_evening_does_not_offer_cannot_be_decided() -> None:
    client = headquarters()
    number = waiting(client)
    for given, code in (({"areas": ["b"]}, "drill.area"), ({"degrees": [3]}, "drill.contacts")):
        answer = decide(client, number, 0, **given)
        assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert shown(client, number)["state"] == "waiting"


def test_an_abandoned_drill_goes_no_further_whatever_the_worker_had_in_hand() -> None:
    client = headquarters()
    number = waiting(client)
    decide(client, number, 0)
    left = scenes.post(client, f"/drills/{number}/abandon", {}, key="a")
    assert left.json()["state"] == "abandoned"
    job.run(number)
    told = shown(client, number)
    assert (told["state"], told["result"], told["evening"]) == ("abandoned", None, None)
    for path in ("abandon", "decide"):
        again = scenes.post(client, f"/drills/{number}/{path}", scenes.choice(1), key=path)
        assert (again.status_code, again.json()["code"]) in (
            (409, "drill.over"), (409, "drill.not_waiting"),
        )  # fmt: skip


@pytest.mark.parametrize(
    ("given", "status", "code"),
    [
        ({"title": " "}, 400, "drill.title"),
        ({"people": 60_000}, 400, "drill.limits"),
        ({"r0": 1.0}, 400, "drill.limits"),
        ({"unit": b.OTHER_COUNTY}, 404, "units.unknown"),
    ],
)
def test_a_drill_that_cannot_be_had_is_refused(
    given: dict[str, Any], status: int, code: str
) -> None:
    client = headquarters()
    answer = scenes.post(client, "/drills", scenes.wish(b.COUNTY) | given, key="x")
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["message"]["zh"]


def test_nobody_keeps_more_than_three_drills_open() -> None:
    client = headquarters()
    for n in range(3):
        assert scenes.post(client, "/drills", scenes.wish(b.CITY), key=str(n)).status_code == 202
    more = scenes.post(client, "/drills", scenes.wish(b.CITY), key="more")
    assert (more.status_code, more.json()["code"]) == (409, "drill.too_many")


@pytest.mark.usefixtures("_fresh")
def test_a_drill_of_another_version_fails_in_one_sentence() -> None:
    client = headquarters()
    number = waiting(client)
    decide(client, number, 0)
    played.Drill.objects.update(scenario={"people": 5_000, "luck": 1})
    job.run(number)
    told = played.get(number, b.scope())
    assert told.state == "failed"
    assert told.refusal["code"] == "drill.changed"


def test_the_form_names_the_county_that_is_resembled() -> None:
    client = headquarters()
    for unit in (b.CITY, b.COUNTY, b.VILLAGE):
        told = scenes.get(client, "/drills/form", unit=unit).json()
        assert told["county"]["code"] == b.COUNTY
    limits = {one["name"]: one for one in told["limits"]}
    assert limits["people"]["least"] <= limits["people"]["usual"] <= limits["people"]["most"]


def test_a_reader_sees_a_drill_and_cannot_play_it() -> None:
    client = headquarters()
    number = waiting(client)
    reader = scenes.signed_in((b.CITY, "supply_team"), name="reader")
    assert shown(reader, number)["may_play"] is False
    refused = decide(reader, number, 0)
    assert (refused.status_code, refused.json()["code"]) == (403, "permissions.missing")
    assert shown(client, number)["may_play"] is True
