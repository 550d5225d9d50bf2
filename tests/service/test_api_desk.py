"""The desk: figures equal their lists, decisions are made once, directives are answered."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.service import builders as b
from tests.service import ports, scenes, tubed
from zhongshu.service.contacts import facade as contacts
from zhongshu.service.directives import facade as directives
from zhongshu.service.zones import facade as zones

pytestmark = pytest.mark.django_db
ROUTE = {"sites": "/resources/sites", "hospitals": "/resources/hospitals"}


def everything(client: Client, path: str, **query: Any) -> list[dict[str, Any]]:
    """All pages of a list, two items at a time."""
    items: list[dict[str, Any]] = []
    after: dict[str, str] = {}
    while True:
        page = scenes.get(client, path, **query, limit=2, **after).json()
        items += page["items"]
        if page["next"] is None:
            return items
        after = {"after": page["next"]}


def busy_city() -> None:
    """Enough of everything that each figure counts something and leaves something out."""
    inside, _ = scenes.two_cities()
    b.register(*(b.person(n, 20) for n in range(20, 26)), homes=[b.household(20, b.VILLAGE_2)])
    second = b.case(20, b.VILLAGE_2, category="asymptomatic")
    third = b.case(21, b.VILLAGE, reported_at=b.NOW - b.HOUR)
    outside = contacts.Contact.objects.exclude(pk=inside.contact.pk).get()
    b.trace_all(
        {
            inside.case: [(2, 1), (22, 1), (23, 2)],
            second: [(22, 2), (24, 2), (25, 1)],
            third: [(20, 1)],
            outside.case: [(52, 1)],
        }
    )
    dropped = contacts.Contact.objects.get(person=b.pseudonym(25))
    contacts.decide(
        contact_ids=[dropped.pk], action="exclude", reason="away", actor=b.actor(), now=b.NOW
    )
    zones.move(zone_ids=[inside.zone_id], action="activate", actor=b.actor(), now=b.NOW)
    scenes.clock_at(b.NOW + 3 * b.HOUR)  # the order of `side` was not signed in two hours


def test_every_figure_equals_the_list_it_links_to() -> None:
    busy_city()
    client = scenes.signed_in((b.CITY, "commander"))
    figures = scenes.get(client, "/situation").json()["figures"]
    seen = {}
    for figure in figures:
        route = figure["list"]["route"]
        items = everything(client, ROUTE.get(route, f"/{route}"), **figure["list"]["filters"])
        counted = {
            "residents_restricted": sum(one.get("residents", 0) for one in items),
            "rooms_free": sum(one.get("rooms_free", 0) for one in items),
            "beds_free": sum(one.get("beds_free", 0) for one in items),
        }.get(figure["key"], len(items))
        assert figure["value"] == counted, figure["key"]
        seen[figure["key"]] = figure["value"]
    assert seen == {
        "cases_new": 1,
        "cases_confirmed_total": 2,
        "cases_asymptomatic_total": 1,
        "contacts_close": 3,  # 2, 22 (closest of two), 20; 25 was excluded
        "contacts_second": 2,  # 23, 24
        "contacts_in_isolation_needed": 5,
        "signals_open": 1,
        "zones_high": 1,
        "zones_medium": 0,
        "residents_restricted": 120,
        "rooms_free": 1,
        "beds_free": 3,
        "proposals_waiting": 1,
        "directives_overdue": 1,
    }


def test_figures_of_a_moment_before_the_first_run_say_that_nothing_was_known() -> None:
    busy_city()
    client = scenes.signed_in((b.CITY, "commander"))
    then = (b.NOW - 2 * b.DAY).isoformat()
    told = scenes.get(client, "/situation", as_of=then).json()
    figures = {one["key"]: one for one in told["figures"]}
    assert figures["cases_confirmed_total"]["value"] == 0
    assert figures["contacts_close"]["value"] is None
    assert figures["contacts_close"]["missing"]["zh"]
    assert figures["rooms_free"]["value"] is None
    assert told["run"] is None


def test_the_picture_costs_the_same_queries_whatever_is_in_it() -> None:
    scenes.two_cities()
    client = scenes.signed_in((b.CITY, "local_staff"))
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert scenes.get(client, "/situation").status_code == 200
        counts.append(len(queries))
        b.take_cases(*(b.case_row(n) for n in range(30, 40)))
    assert counts[0] == counts[1] <= 32


LISTS = [
    ("/cases", "data_team", 13),
    ("/contacts", "data_team", 16),
    ("/signals", "epidemiologist", 14),
    ("/signals/groups", "epidemiologist", 17),
    ("/signals/snoozes", "epidemiologist", 11),
    ("/signals/quality", "epidemiologist", 17),
    ("/signals/selftests", "epidemiologist", 10),
    ("/signals/breaks", "epidemiologist", 10),
    ("/zones", "testing_team", 11),
    ("/zones/plans", "epidemiologist", 10),
    ("/whatif", "commander", 10),
    ("/drills", "testing_team", 11),
    ("/proposals", "commander", 10),
    ("/directives", "local_staff", 13),
    ("/resources/sites", "supply_team", 11),
    ("/resources/prices", "supply_team", 10),
    ("/resources/things", "supply_team", 11),
    ("/resources/readiness", "supply_team", 11),
    ("/resources/conversions", "supply_team", 10),
    ("/rounds", "testing_team", 10),
    ("/tubes", "testing_team", 13),
    ("/dispatch/plans", "transfer_team", 10),
    ("/dispatch/jobs", "local_staff", 11),
    ("/dispatch/open-events", "transfer_team", 11),
    ("/runs", "system_admin", 11),
    ("/feeds", "auditor", 10),
    ("/audit", "auditor", 11),
    ("/findings", "auditor", 10),
    ("/codes", "data_team", 12),
]


def test_a_list_costs_few_queries_and_no_more_for_more_rows() -> None:
    busy_city()
    scenes.dispatched(b.COUNTY)
    for point in "AB":
        scenes.priced(point, 20.0, 20.0, 20.0, 25.0)
    for mark in ("T1", "T2"):
        tubed.positive(mark=mark)
    for path, role, most in LISTS:
        client = scenes.signed_in((b.CITY, role), name=path)
        counts = []
        for limit in (1, 50):
            with CaptureQueriesContext(connection) as queries:
                assert scenes.get(client, path, limit=limit).status_code == 200, path
            counts.append(len(queries))
        assert max(counts) <= most, path
        # a first page of one may find no evidence to look up
        assert counts[1] <= counts[0] + 1, path


def test_paging_gives_every_item_once_in_order() -> None:
    b.headquarters()
    scenes.clock_at(b.NOW + b.HOUR)
    # Equal times: the second column of the key has to part them.
    b.take_cases(*(b.case_row(n, reported_at=b.NOW - b.DAY * (n % 2)) for n in range(7)))
    client = scenes.signed_in((b.CITY, "data_team"))
    paged = [one["id"] for one in everything(client, "/cases")]
    whole = [one["id"] for one in scenes.get(client, "/cases", limit=200).json()["items"]]
    assert paged == whole
    assert len(set(paged)) == 7


@pytest.mark.parametrize("mark", ["x", "bm90IGpzb24", "WzFd", "WyJhIiwiYiJd"])
def test_a_page_mark_of_somebody_elses_making_is_refused(mark: str) -> None:
    b.headquarters()
    client = scenes.signed_in((b.CITY, "data_team"))
    for path in ("/cases", "/resources/sites"):
        answer = scenes.get(client, path, after=mark)
        if path == "/cases" or mark in ("x", "bm90IGpzb24", "WyJhIiwiYiJd"):
            assert (answer.status_code, answer.json()["code"]) == (400, "paging.cursor")


def decide(client: Client, proposal_id: int, key: str, **body: Any) -> Any:
    return scenes.post(client, f"/proposals/{proposal_id}/decision", body, key=key)


def test_the_same_decision_sent_twice_is_made_once() -> None:
    inside, _ = scenes.two_cities()
    client = scenes.signed_in((b.CITY, "commander"))
    first = decide(client, inside.proposal.pk, "a", verdict="approve")
    again = decide(client, inside.proposal.pk, "a", verdict="approve")
    assert first.status_code == 200, first.content
    assert first.json() == again.json()
    assert directives.Directive.objects.filter(proposal_id=inside.proposal.pk).count() == 1
    other = decide(client, inside.proposal.pk, "a", verdict="reject", reason="x")
    assert (other.status_code, other.json()["code"]) == (409, "idempotency.other_request")
    late = decide(client, inside.proposal.pk, "b", verdict="reject", reason="x")
    assert (late.status_code, late.json()["code"]) == (409, "proposal.wrong_state")


def test_a_refused_decision_can_be_sent_again_under_the_same_key() -> None:
    inside, _ = scenes.two_cities()
    client = scenes.signed_in((b.CITY, "commander"))
    assert decide(client, inside.proposal.pk, "a", verdict="reject").status_code == 400
    assert decide(client, inside.proposal.pk, "a", verdict="reject").status_code == 400
    answer = decide(client, inside.proposal.pk, "b", verdict="reject", reason="no")
    assert answer.json()["decision"]["verdict"] == "reject"


def test_a_write_without_a_key_is_refused() -> None:
    inside, _ = scenes.two_cities()
    client = scenes.signed_in((b.CITY, "commander"))
    answer = client.post(
        f"/api/v1/proposals/{inside.proposal.pk}/decision",
        {"verdict": "approve"},
        content_type="application/json",
    )
    assert (answer.status_code, answer.json()["code"]) == (400, "input.invalid")


def test_a_proposal_page_shows_reasons_and_who_decided() -> None:
    inside, _ = scenes.two_cities()
    client = scenes.signed_in((b.CITY, "commander"))
    path = f"/proposals/{inside.proposal.pk}"
    shown = scenes.get(client, path).json()
    assert shown["may_decide"] is True
    assert shown["recipients"][0]["name"] == "小店区"
    decide(client, inside.proposal.pk, "a", verdict="approve")
    after = scenes.get(client, path).json()
    assert (after["state"], after["decision"]["post"]) == ("approved", "太原市")
    assert after["may_decide"] is False


def test_buttons_and_doors_agree_on_a_directive() -> None:
    inside, _ = scenes.two_cities()
    county = scenes.signed_in((b.COUNTY, "local_staff"))
    path = f"/directives/{inside.directive.pk}"
    body: dict[str, dict[str, Any]] = {
        "report": {"text": "x"},
        "forward": {"to_units": [b.VILLAGE]},
    }
    may = scenes.get(county, path).json()["may"]
    assert may == {"receive": True, "sign": True, "report": False, "close": False, "forward": False}
    for action in ("report", "close", "forward"):
        answer = scenes.post(county, f"{path}/{action}", body.get(action, {}), key=action)
        assert answer.status_code in (403, 409), action
    signed = scenes.post(county, f"{path}/sign", {"note": "收到"}, key="sign").json()
    assert signed["state"] == "signed"
    assert [event["action"] for event in signed["events"]] == ["issue", "sign"]
    assert signed["may"]["forward"] is True
    passed = scenes.post(county, f"{path}/forward", body["forward"], key="forward").json()
    assert [child["to_unit"]["code"] for child in passed["children"]] == [b.VILLAGE]
    clerk = scenes.signed_in((b.VILLAGE, "village_clerk"), name="clerk")
    (mine,) = scenes.get(clerk, "/directives", mine=True).json()["items"]
    assert mine["to_unit"]["code"] == b.VILLAGE
    seen = scenes.get(clerk, f"/directives/{mine['id']}").json()
    assert seen["ancestors"] == []  # the county's own is outside his scope


def test_a_run_is_queued_as_of_now_or_of_the_moment_asked_for() -> None:
    scenes.two_cities()
    client = scenes.signed_in((b.CITY, "duty_officer"))
    asked = (b.NOW - b.DAY).isoformat()
    assert scenes.post(client, "/runs", {"as_of": asked}, key="1").status_code == 200
    assert scenes.post(client, "/runs", {"as_of": asked}, key="1").status_code == 200
    assert ports.queued == [b.NOW - b.DAY]


def test_the_map_shows_ones_own_cases_and_numbers_of_five_or_more_elsewhere() -> None:
    scenes.two_cities()
    client = scenes.signed_in((b.CITY, "commander"))

    def cases_layer() -> dict[str, Any]:
        layers = scenes.get(client, "/map/layers").json()["layers"]
        return next(layer for layer in layers if layer["key"] == "cases")

    alone = cases_layer()
    assert (alone["count"], alone["suppressed"]) == (1, True)
    assert len(alone["features"]["features"]) == 1
    b.take_cases(*(b.case_row(n, b.OTHER_VILLAGE) for n in range(60, 64)))
    five = cases_layer()
    (own, elsewhere) = five["features"]["features"]
    assert own["geometry"]["coordinates"] == [112.5, 37.8]
    assert elsewhere["properties"] == {"code": b.OTHER_COUNTY, "name": "新荣区", "count": 5}
    assert five["suppressed"] is False


def test_the_map_has_its_twelve_layers_and_names_its_source() -> None:
    scenes.two_cities()
    client = scenes.signed_in((b.CITY, "testing_team"))
    told = scenes.get(client, "/map/layers").json()
    assert len({layer["key"] for layer in told["layers"]}) == 12
    assert told["source"]


def test_boundaries_are_sent_once_and_then_only_confirmed() -> None:
    b.headquarters()
    client = scenes.signed_in((b.CITY, "testing_team"))
    first = scenes.get(client, "/map/boundaries/nanchang_districts")
    assert first.json()["source"]
    again = client.get(
        "/api/v1/map/boundaries/nanchang_districts", headers={"If-None-Match": first["ETag"]}
    )
    assert (again.status_code, again.content) == (304, b"")
