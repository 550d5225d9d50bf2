"""Everybody of a positive tube is sampled again: who, by which team, by when, and the receipts."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.service import builders as b
from tests.service import scenes
from tests.service.plans import acted, approved, asked, cells, computed, figures, told
from tests.service.tubed import Tubes
from zhongshu.service.dispatch import facade as dispatch
from zhongshu.service.dispatch.planning import facade as planning
from zhongshu.service.periods import facade as periods
from zhongshu.service.resources import facade as resources
from zhongshu.service.resources.registry import facade as registry
from zhongshu.service.rounds import facade as rounds

pytestmark = pytest.mark.django_db
SPOT = {"lon": 112.5, "lat": 37.8}


def ground(samplers: int = 4) -> Tubes:
    """Two cities; persons 11 and 12 in one home, 13 in another, all in a tube told positive an hour
    ago; a laboratory, and samplers of the township."""
    scenes.two_cities()
    b.register(b.person(11, 11), b.person(12, 11), b.person(13, 13),
               homes=[b.household(11), b.household(13)])  # fmt: skip
    lab = {"lab_id": "L9", "name": "市检测中心", "tubes_per_day": 500, "county_code": b.COUNTY,
           "as_of": b.NOW} | SPOT  # fmt: skip
    resources.take(feed="laboratories", table=b.feed("laboratories", lab), known_at=b.NOW)
    if samplers:
        draft = registry.Draft(
            kind="sampler", code="T1", name="街道采样队", unit=b.TOWNSHIP,
            capacity={"persons": samplers}, **SPOT,
        )  # fmt: skip
        registry.enter(drafts=[draft], **acted())
    feeds = Tubes()
    feeds.swabs("T1", 11, 12, 13)
    feeds.result("T1", at=-1)
    return feeds


def planned(**form: object) -> dispatch.DispatchPlan:
    plan = computed(asked("recollect", **form))
    assert plan.state == "ready", plan.refusal
    return plan


def test_a_team_goes_to_every_home_in_time_and_each_has_a_tube_of_his_own() -> None:
    ground()
    plan = planned()
    found = figures(plan)
    assert (found["served"], found["unserved"], found["late"]) == (3, 0, 0)
    assert (found["positive_tubes"], found["at_home"]) == (1, 3)
    rows = cells(plan, "again")
    assert {row["persons"] for row in rows} == {1, 2}
    for row in rows:
        due = dt.datetime.fromisoformat(row["due"])
        assert due == b.NOW + 3 * b.HOUR  # told an hour ago, four hours by the rule
        assert b.NOW <= dt.datetime.fromisoformat(row["arrives"]) <= due
    assert all(row["tubes"] == row["persons"] and row["single"] for row in cells(plan, "visits"))
    (tube,) = cells(plan, "tubes")
    assert (tube["tube"], tube["waiting"], tube["swabs"]) == ("T1", 3, 3)


def test_no_pseudonym_is_in_what_a_screen_reads() -> None:
    feeds = ground(samplers=0)
    plan = planned()
    assert figures(plan)["unserved"] == 3
    known = {str(person) for person in feeds.persons(11, 12, 13)}
    shown = [str(value) for table in ("again", "tubes", "unserved")
             for row in cells(plan, table) for value in row.values()]  # fmt: skip
    assert shown
    assert not known & set(shown)
    assert {row["constraint"] for row in cells(plan, "unserved")} == {"no_team"}


def test_a_receipt_closes_the_visit_and_says_that_members_were_sampled_again() -> None:
    ground()
    plan = planned()
    approved(plan)
    plan = dispatch.get(plan.pk, b.scope())
    assert periods.get(plan.proposal_id or 0, b.scope()).kind == "recollect"
    jobs = [dispatch.job(one.pk, b.scope()) for one in dispatch.jobs(scope=b.scope(), plan=plan.pk)]
    for job in jobs:
        for step in job.steps:
            told(job, step["no"], "done" if step["kind"] == "visit" else "handed_over")
    assert not rounds.pending(b.path(b.COUNTY), b.NOW)
    tube = rounds.Tube.objects.get(code="T1")
    assert tube.recollected_at == b.NOW
    assert dispatch.get(plan.pk, b.scope()).state == "done"


def test_who_is_seen_to_by_an_approved_plan_is_not_planned_twice() -> None:
    ground()
    approved(planned())
    again = computed(asked("recollect"))
    assert again.refusal is not None
    assert again.refusal["code"] == "dispatch.no_tubes"


def test_who_refuses_is_listed_and_who_was_out_is_visited_once_more() -> None:
    ground()
    plan = planned()
    approved(plan)
    rows = {row["persons"]: row["visit"] for row in cells(plan, "again")}
    refused, out = rows[1], rows[2]
    following = computed(
        planning.happened(
            plan_id=plan.pk,
            events=[
                planning.Event("refused", refused, b.NOW),
                planning.Event("not_home", out, b.NOW),
            ],
            **acted(),
        )
    )
    assert following.state == "ready", following.refusal
    (left,) = cells(following, "unserved")
    assert (left["constraint"], left["amount"]) == ("refused", 1)
    assert [row["visit"] for row in cells(following, "again")] == [out]


def test_a_home_can_be_left_out_by_word() -> None:
    ground()
    plan = planned()
    home = next(row["visit"] for row in cells(plan, "again") if row["persons"] == 1)
    again = computed(
        planning.again(plan_id=plan.pk, words=[planning.Word("forbid", home)], **acted())
    )
    assert figures(again)["unserved"] == 1
    assert {row["constraint"] for row in cells(again, "unserved")} == {"forbidden"}


def test_whom_no_team_can_reach_is_sent_to_an_open_point() -> None:
    ground(samplers=0)
    point = {"point_id": "P", "name": "近点", "desks_max": 2, "village_code": b.VILLAGE,
             "as_of": b.NOW} | SPOT  # fmt: skip
    resources.take_points(b.feed("sampling_points", point), b.NOW)
    scenes.round_of(b.COUNTY)
    plan = planned()
    assert figures(plan)["at_points"] == 3
    assert {row["team"] for row in cells(plan, "again")} >= {"近点"}
    assert [job["kind"] for job in (plan.kept or {})["jobs"]] == ["point"]
    assert figures(planned(points=False))["unserved"] == 3


def test_another_laboratory_checks_the_tube_where_nobody_is_late_for_it() -> None:
    feeds = ground()
    registry.things(scope=b.scope(), as_of=b.NOW, kind="laboratory").exclude(code="L9").update(
        state="closed"
    )
    feeds.result("T1", at=-1, lab="L9")  # the laboratory tells again
    (tube,) = cells(planned(), "tubes")
    assert (tube["laboratory"], tube["again_by"]) == ("L9", "two_reagents")  # there is no other
    near = {"lab_id": "L8", "name": "区医院", "tubes_per_day": 500, "county_code": b.COUNTY,
            "as_of": b.NOW} | SPOT  # fmt: skip
    resources.take(feed="laboratories", table=b.feed("laboratories", near), known_at=b.NOW)
    plan = planned()
    (tube,) = cells(plan, "tubes")
    assert tube["again_by"] == "other_laboratory"
    jobs = (plan.kept or {})["jobs"]
    handed = {step["place"] for job in jobs for step in job["steps"] if step["kind"] == "tubes"}
    assert handed == {"区医院"}


def test_nobody_waiting_is_refused() -> None:
    scenes.two_cities()
    plan = computed(asked("recollect"))
    assert plan.refusal is not None
    assert plan.refusal["code"] == "dispatch.no_tubes"
