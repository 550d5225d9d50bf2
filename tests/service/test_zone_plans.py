"""Zones at least cost through the door: ground, drawing, plan, proposal, decision; rights."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.service import builders as b
from tests.service import scenes
from zhongshu.service.periods import facade as periods
from zhongshu.service.zones.models import Zone, ZonePlan
from zhongshu.service.zones.planning import ground as grounds

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Any:
    grounds._kept.clear()
    scenes.two_cities()
    b.register(
        *(b.person(serial, serial) for serial in (11, 12, 13)),
        homes=[b.household(serial, b.VILLAGE_2) for serial in (11, 12, 13)],
    )
    b.case(11, b.VILLAGE_2)
    return scenes.signed_in((b.CITY, "duty_officer"))


def plan(client: Any, key: str = "p", **given: Any) -> dict[str, Any]:
    answer = scenes.post(client, "/zones/plans", {"unit": b.COUNTY, "zones": 2} | given, key=key)
    assert answer.status_code == 200, answer.content.decode()
    return answer.json()


def test_the_ground_tells_who_lives_there_and_what_no_register_holds(client: Any) -> None:
    told = scenes.get(client, "/zones/ground", unit=b.COUNTY).json()
    villages = {one["code"]: one for one in told["villages"]}
    assert list(villages) == [b.VILLAGE, b.VILLAGE_2]
    assert villages[b.VILLAGE_2]["inside"]["people"] == 3
    assert villages[b.VILLAGE_2]["inside"]["households"] == 3
    assert villages[b.VILLAGE]["contacts"] == 1
    assert told["unknown"] == ["special_needs", "shops", "clinics", "schools"]
    assert villages[b.VILLAGE]["inside"]["schools"] is None
    assert sum(one["inside"]["risk"] for one in villages.values()) == pytest.approx(1)
    assert told["largest_unit"] == "village"


def test_a_drawing_is_priced_by_village_or_by_polygon_and_warned_of(client: Any) -> None:
    asked = {"unit": b.COUNTY, "zones": 1, "people_total": 4}
    one = scenes.post(client, "/zones/price", asked | {"villages": [b.VILLAGE_2]}).json()
    assert (one["areas"], one["inside"]["people"], one["share"]) == (1, 3, pytest.approx(1 / 2))
    # 7 days at the high level, then 3 at the medium one at half the strictness: cn-covid-9
    assert one["cost"]["person_days"] == pytest.approx(3 * (7 + 3 / 2))
    assert one["passed"] == []
    ring = [[100, 30], [120, 30], [120, 45], [100, 45]]
    both = scenes.post(client, "/zones/price", asked | {"polygon": ring}).json()
    assert sorted(both["villages"]) == [b.VILLAGE, b.VILLAGE_2]
    assert [(p["name"], p["have"], p["limit"]) for p in both["passed"]] == [
        ("zones", 2, 1),
        ("people_total", 5, 4),
    ]
    nothing = scenes.post(client, "/zones/price", asked).json()
    assert (nothing["areas"], nothing["cost"]["total"]) == (0, 0)


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"unit": b.PROVINCE, "villages": []}, 404, "units.unknown"),
        ({"unit": b.CITY, "villages": []}, 400, "zones.plan_unit"),
        ({"unit": b.COUNTY, "villages": [b.OTHER_VILLAGE]}, 400, "zoning.unknown_cell"),
        ({"unit": b.COUNTY, "polygon": [[1, 1]]}, 400, "zones.plan_polygon"),
    ],
)
def test_bad_drawings_are_refused_in_words(
    client: Any, body: dict[str, Any], status: int, code: str
) -> None:
    answer = scenes.post(client, "/zones/price", body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["message"]["zh"]


def test_a_plan_says_why_whom_what_daily_and_until_when_and_is_kept(client: Any) -> None:
    told = plan(client)
    assert told["gap"] == pytest.approx(0, abs=1e-6)
    best = told["options"][0]
    assert best["share"] == pytest.approx(1)
    assert best["cost"]["person_days"] == pytest.approx(5 * 8.5)
    zone = next(one for one in best["zones"] if one["villages"][0]["code"] == b.VILLAGE_2)
    assert (zone["homes"], len(zone["cases"]), zone["inside"]["people"]) == (1, 1, 3)
    assert zone["daily"] == [{"item": "food_packs", "amount": 3}]
    assert [one["code"] for one in zone["conditions"]] == ["clean_days", "all_negative"]
    assert zone["releases_on"] > told["as_of"][:10]
    assert [point["share"] for point in told["curve"]][-1] == 1
    listed = scenes.get(client, "/zones/plans").json()["items"]
    assert [(one["id"], one["by"]) for one in listed] == [(told["id"], "somebody")]
    assert scenes.get(client, f"/zones/plans/{told['id']}").json() == told
    row = ZonePlan.objects.get(pk=told["id"])
    assert row.asked["zones"] == 2
    assert row.user_id is not None


def test_the_same_request_is_planned_once_and_lists_go_on(client: Any) -> None:
    first = plan(client)
    assert plan(client)["id"] == first["id"]
    second = plan(client, key="q", share=0.5)
    page = scenes.get(client, "/zones/plans", limit=1).json()
    assert [one["id"] for one in page["items"]] == [second["id"]]
    rest = scenes.get(client, "/zones/plans", limit=1, after=page["next"]).json()
    assert [one["id"] for one in rest["items"]] == [first["id"]]
    assert rest["next"] is None


def test_an_option_is_proposed_decided_and_in_force(client: Any) -> None:
    told = plan(client)
    path = f"/zones/plans/{told['id']}/proposal"
    asked = {"option": "best", "unsimulated": True}
    made = scenes.post(client, path, asked, key="r").json()
    assert made["option"] == "best"
    assert scenes.post(client, path, asked, key="s").json() == made
    page = scenes.get(client, f"/proposals/{made['proposal_id']}").json()
    assert page["kind"] == "zone"
    assert len(page["detail"]["rows"]) == 2
    zones = {zone.unit_id: zone.state for zone in Zone.objects.filter(unit_path__contains=b.COUNTY)}
    assert zones == {b.VILLAGE: "proposed", b.VILLAGE_2: "proposed"}
    periods.decide(
        proposal_id=made["proposal_id"],
        verdict=periods.Verdict("approve"),
        scope=b.scope(),
        actor=b.actor(),
        by_name="总指挥",
        now=b.NOW + 2 * b.HOUR,
    )
    zones = {zone.unit_id: zone.state for zone in Zone.objects.filter(unit_path__contains=b.COUNTY)}
    assert zones == {b.VILLAGE: "active", b.VILLAGE_2: "active"}
    ground = scenes.get(client, "/zones/ground", unit=b.COUNTY)
    assert ground.status_code == 200


def test_what_passes_a_maximum_is_not_proposed(client: Any) -> None:
    told = plan(client, zones=1)
    assert told["reach"]["found"] < 1
    assert "zones" in told["reach"]["binding"]
    assert plan(client, key="few", people_total=1)["reach"]["at_most"] < 1
    path = f"/zones/plans/{told['id']}/proposal"
    answer = scenes.post(client, path, {"option": "none"}, key="t")
    assert (answer.status_code, answer.json()["code"]) == (404, "zones.no_option")


def test_who_may_only_look_draws_but_does_not_plan(client: Any) -> None:
    clerk = scenes.signed_in((b.COUNTY, "supply_team"), name="supply")
    assert scenes.get(clerk, "/zones/ground", unit=b.COUNTY).status_code == 200
    assert scenes.post(clerk, "/zones/price", {"unit": b.COUNTY}).status_code == 200
    assert scenes.post(clerk, "/zones/plans", {"unit": b.COUNTY}).status_code == 403


def test_queries_are_few_and_a_second_price_asks_for_nothing_more(client: Any) -> None:
    asked = {"unit": b.COUNTY, "villages": [b.VILLAGE], "as_of": b.NOW.isoformat()}

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            assert scenes.post(client, "/zones/price", asked).status_code == 200
        return len(found)

    first, second = queries(), queries()
    assert first <= 24
    assert second <= 14
    assert second < first
