"""Case pages, contacts, identities: masked until opened for a purpose, and then on record."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa
import pytest
from django.conf import settings
from django.test import Client

from tests.service import builders as b
from tests.service import scenes
from zhongshu.lake.lake import Lake
from zhongshu.lake.schema import VISITS
from zhongshu.service.audit import facade as audit
from zhongshu.service.people.models import AccessRecord

pytestmark = pytest.mark.django_db


def test_a_case_page_masks_the_person() -> None:
    inside, _ = scenes.two_cities()
    client = scenes.signed_in((b.CITY, "commander"))
    shown = scenes.get(client, f"/cases/{inside.case.pk}").json()
    assert shown["identity"] == {
        "name": "甲*",
        "id_no": "9900**********001X",
        "address": "坞城社区",
        "masked": True,
    }
    assert b.id_no(1) not in str(shown)
    assert shown["age_band"] == "30-39"
    assert shown["county"]["name"] == "小店区"
    assert [item["kind"] for item in shown["timeline"]] == [
        "exposure_window", "onset", "confirmed", "sample", "reported",
    ]  # fmt: skip


def test_the_window_begins_the_packs_days_before_onset() -> None:
    inside, _ = scenes.two_cities()
    client = scenes.signed_in((b.CITY, "commander"))
    window = scenes.get(client, f"/cases/{inside.case.pk}").json()["window"]
    begins = dt.datetime.fromisoformat(window["from"])
    assert begins.astimezone(b.BEIJING).date() == dt.date(2022, 11, 3)
    assert window["rule_id"] == "WHO-1"


def test_the_timeline_shows_where_he_was_as_known_then() -> None:
    inside, _ = scenes.two_cities()
    lake = Lake(settings.ZHONGSHU_LAKE)
    place = {"place_id": "P7", "name": "合成市场", "kind": "market", "village_code": b.VILLAGE}
    lake.write_places(pa.Table.from_pylist([place | {"lon": 112.5, "lat": 37.8}]))
    (key,), _known = lake.place_keys(pa.array(["P7"]))
    visit = {
        "person": inside.case.person, "place": key.as_py(), "time_in": b.NOW - 3 * b.DAY,
        "time_out": None, "source": "venue_scan", "recorded_at": b.NOW - b.DAY,
    }  # fmt: skip
    lake.write_visits(pa.Table.from_pylist([visit], schema=VISITS))
    client = scenes.signed_in((b.CITY, "commander"))
    path = f"/cases/{inside.case.pk}"
    (seen,) = [i for i in scenes.get(client, path).json()["timeline"] if i["kind"] == "visit"]
    assert (seen["place"]["name"], seen["imputed"]) == ("合成市场", True)
    then = (b.NOW - b.DAY).isoformat()
    earlier = scenes.get(client, path, as_of=then).json()["timeline"]
    assert [i for i in earlier if i["kind"] == "visit"] == [seen]
    b.take_cases(b.case_row(1, reported_at=b.NOW - 2 * b.DAY))
    before = (b.NOW - b.DAY - b.HOUR).isoformat()
    shown = scenes.get(client, path, as_of=before)
    assert shown.status_code == 200
    assert [i for i in shown.json()["timeline"] if i["kind"] == "visit"] == []


def test_opening_an_identity_needs_a_purpose_and_leaves_a_record() -> None:
    inside, _ = scenes.two_cities()
    client = scenes.signed_in((b.CITY, "data_team"), name="data")
    path = f"/cases/{inside.case.pk}/identity"
    wrong = scenes.post(client, path, {"purpose": "curiosity"})
    assert (wrong.status_code, AccessRecord.objects.count()) == (400, 0)
    opened = scenes.post(client, path, {"purpose": "investigation", "note": "电话流调"}).json()
    assert (opened["name"], opened["id_no"]) == ("甲", b.id_no(1))
    access = AccessRecord.objects.get()
    assert (access.actor, access.purpose, access.pseudonyms) == (
        "data", "investigation", [inside.case.person],
    )  # fmt: skip
    entry = audit.entries(action="identity.open").get()
    assert (entry.actor, entry.post) == ("data", f"{b.CITY}:data_team")
    assert b.id_no(1) not in str(entry.facts)


def test_the_history_tells_who_changed_what() -> None:
    inside, _ = scenes.two_cities()
    row = b.case_row(1, case_no=inside.case.case_no, severity="severe")
    b.take_cases(row, at=b.NOW + b.HOUR)
    client = scenes.signed_in((b.CITY, "epidemiologist"))
    latest, first = scenes.get(client, f"/cases/{inside.case.pk}").json()["history"]
    assert latest["changes"] == {"severity": ["mild", "severe"]}
    assert (latest["by"], latest["action"]) == ("intake", "cases.take")
    assert first["changes"]["category"] == [None, "confirmed"]
    assert str(inside.case.person) not in str([latest, first])


def test_contacts_come_with_the_evidence_for_each() -> None:
    inside, _ = scenes.two_cities()
    client = scenes.signed_in((b.CITY, "data_team"))
    (seen,) = scenes.get(client, f"/cases/{inside.case.pk}/contacts").json()["items"]
    assert (seen["masked_name"], seen["degree"], seen["minutes"]) == ("乙*", 1, 30.0)
    assert seen["rule_id"] == "WHO-1"
    assert seen["rule"]["zh"].startswith("密接")
    (exposure,) = seen["exposures"]
    assert (exposure["setting"], exposure["minutes"]) == ("visit", 30.0)


def test_a_contact_is_downgraded_with_a_reason_only() -> None:
    inside, _ = scenes.two_cities()
    client = scenes.signed_in((b.CITY, "data_team"))
    path = f"/contacts/{inside.contact.pk}/decision"
    assert scenes.post(client, path, {"action": "downgrade"}, key="1").status_code == 400
    body = {"action": "downgrade", "reason": "戴口罩，无近距离接触"}
    assert scenes.post(client, path, body, key="2").json()["state"] == "downgraded"
    again = scenes.post(client, path, {"action": "isolate"}, key="3")
    assert (again.status_code, again.json()["code"]) == (409, "contact.wrong_state")


def test_a_unit_page_names_its_zone_host_and_ancestors() -> None:
    b.headquarters()
    client = scenes.signed_in((b.PROVINCE, "commander"))
    zone = scenes.get(client, f"/units/{b.ZONE}").json()
    assert (zone["zone"], zone["host"]["name"]) == (True, "小店区")
    assert [unit["level"] for unit in zone["ancestors"]] == ["province", "city"]
    found = scenes.get(client, "/units", q="小店").json()
    assert [unit["code"] for unit in found] == [b.COUNTY]
    children = scenes.get(client, f"/units/{b.CITY}/children").json()
    assert [unit["name"] for unit in children] == ["小店区", "太原示范区"]


def test_a_pack_shows_every_figure_with_its_mark() -> None:
    b.headquarters()
    client = scenes.signed_in((b.CITY, "commander"))
    pack = scenes.get(client, "/packs/cn-covid-9", as_of=b.NOW.isoformat()).json()
    figures = {one["key"]: one for one in pack["figures"]}
    assert figures["trace.window_days_before"]["value"] == 2
    assert {True, False} == {one["verified"] for one in pack["figures"]}
    assert pack["version"] == "cn-covid-9"


def test_reports_are_for_those_whose_rights_cover_what_they_speak_of() -> None:
    b.headquarters()
    high = scenes.signed_in((b.PROVINCE, "commander"), name="high")
    low = scenes.signed_in((b.CITY, "commander"), name="low")
    assert len(scenes.get(high, "/reports").json()) == 1
    assert scenes.get(low, "/reports").json() == []
    page = scenes.get(high, "/reports/2022-11-08/zh.html")
    assert page["Content-Type"].startswith("text/html")
    assert scenes.get(low, "/reports/2022-11-08/zh.html").status_code == 404


def test_health_says_whether_the_database_answers() -> None:
    assert scenes.get(Client(), "/health").json()["database"] is True
