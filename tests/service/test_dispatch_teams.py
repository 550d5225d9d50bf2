"""Rosters of tracers, grid staff, volunteers and a hospital's own staff."""

from __future__ import annotations

from typing import Any

import pytest

from tests.service import builders as b
from tests.service import scenes
from tests.service.plans import acted, approved, asked, cells, computed, figures, job_of
from zhongshu.kernel.time import beijing
from zhongshu.service.contacts import facade as contacts
from zhongshu.service.dispatch import facade as dispatch
from zhongshu.service.resources import facade as resources
from zhongshu.service.resources.registry import facade as registry

pytestmark = pytest.mark.django_db
SPOT = {"lon": 112.5, "lat": 37.8}


def team(skill: str, persons: int = 5, **facts: str) -> registry.Thing:
    code = "-".join((skill, *facts.values()))
    draft = registry.Draft(
        kind="team", code=code, name=f"{code}队", unit=b.COUNTY, capacity={"persons": persons},
        facts={"skill": skill, **facts}, **SPOT,
    )  # fmt: skip
    return registry.enter_one(draft=draft, **acted())


def roster(**form: Any) -> dispatch.DispatchPlan:
    plan = computed(asked("teams", work=1, **form))
    assert plan.state == "ready", plan.refusal
    return plan


def bedded() -> dispatch.DispatchPlan:
    beds = {"hospital_id": "F", "name": "方舱", "tier": "fangcang", "beds_total": 90,
            "beds_free": 80, "icu_total": 0, "icu_free": 0, "county_code": b.COUNTY,
            "as_of": b.NOW} | SPOT  # fmt: skip
    resources.take_beds(b.feed("hospital_beds", beds), b.NOW)
    plan = computed(asked("beds", suspected=True))
    assert plan.state == "ready", plan.refusal
    return plan


def test_a_case_nobody_has_traced_gets_two_tracers_of_the_next_shift() -> None:
    scenes.two_cities()
    b.case(9)
    team("tracing")
    plan = roster(tracing=True)
    rows = cells(plan, "cover")
    # 20:00 now: the next shift is the early one, of eight hours in two pieces; the contact of the
    # case traced already asks for a thirtieth of a tracer
    assert [(row["need"], row["wanted"], row["given"]) for row in rows] == [
        (f"{b.TOWNSHIP}#tracing#1", 3, 3),
        (f"{b.TOWNSHIP}#tracing#2", 3, 3),
    ]
    assert {row["skill"] for row in cells(plan, "tasks")} == {"tracing"}


def test_a_contact_who_is_fetched_asks_for_nobody() -> None:
    inside, _ = scenes.two_cities()
    team("tracing")
    before = cells(roster(tracing=True), "cover")
    assert [row["wanted"] for row in before] == [1, 1]
    for action in ("confirm", "isolate"):
        contacts.decide(
            contact_ids=[inside.contact.pk], action=action, reason="", actor=b.actor(), now=b.NOW
        )
    refused = computed(asked("teams", tracing=True, work=1))
    assert refused.refusal is not None
    assert refused.refusal["code"] == "dispatch.nobody_needed"


def test_closed_households_have_grid_staff_and_volunteers_for_two_days() -> None:
    scenes.two_cities()
    team("grid", 2)
    team("volunteer", 2)
    plan = roster(areas=True)
    wanted = cells(plan, "cover")
    assert {row["place"] for row in wanted} == {"师范街社区居委会"}  # not the other city's
    # one of each for a handful of households, in two pieces of each of two days
    assert [row["wanted"] for row in wanted] == [1] * 8
    assert figures(plan)["unserved"] == 0
    approved(plan)
    held = registry.Hold.objects.filter(holder=f"plan:{plan.pk}")
    assert {one.thing.code for one in held} == {"grid", "volunteer"}


