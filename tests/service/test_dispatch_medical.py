"""Medical teams go to the hospitals that lack staff for the patients they are given."""

from __future__ import annotations

import pytest

from tests.service import builders as b
from tests.service import scenes
from tests.service.plans import acted, approved, asked, cells, computed, figures
from zhongshu.kernel.errors import WrongState
from zhongshu.service.dispatch import facade as dispatch
from zhongshu.service.resources import facade as resources
from zhongshu.service.resources.registry import facade as registry

pytestmark = pytest.mark.django_db
SPOT = {"lon": 112.5, "lat": 37.8}


def bedded() -> dispatch.DispatchPlan:
    """A plan of beds that gives the county's case a bed of the temporary hospital."""
    scenes.two_cities()
    beds = {"hospital_id": "F", "name": "方舱", "tier": "fangcang", "beds_total": 90,
            "beds_free": 80, "icu_total": 0, "icu_free": 0, "county_code": b.COUNTY,
            "as_of": b.NOW} | SPOT  # fmt: skip
    resources.take_beds(b.feed("hospital_beds", beds), b.NOW)
    plan = computed(asked("beds", suspected=True))
    assert plan.state == "ready", plan.refusal
    return plan


def medical(skill: str, persons: int = 5) -> None:
    draft = registry.Draft(
        kind="team", code=f"M-{skill}", name=f"{skill}队", unit=b.COUNTY,
        capacity={"persons": persons}, facts={"skill": skill}, **SPOT,
    )  # fmt: skip
    registry.enter(drafts=[draft], **acted())


def test_each_skill_a_hospital_lacks_is_sent_by_the_team_that_has_it() -> None:
    beds = bedded()
    medical("doctor")
    medical("nurse")
    plan = computed(asked("teams", beds_plan=beds.pk, work=1))
    assert plan.state == "ready", plan.refusal
    rows = cells(plan, "tasks")
    assert {(row["skill"], row["team"], row["place"]) for row in rows} == {
        ("doctor", "doctor队", "方舱"), ("nurse", "nurse队", "方舱"),
    }  # fmt: skip
    assert figures(plan)["unserved"] == 0


def test_who_is_not_there_is_told_as_lacking() -> None:
    beds = bedded()
    medical("doctor")
    plan = computed(asked("teams", beds_plan=beds.pk, work=1))
    assert plan.state == "ready", plan.refusal
    (row,) = [one for one in cells(plan, "cover") if one["need"] == "F#nurse"]
    assert (row["given"], row["why"]) == (0, "no_skill")


def test_approval_takes_the_team_and_gives_it_its_job_once_the_beds_are_in_force() -> None:
    beds = bedded()
    medical("doctor")
    plan = computed(asked("teams", beds_plan=beds.pk, work=1))
    with pytest.raises(WrongState) as refused:
        approved(plan)
    assert refused.value.code == "dispatch.rests_on"


def test_an_approved_team_is_taken_and_has_its_job() -> None:
    beds = bedded()
    medical("doctor")
    plan = computed(asked("teams", beds_plan=beds.pk, work=1))
    approved(beds)
    approved(plan)
    held = registry.Hold.objects.get(holder=f"plan:{plan.pk}")
    assert (held.thing.code, held.amount) == ("M-doctor", 1)
    job = dispatch.jobs(scope=b.scope(), plan=plan.pk).get()
    assert (job.kind, job.code) == ("team", "M-doctor")


def test_a_roster_that_rests_on_no_plan_is_refused_in_one_sentence() -> None:
    bedded()
    plan = computed(asked("teams", work=1))
    assert plan.state == "failed"
    assert plan.refusal is not None
    assert plan.refusal["code"] == "dispatch.nobody_needed"
