"""The zonings of a plan in the outbreak model: asked with it, told with it, kept for proposing."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.service import builders as b
from tests.service import ports, scenes
from zhongshu.engines.whatif import answers
from zhongshu.jobs import whatif as job
from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.runcard import RunCard
from zhongshu.service.kit.scope import Scope
from zhongshu.service.periods import facade as periods
from zhongshu.service.rowsecurity import facade as rowsecurity
from zhongshu.service.whatif import compute
from zhongshu.service.whatif import facade as whatif
from zhongshu.service.whatif import zonings as asking
from zhongshu.service.zones.models import ZonePlan
from zhongshu.service.zones.planning import ground as grounds
from zhongshu.service.zones.planning import simulated

pytestmark = pytest.mark.django_db
RUNS = 20


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
    asked = {"unit": b.COUNTY, "zones": 2, "share": 0.5}
    answer = scenes.post(client, "/zones/plans", asked | given, key=key)
    assert answer.status_code == 200, answer.content.decode()
    told: dict[str, Any] = answer.json()
    return told


def read(client: Any, plan_id: int) -> dict[str, Any]:
    told: dict[str, Any] = scenes.get(client, f"/zones/plans/{plan_id}").json()
    return told


@pytest.fixture
def modelled(monkeypatch: pytest.MonkeyPatch) -> dict[str, tuple[float, int]]:
    """The engine's figures are given; all around it is real: name of an option to infections a
    day and days its 50 residents are closed."""
    given: dict[str, tuple[float, int]] = {}

    def county(asked: compute.Asked, *rest: Any, **named: Any) -> Any:
        return made(asked, given), ["weekdays_alike"], 5000, True, {}

    monkeypatch.setattr(compute, "_county", county)
    return given


def made(
    asked: compute.Asked,
    given: Mapping[str, tuple[float, int]],
    apart: Mapping[str, tuple[float, ...]] | None = None,
) -> answers.Answer:
    """apart: name of an option to the days for which each of its areas is closed."""
    names = answers.measures(asked.options)
    table = np.zeros((len(asked.options), RUNS, asked.days, len(names)), dtype=np.float32)
    for at, option in enumerate(asked.options):
        ill, closed = given.get(option.name, (9.0, 0))
        table[at, :, :, names.index("infections")] = ill
        table[at, :, :closed, names.index("person_days_locked")] = 50.0
        table[at, ::2, :, names.index("p_no_community_case")] = 1.0
        freed = names.index("p_released")
        table[at, :, closed - 1 :, freed] = 1.0
        table[at, :, :, freed] = table[at, :, :, freed] if closed else np.nan
    card = RunCard(engine="whatif.outbreak", version="1", parameters={}, inputs={}, seed=1)
    return answers.Answer(
        options=tuple(one.name for one in asked.options),
        measures=names,
        runs=table,
        card=card,
        closed=()
        if apart is None
        else tuple(np.tile(apart.get(one.name, ()), (RUNS, 1)) for one in asked.options),
    )


def test_a_plan_asks_for_its_zonings_and_none_of_the_whole_county(client: Any) -> None:
    told = plan(client)
    assert (told["simulation"]["state"], told["simulation"]["options"]) == ("queued", [])
    number = told["simulation"]["comparison_id"]
    assert ports.compared == [number]
    asked = whatif.get(number, b.scope())
    assert (asked.unit_id, asked.as_of) == (b.COUNTY, ZonePlan.objects.get().as_of)
    assert asked.days == 14 + 2 * 7  # cn-covid-9: seven clean days
    without, *zonings = asked.options
    assert without["name"] == asked.against
    assert "areas" not in without
    closed = [[area["units"] for area in one["areas"]] for one in zonings]
    assert closed == [
        [[village["code"] for village in zone["villages"]] for zone in option["zones"]]
        for option in told["options"]
    ]
    assert {area["release_clear_d"] for one in zonings for area in one["areas"]} == {7}
    assert all(one["tracing"] == without["tracing"] for one in zonings)
    assert plan(client)["simulation"]["comparison_id"] == number
    assert ports.compared == [number]


def test_who_may_plan_needs_no_right_to_ask_and_a_township_is_asked_as_its_county(
    client: Any, modelled: Any
) -> None:
    officer = scenes.signed_in((b.TOWNSHIP, "duty_officer"), name="town")
    assert scenes.post(officer, "/whatif", scenes.question(b.COUNTY)).status_code == 403
    told = plan(officer, unit=b.TOWNSHIP)
    assert told["simulation"]["unit"]["code"] == b.COUNTY
    job.run(told["simulation"]["comparison_id"])
    simulation = read(officer, told["id"])["simulation"]
    assert simulation["state"] == "done"
    assert simulation["options"][0]["key"] == "best"
    elsewhere = scenes.signed_in((b.OTHER_CITY, "duty_officer"), name="other")
    assert scenes.get(elsewhere, f"/zones/plans/{told['id']}").status_code == 404


def test_zonings_are_ranked_again_by_what_the_models_days_cost(
    client: Any, modelled: dict[str, tuple[float, int]]
) -> None:
    told = plan(client)
    first, second = told["options"][:2]
    assert (first["inside"]["people"], second["inside"]["people"]) == (2, 3)
    modelled |= {"方案 1": (4.0, 14), "方案 2": (2.0, 7)}
    job.run(told["simulation"]["comparison_id"])
    simulation = read(client, told["id"])["simulation"]
    assert (simulation["label"], simulation["days"], simulation["cases"]) == ("illustrative", 28, 2)
    options = {one["key"]: one for one in simulation["options"]}
    # seven days of the edition exchanged for the model's, the steps down kept: 8.5 days weighted
    costs = {key: one["social_cost"] for key, one in options.items()}
    assert costs[first["key"]] == pytest.approx(2 * (8.5 + 14 - 7))
    assert costs[second["key"]] == pytest.approx(3 * 8.5)
    assert [one["rank"] for one in simulation["options"]] == [1, 2]
    assert [one["key"] for one in simulation["options"]] == [second["key"], first["key"]]
    assert "方案 2" in options[first["key"]]["reason"]["zh"]
    assert "由方案 1 变为方案 2" in simulation["note"]["zh"]
    best = options[second["key"]]
    assert best["infections"] == {"mean": 56, "low": 56, "high": 56}
    assert best["fewer"]["mean"] == 28 * (2 - 9)
    assert (best["fewer_share"], best["no_case"], best["days"]) == (1, 0.5, 7)
    assert best["kinds"]["locked"]["mean"] == best["person_days"]["mean"] == 350
    # closed from 9 November for seven days: free on the 16th
    assert best["free"] == {"on": "2022-11-16", "low": "2022-11-16", "high": "2022-11-16"}
    assert best["still_closed"] == 0
    assert simulation["without"]["infections"]["mean"] == 28 * 9
    assert (simulation["without"]["free"], simulation["without"]["fewer"]) == (None, None)


def test_a_zones_own_days_are_told_and_priced(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    told = plan(client)
    named = {f"方案 {n}": one for n, one in enumerate(told["options"], start=1)}
    closed = {name: (9.0, 20.0)[: len(one["zones"])] for name, one in named.items()}

    def county(asked: compute.Asked, *rest: Any, **given: Any) -> Any:
        answer = made(asked, dict.fromkeys(named, (4.0, 20)), closed)
        return answer, ["weekdays_alike"], 5000, True, {}

    monkeypatch.setattr(compute, "_county", county)
    job.run(told["simulation"]["comparison_id"])
    options = {one["key"]: one for one in read(client, told["id"])["simulation"]["options"]}
    for name, option in named.items():
        simulated_ = options[option["key"]]
        assert [zone["days"]["mean"] for zone in simulated_["zones"]] == list(closed[name])
        people = option["inside"]["people"]
        assert simulated_["social_cost"] == pytest.approx(people * (8.5 + 9 - 7))


def test_two_zones_cost_their_people_by_the_days_of_each() -> None:
    zones = [
        {"inside": {"people": 100}, "person_days": 850.0},
        {"inside": {"people": 3}, "person_days": 25.5},
    ]
    row = ZonePlan(answer={"rule": {"days": 7, "strictness": 1.0}})
    days = tuple(whatif.Spread(mean, mean, mean) for mean in (8.0, 20.0))
    nothing = whatif.Spread(0.0, 0.0, 0.0)
    outcome = whatif.Outcome(
        infections=nothing, fewer=None, fewer_share=None, no_case=None, person_days=nothing,
        kinds={}, free_on=None, still_closed=None, closed_d=14.0, zones=days,
    )  # fmt: skip
    priced = simulated._zones(row, {"zones": zones}, outcome)
    assert [zone.social_cost for zone in priced] == [950.0, pytest.approx(25.5 + 3 * 13)]
    assert simulated._zones(row, {"zones": zones}, dataclasses.replace(outcome, zones=())) == ()


def test_what_the_model_says_is_in_the_proposal(client: Any, modelled: dict[str, Any]) -> None:
    told = plan(client, person_days=20)
    modelled |= {"方案 1": (4.0, 28)}
    job.run(told["simulation"]["comparison_id"])
    path = f"/zones/plans/{told['id']}/proposal"
    sent = scenes.post(client, path, {"option": "best"}, key="r")
    assert sent.status_code == 200, sent.content.decode()
    page = scenes.get(client, f"/proposals/{sent.json()['proposal_id']}").json()
    said = " ".join(one["text"]["zh"] for one in page["reasons"])
    for words in ("预计感染 112 人", "感染差 -140", "仅作示意", "第 14 天", "人日上限"):
        assert words in said
    (village,) = told["options"][0]["villages"]
    ground = scenes.get(client, "/zones/ground", unit=b.COUNTY).json()["villages"]
    (at,) = [[one["lon"], one["lat"]] for one in ground if one["code"] == village]
    assert page["geometry"] == {"type": "MultiPoint", "coordinates": [at]}
    assert "252" in page["if_nothing"]["zh"]
    costs = {one["key"]: one for one in page["cost"]}
    assert costs["infections"]["low"] == 112
    assert costs["social_cost"]["value"] == 2 * (8.5 + 28 - 7)
    labels = [one["label"]["zh"] for one in page["alternatives"]]
    assert labels[-1] == "不划区"
    kept = periods.get(sent.json()["proposal_id"], b.scope()).content["reasons"]
    evidence = {"comparison": told["simulation"]["comparison_id"], "option": "best"}
    assert evidence in [one["facts"] for one in kept]


def test_before_the_model_has_answered_a_zoning_is_proposed_only_on_purpose(client: Any) -> None:
    told = plan(client)
    path = f"/zones/plans/{told['id']}/proposal"
    early = scenes.post(client, path, {"option": "best"}, key="r")
    assert (early.status_code, early.json()["code"]) == (409, "zones.not_simulated")
    assert "传播模型" in early.json()["message"]["zh"]
    sent = scenes.post(client, path, {"option": "best", "unsimulated": True}, key="s").json()
    page = scenes.get(client, f"/proposals/{sent['proposal_id']}").json()
    assert "尚无结果" in " ".join(one["text"]["zh"] for one in page["reasons"])
    assert [one["key"] for one in page["alternatives"]] == [one["key"] for one in told["options"]]


def test_a_model_that_refuses_says_why_on_the_plan(client: Any) -> None:
    told = plan(client)
    number = told["simulation"]["comparison_id"]
    asked = whatif.get(number, b.scope())
    asked.as_of = b.NOW + 40 * b.DAY
    asked.save(update_fields=["as_of"])
    job.run(number)
    simulation = read(client, told["id"])["simulation"]
    assert (simulation["state"], simulation["refusal"]["code"]) == ("failed", "whatif.no_cases")
    assert "病例" in simulation["refusal"]["message"]["zh"]
    path = f"/zones/plans/{told['id']}/proposal"
    assert scenes.post(client, path, {"option": "best"}, key="r").status_code == 409


def test_what_cannot_be_asked_is_known_at_once_and_the_zonings_stand(
    client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = b.NOW + 40 * b.DAY
    asked: dict[str, Any] = {
        "unit": b.COUNTY, "without": "-", "title": "x", "actor": b.actor(), "now": b.NOW,
    }  # fmt: skip
    with pytest.raises(BadInput) as refused:
        whatif.zonings(choices={"1": [[b.VILLAGE]]}, as_of=late, **asked)
    assert refused.value.code == "whatif.no_cases"
    with pytest.raises(BadInput) as refused:
        whatif.zonings(choices={}, as_of=b.NOW, **asked)
    assert refused.value.code == "whatif.no_zoning"

    def later(**given: Any) -> whatif.Comparison:
        return asking.zonings(**given | {"as_of": late})

    monkeypatch.setattr(simulated.whatif, "zonings", later)
    told = plan(client)
    assert (told["simulation"]["state"], told["simulation"]["comparison_id"]) == ("none", None)
    assert told["simulation"]["refusal"]["code"] == "whatif.no_cases"
    assert ports.compared == []
    assert read(client, told["id"]) == told
    path = f"/zones/plans/{told['id']}/proposal"
    assert scenes.post(client, path, {"option": "best"}, key="r").status_code == 409


def test_more_zones_than_the_model_can_tell_apart_are_freed_together() -> None:
    zones = [[str(n)] for n in range(40)]
    apart = asking._apart(zones)
    assert len(apart) == 32
    assert apart[:31] == zones[:31]
    assert sorted(apart[31]) == sorted(code for one in zones[31:] for code in one)


def test_dates_of_release_are_the_first_free_days_and_never_too_early() -> None:
    row = {"q50": 6.5, "q10": 6.0, "q90": 28.0}
    days = asking._dates(row, dt.date(2022, 11, 9))
    assert [day.isoformat() for day in days] == ["2022-11-17", "2022-11-16", "2022-12-08"]


def test_a_plan_costs_the_same_queries_however_many_zonings_were_simulated(
    client: Any, modelled: Any
) -> None:
    counts = []
    for key, share in (("one", 1.0), ("two", 0.5)):
        told = plan(client, key, share=share)
        job.run(told["simulation"]["comparison_id"])
        with CaptureQueriesContext(connection) as found:
            read(client, told["id"])
        counts.append(len(found))
    assert counts[0] == counts[1] <= 16


def test_the_scoped_role_keeps_the_countys_comparison_from_a_township(client: Any) -> None:
    county = whatif.get(plan(client)["simulation"]["comparison_id"], b.scope()).unit_path
    for path, seen in ((f"{county}{b.TOWNSHIP}/", 0), (county, 1)):
        with rowsecurity.scoped(Scope((path,))):
            assert whatif.Comparison.objects.count() == seen