def test_a_hospitals_own_staff_work_there_by_shift_and_teams_are_sent_for_those_who_lack() -> None:
    scenes.two_cities()
    team("nurse", 3, hospital="F")
    beds = bedded()
    # the doctor lacks; one nurse of three is enough
    assert {
        row["skill"]: row["lacks"]
        for row in cells(beds, "staff")
        if row["date"] == beijing(b.NOW).date().isoformat()
    } == {"doctor": 1, "nurse": 0}
    team("nurse", 5)
    team("doctor", 5)
    rows = cells(roster(beds_plan=beds.pk), "tasks")
    assert {(row["skill"], row["team"]) for row in rows} == {
        ("nurse", "nurse-F队"), ("doctor", "doctor队"),
    }  # fmt: skip
    nurses = [row for row in rows if row["skill"] == "nurse"]
    assert [row["need"] for row in nurses] == [
        "F#nurse#2022-11-09#early",
        "F#nurse#2022-11-10#early",
    ]


def test_own_staff_of_one_hospital_are_never_sent_to_another() -> None:
    scenes.two_cities()
    team("nurse", 3, hospital="G")
    beds = bedded()
    team("doctor", 5)
    plan = roster(beds_plan=beds.pk)
    (row,) = [one for one in cells(plan, "cover") if one["need"] == "F#nurse"]
    assert (row["given"], row["why"]) == (0, "no_skill")


def test_many_staff_are_spread_over_the_shifts_and_rest_after_a_night() -> None:
    scenes.two_cities()
    team("nurse", 40, hospital="F")
    for serial in range(60, 160):
        b.case(serial)
    beds = bedded()
    plan = roster(beds_plan=beds.pk)
    needs = {row["need"]: row for row in cells(plan, "cover")}
    shifts = [needs[f"F#nurse#2022-11-09#{name}"]["wanted"] for name in ("early", "late", "night")]
    assert shifts[0] > shifts[1] == shifts[2] > 0
    tasks = cells(plan, "tasks")
    night = {row["staff"] for row in tasks if row["need"].endswith("09#night")}
    day = {row["staff"] for row in tasks if row["need"].endswith(("10#early", "10#late"))}
    assert night
    assert day
    assert not night & day


def test_the_form_counts_who_there_is_of_each_kind() -> None:
    scenes.two_cities()
    for skill in ("tracing", "grid", "volunteer", "nurse"):
        team(skill, 4)
    team("doctor", 3, hospital="F")
    client = scenes.signed_in((b.CITY, "transfer_team"))
    told = scenes.get(client, "/dispatch/form", unit=b.COUNTY, planner="teams").json()
    counted = {one["key"]: one["value"] for one in told["counts"]}
    assert counted == {
        "teams": 5, "samplers": 0, "medical": 4, "hospital_staff": 3, "tracers": 4, "grid": 4,
        "volunteers": 4,
    }  # fmt: skip


def test_a_tracers_job_says_where_and_when() -> None:
    scenes.two_cities()
    team("tracing")
    plan = roster(tracing=True)
    approved(plan)
    job = job_of(plan)
    assert (job.kind, job.code) == ("team", "tracing")
    assert job.steps[0]["place"] == "坞城街道"


def test_whoever_is_told_gets_from_the_directive_to_the_jobs_of_its_plan() -> None:
    scenes.two_cities()
    team("grid", 2)
    plan = roster(areas=True)
    approved(plan)
    staff = scenes.signed_in((b.COUNTY, "local_staff"))
    told = scenes.get(staff, "/directives", mine=True).json()["items"][0]
    jobs = scenes.get(staff, f"/directives/{told['id']}").json()["jobs"]
    assert jobs == {"plan": plan.pk, "total": 1, "job": job_of(plan).pk}
    assert scenes.get(staff, f"/dispatch/jobs/{jobs['job']}").status_code == 200
    elsewhere = [one for one in scenes.get(staff, "/directives").json()["items"]
                 if one["id"] != told["id"]]  # fmt: skip
    assert elsewhere
    other = scenes.get(staff, f"/directives/{elsewhere[0]['id']}").json()
    assert other["jobs"] is None  # of a risk area
