"""The registry over the API: lists, a thing's page, the ledger, readiness, conversions."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.service import builders as b
from tests.service import scenes
from zhongshu.service.resources.registry import facade as registry

pytestmark = pytest.mark.django_db
AT = "2022-11-08T22:00:00+08:00"


def desk() -> Client:
    b.headquarters()
    scenes.clock_at(b.NOW + b.HOUR)
    scenes.reports(b.COUNTY, b.VILLAGE)
    return scenes.signed_in((b.CITY, "supply_team"))


def listed(client: Client, **query: Any) -> list[dict[str, Any]]:
    return scenes.get(client, "/resources/things", **query).json()["items"]  # type: ignore[no-any-return]


def test_the_list_is_narrowed_by_kind_state_name_and_whole() -> None:
    client = desk()
    assert len(listed(client)) == 8
    (hospital,) = listed(client, kind="hospital")
    assert hospital["pools"] == [
        {"pool": "beds", "total": 9, "free": 3, "reported": 3},
        {"pool": "icu", "total": 1, "free": 0, "reported": 0},
    ]
    assert hospital["usable"]
    assert hospital["origin"] == "feed"
    (site,) = listed(client, kind="site", text="隔离")
    assert [one["kind"] for one in listed(client, kind="room", part_of=site["code"])] == ["room"]
    assert listed(client, kind="room", state="cleaning") == []
    wrong = scenes.get(client, "/resources/things", kind="room", state="asleep")
    assert (wrong.status_code, wrong.json()["code"]) == (400, "resources.state")


@pytest.mark.parametrize("path", ["things", "readiness", "conversions"])
def test_another_citys_registry_looks_like_one_that_is_not_there(path: str) -> None:
    client = desk()
    for unit in (b.OTHER_CITY, "999999999999"):
        told = scenes.get(client, f"/resources/{path}", scope=unit)
        assert (told.status_code, told.json()["code"]) == (404, "units.unknown")


def test_a_state_is_changed_with_a_reason_and_its_history_told() -> None:
    client = desk()
    number = listed(client, kind="vehicle")[0]["id"]
    path = f"/resources/things/{number}"
    bare = scenes.post(client, f"{path}/state", {"state": "broken", "why": " "}, key="a")
    assert (bare.status_code, bare.json()["code"]) == (400, "resources.why")
    told = scenes.post(
        client, f"{path}/state", {"state": "broken", "why": "爆胎", "opens_in_h": 3}, key="b"
    ).json()
    assert (told["state"], told["usable"], told["opens_in_h"]) == ("broken", False, 3)
    assert [(one["before"], one["after"], one["why"]) for one in told["changes"]] == [
        ("ready", "broken", "爆胎"),
        ("", "ready", ""),
    ]
    before = scenes.get(client, "/resources/things", kind="vehicle", as_of=b.NOW.isoformat())
    assert before.json()["items"][0]["state"] == "ready"


def test_a_bed_is_held_by_hand_and_given_back_but_a_plans_is_not() -> None:
    client = desk()
    number = listed(client, kind="hospital")[0]["id"]
    path = f"/resources/things/{number}"
    body = {"pool": "beds", "amount": 2, "begins": AT, "note": "透析"}
    held = scenes.post(client, f"{path}/holds", body, key="a").json()
    again = scenes.post(client, f"{path}/holds", body, key="a").json()
    assert held == again
    assert [one["holder"] for one in held["holds"]] == ["person"]
    refused = scenes.post(client, f"{path}/holds", body, key="b")
    assert (refused.status_code, refused.json()["code"]) == (409, "resources.taken")
    assert "只剩1" in refused.json()["message"]["zh"]
    want = registry.Want(number, "beds", 1, b.NOW + 2 * b.HOUR)
    (plans,) = registry.hold(
        wants=[want], holder="plan:1", scope=b.scope(), actor=b.actor(), now=b.NOW
    )
    body = {"holds": [plans.pk, held["holds"][0]["id"]]}
    told = scenes.post(client, f"{path}/release", body, key="c").json()
    assert {one["holder"]: one["released_at"] is None for one in told["holds"]} == {
        "plan:1": True,
        "person": False,
    }


def test_a_time_without_a_zone_is_refused() -> None:
    client = desk()
    number = listed(client, kind="hospital")[0]["id"]
    body = {"pool": "beds", "amount": 1, "begins": "2022-11-08T22:00:00"}
    told = scenes.post(client, f"/resources/things/{number}/holds", body, key="a")
    assert (told.status_code, told.json()["code"]) == (400, "moment.zone")


def test_readiness_and_conversion_over_the_api() -> None:
    client = desk()
    scenes.reserved(b.COUNTY)
    rows = scenes.get(client, "/resources/readiness", hours=24).json()["rows"]
    (hall,) = [row for row in rows if row["kind"] == "site"]
    assert (hall["open"], hall["emergency"], hall["unit"]["code"]) == (300, 0, b.COUNTY)
    (turned,) = scenes.get(client, "/resources/conversions").json()["items"]
    back = f"/resources/conversions/{turned['id']}/reverse"
    refused = scenes.post(client, back, {"why": "恢复"}, key="a")
    assert (refused.status_code, refused.json()["code"]) == (409, "resources.held")
    hold = registry.Hold.objects.get()
    path = f"/resources/things/{hold.thing_id}"
    scenes.post(client, f"{path}/release", {"holds": [hold.pk]}, key="b")
    assert scenes.post(client, back, {"why": "恢复"}, key="c").json()["reversed_by"]
    assert scenes.get(client, path).json()["other"] == {"places": 300}
    body = {"unit": b.COUNTY, "mode": "emergency", "kinds": ["site"], "why": "再启用"}
    made = scenes.post(client, "/resources/conversions", body, key="d").json()
    assert (made["things"], made["mode"]) == (1, "emergency")


HALL = {
    "kind": "site", "code": "H1", "name": "第一中学体育馆", "unit": b.COUNTY, "state": "reserve",
    "capacity": {}, "emergency": {"places": 200}, "opens_in_h": 24, "lon": 112.5, "lat": 37.8,
}  # fmt: skip
LOT = {
    "kind": "lot", "code": "S9/n95", "name": "口罩", "unit": b.COUNTY, "capacity": {"units": 500},
    "facts": {"goods": "n95", "measure": "只", "expires_on": "2023-06-30"},
}  # fmt: skip


def test_a_person_enters_what_no_feed_reports_once() -> None:
    client = desk()
    made = scenes.post(client, "/resources/things", HALL, key="a").json()
    assert (made["state"], made["usable"], made["origin"]) == ("reserve", False, "person")
    assert made["other"] == {"places": 200}
    assert [(one["before"], one["after"]) for one in made["changes"]] == [("", "reserve")]
    again = scenes.post(client, "/resources/things", HALL, key="b")
    assert (again.status_code, again.json()["code"]) == (409, "resources.known")


def test_a_code_known_to_another_city_only_is_refused_the_same_way() -> None:
    client = desk()
    registry.enter(
        drafts=[registry.Draft("site", "H1", "外地", b.OTHER_COUNTY, {"places": 3})],
        scope=b.scope(), actor=b.actor(), now=b.NOW,
    )  # fmt: skip
    told = scenes.post(client, "/resources/things", HALL, key="a")
    assert (told.status_code, told.json()["code"]) == (409, "resources.known")
    assert "外地" not in told.content.decode()


def test_a_lot_stands_in_a_store_that_is_there() -> None:
    client = desk()
    bare = scenes.post(client, "/resources/things", LOT | {"part_of": "nowhere"}, key="a")
    assert (bare.status_code, bare.json()["code"]) == (400, "resources.part_of")
    store = listed(client, kind="store")[0]["code"]
    made = scenes.post(client, "/resources/things", LOT | {"part_of": store}, key="b").json()
    assert made["facts"] == LOT["facts"]
    assert {one["code"] for one in listed(client, part_of=store)} >= {"S9/n95"}


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"kind": "castle"}, "resources.kind"),
        ({"state": "asleep"}, "resources.state"),
        ({"code": " "}, "resources.name"),
        ({"capacity": {"beds": 3}}, "resources.no_pool"),
        ({"emergency": None}, "resources.empty"),
        ({"emergency": {"places": -1}}, "resources.capacity"),
        ({"facts": {"goods": "n95"}}, "resources.fact"),
        ({"lat": None}, "resources.place"),
        ({"state": "open"}, "resources.opens_in_h"),
        ({"part_of": "S1"}, "resources.stands_alone"),
        ({"unit": b.OTHER_COUNTY}, "units.unknown"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(wrong: dict[str, Any], code: str) -> None:
    client = desk()
    told = scenes.post(client, "/resources/things", HALL | wrong, key="a").json()
    assert told["code"] == code
    assert told["message"]["zh"] != told["message"]["en"]


def test_a_lots_last_day_is_a_day() -> None:
    client = desk()
    store = listed(client, kind="store")[0]["code"]
    body = LOT | {"part_of": store, "facts": {"expires_on": "soon"}}
    told = scenes.post(client, "/resources/things", body, key="a")
    assert (told.status_code, told.json()["code"]) == (400, "resources.expires_on")
