"""Who cannot walk to a sampling point is sampled at home by a mobile team."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import docx
import pytest

from tests.service import builders as b
from tests.service import scenes
from tests.service.plans import acted, approved, asked, cells, computed, figures
from zhongshu.service.audit import facade as audit
from zhongshu.service.dispatch import facade as dispatch
from zhongshu.service.dispatch.planners import homes
from zhongshu.service.dispatch.planning import facade as planning
from zhongshu.service.resources import facade as resources
from zhongshu.service.resources.registry import facade as registry

pytestmark = pytest.mark.django_db
SPOT = {"lon": 112.5, "lat": 37.8}


def village(*people: dict[str, Any]) -> None:
    """Two cities; besides the case and his contact, `people` in homes 11, 12, ... of the county,
    a point with two desks and six samplers of the township."""
    scenes.two_cities()
    rows = [b.person(11 + n, 11 + n) | own for n, own in enumerate(people)]
    b.register(*rows, homes=[b.household(11 + n) for n in range(len(people))])
    point = {"point_id": "P", "name": "近点", "desks_max": 2, "village_code": b.VILLAGE,
             "as_of": b.NOW} | SPOT  # fmt: skip
    resources.take_points(b.feed("sampling_points", point), b.NOW)


def samplers(unit: str = b.TOWNSHIP, persons: int = 6) -> None:
    draft = registry.Draft(
        kind="sampler",
        code="T1",
        name="街道采样队",
        unit=unit,
        capacity={"persons": persons},
        **SPOT,
    )
    registry.enter(drafts=[draft], **acted())


OLD = {"birth_date": dt.date(1940, 1, 1)}
YOUNG: dict[str, Any] = {}
PREGNANT = {"special_need": "孕产妇"}


def test_the_old_the_pregnant_and_contacts_are_visited_and_all_others_walk() -> None:
    village(OLD, YOUNG, PREGNANT)
    samplers()
    plan = computed(asked("testing"))
    assert plan.state == "ready", plan.refusal
    told = figures(plan)
    # the case of the scene and the young walk; the old, the pregnant and the contact do not
    assert (told["served"], told["at_home"], told["unserved"]) == (5, 3, 0)
    assert sum(row["people"] for row in cells(plan, "points")) == 2
    rows = cells(plan, "visits")
    assert [row["persons"] for row in rows] == [1, 1, 1]
    assert sum(row["single"] for row in rows) == 1  # the contact's home
    assert [one["kind"] for one in (plan.kept or {})["jobs"]] == ["point", "team"]


def test_a_contact_is_never_pooled_with_those_he_lives_with() -> None:
    village()
    b.register(b.person(3, 1) | OLD, homes=[b.household(1)])  # in the contact's home
    samplers()
    (row,) = cells(computed(asked("testing", pool_size="10")), "visits")
    assert (row["persons"], row["tubes"], row["single"]) == (2, 2, True)


def test_approval_takes_the_samplers_and_the_team_has_its_homes_and_its_laboratory() -> None:
    village(OLD, PREGNANT)
    samplers()
    plan = computed(asked("testing"))
    approved(plan)
    held = registry.Hold.objects.get(holder=f"plan:{plan.pk}", pool="persons")
    assert (held.thing.code, held.amount) == ("T1", 2)
    brief = dispatch.jobs(scope=b.scope(), plan=plan.pk).get(kind="team")
    job = dispatch.job(brief.pk, b.scope())
    assert [one["kind"] for one in job.steps] == ["visit"] * 3 + ["tubes"]
    assert job.code == "T1/M1"
    assert all(one["place"] == "" for one in job.steps[:3])  # addresses stand on the sheet alone


def test_only_the_sheet_of_whoever_may_open_names_has_the_addresses() -> None:
    village(OLD)
    samplers()
    plan = computed(asked("testing"))
    approved(plan)
    job = dispatch.jobs(scope=b.scope(), plan=plan.pk).get(kind="team")
    before = audit.entries(scope=None).filter(action="identity.open").count()
    masked = sheet("supply_team", job.pk)
    assert "11号楼" not in masked
    assert audit.entries(scope=None).filter(action="identity.open").count() == before
    assert "11号楼" in sheet("local_staff", job.pk)
    assert audit.entries(scope=None).filter(action="identity.open").count() == before + 1


def sheet(role: str, job: int) -> str:
    client = scenes.signed_in((b.COUNTY, role), name=role)
    drawn = scenes.get(client, f"/dispatch/jobs/{job}/sheet")
    assert drawn.status_code == 200, drawn.content
    document = docx.Document(io.BytesIO(drawn.content))
    return "\n".join(
        cell.text for table in document.tables for row in table.rows for cell in row.cells
    )


def test_without_samplers_whoever_cannot_walk_is_told_with_the_reason() -> None:
    village(OLD)
    plan = computed(asked("testing"))
    left = {row["constraint"]: row["amount"] for row in cells(plan, "unserved")}
    assert left == {"no_team": 1.0}  # of each home
    assert figures(plan)["unserved"] == 2


def test_two_rounds_cannot_take_the_same_samplers() -> None:
    village(OLD)
    samplers(persons=2)
    plan = computed(asked("testing"))
    approved(plan)
    second = computed(asked("testing"))
    assert figures(second)["at_home"] == 0
    assert "no_team" in {row["constraint"] for row in cells(second, "unserved")}


def test_another_plan_from_the_first_counts_its_own_samplers_as_free() -> None:
    village(OLD)
    samplers(persons=2)
    plan = computed(asked("testing"))
    approved(plan)
    word = planning.Word("pin", "P")
    again = computed(planning.again(plan_id=plan.pk, words=[word], **acted()))
    assert figures(again)["at_home"] == figures(plan)["at_home"]


def test_the_check_finds_a_home_that_nobody_told_of() -> None:
    home = homes.Home("7", b.VILLAGE, 112.5, 37.8, (1, 2), single=False)
    nobody = homes.Visits({"7": home}, [], {}, {}, {b.VILLAGE: ""}, 2)
    assert homes.check(nobody, free={"T1": -1}) == [
        "home 7: 0 of 2 persons are visited or told",
        "T1 sends 1 samplers too many",
    ]
