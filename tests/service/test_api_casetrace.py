"""Tracing a case through the door: fresh, written, changes, by hand, merged; rights and queries."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.service import builders as b
from tests.service import scenes
from zhongshu.lake import schema
from zhongshu.service.audit import facade as audit
from zhongshu.service.contacts.models import Contact
from zhongshu.service.tracing import facade as tracing

pytestmark = pytest.mark.django_db
MET = b.NOW - 3 * b.DAY


@pytest.fixture
def here(settings: Any) -> dict[str, Any]:
    """A case in Taiyuan who met three people at a restaurant, one of whom lives in Datong."""
    b.headquarters()
    scenes.clock_at(b.NOW)
    b.register(
        *[b.person(n, n) for n in range(1, 5)],
        b.person(9, 9, "外地人"),
        homes=[b.household(n) for n in range(1, 5)] + [b.household(9, b.OTHER_VILLAGE)],
    )
    case = b.case(1)
    index = tracing.index(Path(settings.ZHONGSHU_LAKE))
    row = dict.fromkeys(schema.PLACES.names)
    row |= {"place_id": "R", "name": "饭店", "kind": "restaurant", "village_code": b.VILLAGE}
    index.lake.write_places(pa.Table.from_pylist([row]))
    place = index.lake.place_keys(pa.array(["R"]))[0][0].as_py()
    visits = [
        {"person": b.pseudonym(n), "place": place, "time_in": MET, "time_out": MET + b.HOUR,
         "source": "venue_scan", "recorded_at": MET}
        for n in (1, 2, 3, 9)
    ]  # fmt: skip
    index.land(pa.Table.from_pylist(visits, schema=schema.VISITS), b.NOW)
    return {"case": case, "index": index, "place": place}


def team(code: str = b.CITY, name: str = "team") -> Client:
    return scenes.signed_in((code, "data_team"), name=name)


def named(serial: int, case_id: int, **given: Any) -> dict[str, Any]:
    body = {"case_id": case_id, "id_no": b.id_no(serial), "kind": "care",
            "from": (MET - b.HOUR).isoformat(), "to": MET.isoformat(), "note": "送饭"}  # fmt: skip
    return body | given


def test_a_fresh_trace_tells_what_would_change_and_writes_nothing(here: dict[str, Any]) -> None:
    answer = scenes.get(team(), f"/cases/{here['case'].pk}/trace").json()
    assert (answer["engine"], answer["close"], answer["second"]) == ("hot", 2, 0)
    assert answer["difference"] == {"added": 2, "removed": 0}
    assert answer["sensitivity"] == {"tolerance_min": 5.0, "sure": 3, "listed": 3, "possible": 3}
    assert answer["window"]["rule_id"]
    assert answer["capped"] is None
    assert not Contact.objects.exists()


def test_a_written_trace_says_whom_it_added_and_the_second_time_nobody(
    here: dict[str, Any],
) -> None:
    client, path = team(), f"/cases/{here['case'].pk}/trace"
    first = scenes.post(client, path, {}, key="1").json()
    assert {row["contact"]["degree"] for row in first["added"]} == {1}
    assert len(first["added"]) == 2
    assert {row["reason_code"] for row in first["added"]} == {"new_case"}
    again = scenes.post(client, path, {}, key="2").json()
    assert (again["added"], again["removed"]) == ([], [])
    assert Contact.objects.filter(kind="dining_leisure", places=1).count() == 3
    assert scenes.get(client, path).json()["difference"] == {"added": 0, "removed": 0}


def test_changes_are_listed_newest_first_and_only_of_people_within_ones_rights(
    here: dict[str, Any],
) -> None:
    scenes.post(team(b.PROVINCE), f"/cases/{here['case'].pk}/trace", {}, key="1")
    path = f"/cases/{here['case'].pk}/changes"
    every = scenes.get(team(b.PROVINCE, "all"), path).json()["items"]
    mine = scenes.get(team(b.CITY, "city"), path).json()["items"]
    assert (len(every), len(mine)) == (3, 2)
    assert [row["id"] for row in every] == sorted((row["id"] for row in every), reverse=True)
    page = scenes.get(team(b.PROVINCE, "paging"), path, limit=2).json()
    rest = scenes.get(team(b.PROVINCE, "paging2"), path, limit=2, after=page["next"]).json()
    assert [row["id"] for row in page["items"] + rest["items"]] == [row["id"] for row in every]
    assert rest["next"] is None


def test_changes_cost_the_same_queries_however_many_they_are(here: dict[str, Any]) -> None:
    client, path = team(), f"/cases/{here['case'].pk}/changes"
    scenes.get(client, path)
    with CaptureQueriesContext(connection) as none:
        scenes.get(client, path)
    scenes.post(client, f"/cases/{here['case'].pk}/trace", {}, key="1")
    with CaptureQueriesContext(connection) as some:
        scenes.get(client, path)
    assert len(some) <= len(none) + 3  # units, persons and their units, once each


def test_a_contact_is_named_by_hand_and_no_trace_takes_him_away(here: dict[str, Any]) -> None:
    client = team()
    body = named(4, here["case"].pk)
    answer = scenes.post(client, "/contacts", body, key="n")
    assert answer.status_code == 200, answer.content
    told = answer.json()
    assert (told["kind"], told["by_hand"], told["degree"], told["note"]) == (
        "care", True, 1, "送饭",
    )  # fmt: skip
    assert told["exposures"][0]["setting"] == "by_hand"
    assert told["minutes"] == 60
    scenes.post(client, f"/cases/{here['case'].pk}/trace", {}, key="1")
    row = Contact.objects.get(person=b.pseudonym(4))
    assert (row.withdrawn_as_of, row.by_hand, row.kind) == (None, True, "care")
    assert row.exposures.count() == 1
    codes = [
        change["reason_code"]
        for change in scenes.get(client, f"/cases/{here['case'].pk}/changes").json()["items"]
        if change["contact"]["id"] == row.pk
    ]
    assert codes == ["by_hand"]
    assert audit.entries(scope=None).filter(action="contact.name").count() == 1


@pytest.mark.parametrize(
    ("given", "code", "status"),
    [
        ({"id_no": b.id_no(77)}, "people.unknown", 404),
        ({"id_no": b.id_no(9)}, "people.unknown", 404),
        ({"id_no": b.id_no(1)}, "contacts.himself", 400),
        ({"kind": "friend"}, "contacts.kind", 400),
        ({"from": "2022-11-08T10:00:00+08:00", "to": "2022-11-08T09:00:00+08:00"},
         "contacts.named_times", 400),
        ({"from": "2022-11-07T10:00:00", "to": "2022-11-07T11:00:00"}, "time.naive", 400),
    ],
)  # fmt: skip
def test_who_cannot_be_named_is_refused_and_nothing_is_written(
    here: dict[str, Any], given: dict[str, Any], code: str, status: int
) -> None:
    answer = scenes.post(team(), "/contacts", named(4, here["case"].pk, **given))
    assert (answer.json()["code"], answer.status_code) == (code, status)
    assert not Contact.objects.exists()


def test_nobody_is_named_twice(here: dict[str, Any]) -> None:
    client = team()
    scenes.post(client, "/contacts", named(4, here["case"].pk), key="1")
    answer = scenes.post(client, "/contacts", named(4, here["case"].pk), key="2")
    assert (answer.status_code, answer.json()["code"]) == (409, "contacts.named_already")


def test_merged_people_are_one_contact_from_the_next_trace_on(here: dict[str, Any]) -> None:
    client, path = team(), f"/cases/{here['case'].pk}/trace"
    body = {"keep": b.id_no(2), "other": b.id_no(3), "reason": "同一人，旧身份证"}
    assert scenes.post(client, "/persons/merge", body, key="m").json() == {"merged": True}
    assert scenes.get(client, path).json()["close"] == 1
    again = scenes.post(client, "/persons/merge", body, key="m2")
    assert (again.status_code, again.json()["code"]) == (409, "people.merged_already")
    undone = scenes.post(
        client, "/persons/split", {"person": b.id_no(3), "reason": "误认"}, key="s"
    )
    assert undone.status_code == 200
    assert scenes.get(client, path).json()["close"] == 2
    acts = audit.entries(scope=None).filter(action__startswith="people.")
    assert {"people.merged", "people.split"} <= set(acts.values_list("action", flat=True))


def test_people_outside_ones_rights_cannot_be_merged(here: dict[str, Any]) -> None:
    body = {"keep": b.id_no(2), "other": b.id_no(9), "reason": "x"}
    answer = scenes.post(team(), "/persons/merge", body)
    assert (answer.status_code, answer.json()["code"]) == (404, "people.unknown")


def test_a_window_older_than_what_is_kept_is_traced_from_there_and_says_so(
    here: dict[str, Any],
) -> None:
    old = b.NOW - 60 * b.DAY
    case = b.case(2, onset_date=old.date(), sampled_at=old, confirmed_at=old, reported_at=old)
    client, path = team(), f"/cases/{case.pk}/trace"
    asked, written = scenes.get(client, path), scenes.post(client, path, {}, key="old")
    assert (asked.status_code, written.status_code) == (200, 200)
    first = asked.json()["kept_from"]
    assert asked.json()["window"]["from"][:10] < first < b.NOW.date().isoformat()
    assert written.json()["kept_from"] == first
    assert scenes.get(client, f"/cases/{here['case'].pk}/trace").json()["kept_from"] is None
