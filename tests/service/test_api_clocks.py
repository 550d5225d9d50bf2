"""The clock wall through the door: shapes, counts that equal lists, who may do what, queries."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.service import builders as b
from tests.service import scenes
from zhongshu.rules.permissions import GRANTS, Permission, Role
from zhongshu.service.clocks import facade as clocks

pytestmark = pytest.mark.django_db
READERS = sorted(role for role in Role if Permission.CLOCK_READ in GRANTS[role])
BUCKETS = ("overdue", "h1", "h4", "h24", "later")


def late(side: scenes.Side, hours: float = 9) -> None:
    """Move the headquarters' clock past the due time of the side's signing, and sweep."""
    due = clocks.Clock.objects.get(pk=side.clock_id).due_at
    now = due + hours * b.HOUR
    scenes.clock_at(now)
    clocks.sweep(now=now)


def test_every_number_of_the_wall_is_the_length_of_its_list_for_each_role() -> None:
    inside, _ = scenes.two_cities()
    late(inside)
    for role in READERS:
        _wall_is_its_lists(scenes.signed_in((b.CITY, role), name=role), role)


def _wall_is_its_lists(client: Client, role: Role) -> None:
    wall = scenes.get(client, "/clocks/wall").json()
    assert wall["owners"][0]["unit"]["code"] == b.CITY
    assert not wall["owners"][0]["below"]

    def length(**query: Any) -> int:
        items = scenes.get(client, "/clocks", as_of=wall["now"], limit=200, **query).json()["items"]
        return len(items)

    for bucket in BUCKETS:
        assert length(bucket=bucket) == wall["totals"][bucket], role
        for one in wall["owners"]:
            assert length(bucket=bucket, owner=one["unit"]["code"]) == one[bucket], role
        for one in wall["kinds"]:
            assert length(bucket=bucket, clock=one["clock"]) == one[bucket], role
    assert wall["totals"]["overdue"] > 0, role


def test_a_list_is_paged_by_key_and_shows_each_clock_once() -> None:
    scenes.two_cities()
    client = scenes.signed_in((b.PROVINCE, "commander"))
    seen, after = [], None
    while True:
        query = {"limit": 2} | ({"after": after} if after else {})
        found = scenes.get(client, "/clocks", **query).json()
        seen += found["items"]
        after = found["next"]
        if after is None:
            break
    assert len({one["id"] for one in seen}) == len(seen)
    assert [one["due_at"] for one in seen] == sorted(one["due_at"] for one in seen)
    assert len(seen) == clocks.Clock.objects.filter(state="running").count()


def test_one_clock_tells_its_rule_its_ladder_and_what_happened() -> None:
    inside, _ = scenes.two_cities()
    late(inside, hours=0.1)
    client = scenes.signed_in((b.CITY, "duty_officer"))
    one = scenes.get(client, f"/clocks/{inside.clock_id}").json()
    assert one["clock"] == "directive-sign"
    assert one["subject"]["kind"] == "directive"
    assert one["subject"]["label"]["zh"] == f"指令 {inside.directive.number}"
    assert one["owner"]["code"] == inside.directive.unit_id
    assert (one["state"], one["stop_fact"], one["stopped_at"]) == ("overdue", "signed_at", None)
    assert one["pct"] > 100
    ladder = {step["step"]: step for step in one["ladder"]}
    assert list(ladder) == ["remind", "warn", "escalate", "escalate_two"]
    assert ladder["escalate"]["to"]["code"] == b.CITY
    assert ladder["escalate_two"]["to"]["code"] == b.PROVINCE
    assert ladder["escalate"]["done_at"]
    assert ladder["escalate_two"]["done_at"] is None
    assert {event["what"] for event in one["events"]} == {
        "started", "reminded", "remind", "warn", "escalate",
    }  # fmt: skip
    assert one["step"] == "escalate"
    assert one["may"] == {"remind": True, "waive": True}
    assert one["waived"] is None


def test_the_one_who_must_act_may_not_waive_and_is_not_offered_to() -> None:
    inside, _ = scenes.two_cities()
    client = scenes.signed_in((inside.directive.unit_id, "local_staff"))
    one = scenes.get(client, f"/clocks/{inside.clock_id}").json()
    assert one["may"]["waive"] is False
    body = {"reason": "duplicate", "note": "x"}
    answer = scenes.post(client, f"/clocks/{inside.clock_id}/waive", body)
    assert (answer.status_code, answer.json()["code"]) == (403, "permissions.missing")


def test_waiving_takes_it_off_the_wall_and_says_who_and_why() -> None:
    inside, _ = scenes.two_cities()
    client = scenes.signed_in((b.CITY, "commander"), name="boss")
    before = scenes.get(client, "/clocks/wall").json()["totals"]
    body = {"reason": "done_elsewhere", "note": "市里已办"}
    told = scenes.post(client, f"/clocks/{inside.clock_id}/waive", body).json()
    assert told["state"] == "waived"
    assert told["waived"]["reason"] == "done_elsewhere"
    assert (told["waived"]["note"], told["waived"]["by"]) == ("市里已办", "boss")
    assert told["may"] == {"remind": False, "waive": False}
    after = scenes.get(client, "/clocks/wall").json()["totals"]
    assert sum(after.values()) == sum(before.values()) - 1
    again = scenes.post(client, f"/clocks/{inside.clock_id}/waive", body, key="other")
    assert (again.status_code, again.json()["code"]) == (409, "clock.wrong_state")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"reason": "bored", "note": "x"}, "clocks.waive_reason"),
        ({"reason": "duplicate", "note": " "}, "clocks.waive_note"),
        ({"reason": "duplicate"}, "input.invalid"),
    ],
)
def test_a_waiver_without_a_reason_is_refused(body: dict[str, str], code: str) -> None:
    inside, _ = scenes.two_cities()
    client = scenes.signed_in((b.CITY, "commander"))
    answer = scenes.post(client, f"/clocks/{inside.clock_id}/waive", body)
    assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_a_reminder_reaches_the_owner_and_the_same_click_twice_is_one() -> None:
    inside, _ = scenes.two_cities()
    boss = scenes.signed_in((b.CITY, "commander"), name="boss")
    owner = scenes.signed_in((inside.directive.unit_id, "local_staff"), name="owner")
    before = scenes.get(owner, "/notifications/count").json()["unread"]
    for _ in range(2):
        scenes.post(boss, f"/clocks/{inside.clock_id}/remind", {"note": "请尽快"}, key="once")
    assert scenes.get(owner, "/notifications/count").json()["unread"] == before + 1
    first = scenes.get(owner, "/notifications", unread=True).json()["items"][0]
    assert (first["step"], first["note"], first["by"]) == ("reminded", "请尽快", "boss")
    assert first["clock"]["id"] == inside.clock_id
    read = scenes.post(owner, f"/notifications/{first['id']}/read", {}, key="r").json()
    assert read["read_at"]
    assert scenes.get(owner, "/notifications/count").json()["unread"] == before


def test_word_goes_to_the_unit_it_is_for_and_to_nobody_elses_post() -> None:
    inside, _ = scenes.two_cities()
    late(inside)
    units = {
        b.PROVINCE: "escalate_two",
        b.CITY: "escalate",
        inside.directive.unit_id: "warn",
    }
    for unit, step in units.items():
        client = scenes.signed_in((unit, "duty_officer"), name=unit)
        items = scenes.get(client, "/notifications", limit=200).json()["items"]
        assert {item["unit"]["code"] for item in items} == {unit}
        assert step in {item["step"] for item in items}
        assert len(items) == scenes.get(client, "/notifications/count").json()["unread"]
    ours = clocks.Notification.objects.filter(unit_id=b.CITY).first()
    assert ours is not None
    county = scenes.signed_in((inside.directive.unit_id, "commander"), name="c")
    answer = scenes.post(county, f"/notifications/{ours.pk}/read", {})
    assert (answer.status_code, answer.json()["code"]) == (404, "clocks.no_notification")


def test_the_wall_of_a_past_moment() -> None:
    inside, _ = scenes.two_cities()
    client = scenes.signed_in((b.CITY, "commander"))
    then = scenes.get(client, "/clocks/wall").json()
    late(inside)
    scenes.post(client, f"/clocks/{inside.clock_id}/waive",
                {"reason": "duplicate", "note": "x"})  # fmt: skip
    again = scenes.get(client, "/clocks/wall", as_of=then["now"]).json()
    assert (again["now"], again["totals"]) == (then["now"], then["totals"])
    listed = scenes.get(client, "/clocks", as_of=then["now"]).json()["items"]
    assert inside.clock_id in {one["id"] for one in listed}
    assert {one["state"] for one in listed} == {"running"}


@pytest.mark.parametrize("query", [{"bucket": "soon"}, {"state": "melted"}])
def test_an_unknown_bucket_or_state_is_refused(query: dict[str, str]) -> None:
    scenes.two_cities()
    client = scenes.signed_in((b.CITY, "commander"))
    answer = scenes.get(client, "/clocks", **query)
    assert (answer.status_code, answer.json()["code"]) == (400, "input.invalid")


def test_the_case_page_shows_the_record_even_to_the_village_that_does_not_own_it() -> None:
    inside, _ = scenes.two_cities()
    client = scenes.signed_in((b.VILLAGE, "village_clerk"))
    (one,) = scenes.get(client, f"/cases/{inside.case.pk}").json()["clocks"]
    assert (one["clock"], one["rule_id"], one["state"]) == ("case-report", "RPT-1", "met_late")


def queries(client: Any, path: str, **query: Any) -> int:
    scenes.get(client, path, **query)
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert scenes.get(client, path, **query).status_code == 200
    return len(seen)


# Session, user, posts, incident, entering and leaving the scope: 8; then what each needs.
MOST = {"/clocks/wall": 14, "/clocks": 17, "/notifications": 13, "/notifications/count": 11}


def test_queries_are_few_and_do_not_grow_with_the_list() -> None:
    inside, _ = scenes.two_cities()
    clients = {role: scenes.signed_in((b.CITY, role), name=role) for role in READERS}
    few = {at: queries(clients[at[0]], at[1]) for at in itertools.product(READERS, MOST)}
    late(inside)
    for (role, path), count in few.items():
        assert count <= queries(clients[role], path) <= MOST[path], (role, path)


def test_a_moment_without_a_zone_is_refused() -> None:
    scenes.two_cities()
    client = scenes.signed_in((b.CITY, "commander"))
    naive = dt.datetime(2022, 11, 8, 20).isoformat()  # noqa: DTZ001 - the point of the test
    assert scenes.get(client, "/clocks/wall", as_of=naive).json()["code"] == "moment.zone"
