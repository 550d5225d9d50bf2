"""Plans of dispatch from the question to the last receipt."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import docx
import numpy as np
import pytest
from django.db import connection

from tests.service import builders as b
from tests.service import scenes
from tests.service.plans import acted, approved, asked, cells, computed, figures, job_of, told
from zhongshu.jobs import dispatch as job_runner
from zhongshu.jobs.attempts import MOST_ATTEMPTS
from zhongshu.kernel.errors import BadInput, NotFound, WrongState
from zhongshu.service.audit import facade as audit
from zhongshu.service.contacts import facade as contacts
from zhongshu.service.dispatch import facade as dispatch
from zhongshu.service.dispatch.planners import shapes
from zhongshu.service.dispatch.planning import facade as planning
from zhongshu.service.kit.scope import Scope
from zhongshu.service.people import facade as people
from zhongshu.service.periods import facade as periods
from zhongshu.service.resources import facade as resources
from zhongshu.service.resources.registry import facade as registry
from zhongshu.service.rounds import facade as rounds
from zhongshu.service.units import facade as units

pytestmark = pytest.mark.django_db


def test_a_plan_of_rooms_says_who_goes_where_and_how_good_that_is() -> None:
    scenes.two_cities()
    plan = scenes.roomed(b.COUNTY)
    assert plan.state == "ready"
    assert {key: figures(plan)[key] for key in ("served", "unserved", "rooms", "sites")} == {
        "served": 1, "unserved": 0, "rooms": 1, "sites": 1,
    }  # fmt: skip
    row = cells(plan, "rooms")[0]
    contact = contacts.Contact.objects.get(unit__path__contains=b.COUNTY)
    assert (row["contact"], row["site_id"], row["degree"]) == (
        str(contact.pk), f"{b.COUNTY}-2", 1,
    )  # fmt: skip
    assert plan.detail is not None
    assert plan.detail["answer"]["gap"] == 0.0
    assert [one["key"] for one in plan.detail["tables"]] == ["rooms", "sites", "unserved"]


def test_approval_confirms_the_contacts_takes_the_rooms_and_issues_the_jobs() -> None:
    scenes.two_cities()
    plan = scenes.roomed(b.COUNTY)
    approved(plan)
    plan = dispatch.get(plan.pk, b.scope())
    assert (plan.state, plan.jobs_total) == ("issued", 1)  # type: ignore[attr-defined]
    held = registry.Hold.objects.get(holder=f"plan:{plan.pk}")
    assert (held.thing.code.split("/")[0], held.amount) == (f"{b.COUNTY}-2", 2)
    job = job_of(plan)
    assert (job.kind, job.state, job.steps_total) == ("site", "issued", 1)
    contact = contacts.Contact.objects.get(pk=int(job.steps[0]["thing"]))
    assert contact.state == "confirmed"
    job = told(job, 1, "arrived")
    assert (job.state, job.steps_done) == ("done", 1)
    contact.refresh_from_db()
    assert contact.state == "isolating"
    assert dispatch.get(plan.pk, b.scope()).state == "done"


def test_a_room_taken_meanwhile_refuses_the_decision_and_changes_nothing() -> None:
    scenes.two_cities()
    plan = scenes.roomed(b.COUNTY)
    proposed = planning.propose(plan_id=plan.pk, reason="", **acted())
    taking = (plan.kept or {})["takings"][0]
    thing = registry.Thing.objects.get(kind="room", code=taking["code"])
    want = registry.Want(thing.pk, "places", 1, b.NOW)
    registry.hold(wants=[want], holder="person", **acted())
    with pytest.raises(WrongState) as refused:
        periods.decide(
            proposal_id=proposed.proposal_id or 0,
            verdict=periods.Verdict("approve"),
            by_name="总指挥",
            **acted(),
        )
    assert refused.value.code == "resources.taken"
    assert dispatch.get(plan.pk, b.scope()).state == "proposed"
    assert not dispatch.Job.objects.exists()
    assert periods.get(proposed.proposal_id or 0, b.scope()).state == "waiting"


def test_a_rejected_plan_is_over_and_takes_nothing() -> None:
    scenes.two_cities()
    plan = scenes.roomed(b.COUNTY)
    approved(plan, "reject", reason="too far")
    assert dispatch.get(plan.pk, b.scope()).state == "declined"
    assert not registry.Hold.objects.exists()


def test_a_forbidden_site_is_not_given_and_the_plan_that_follows_says_what_changed() -> None:
    scenes.two_cities()
    first = scenes.roomed(b.COUNTY)
    contact = cells(first, "rooms")[0]["contact"]
    word = planning.Word("forbid", contact, f"{b.COUNTY}-2")
    again = computed(planning.again(plan_id=first.pk, words=[word], **acted()))
    assert (again.follows_id, again.as_of) == (first.pk, first.as_of)
    assert figures(again)["served"] == 0
    assert cells(again, "unserved")[0]["constraint"] == "no_room_for_need"
    pinned = planning.Word("pin", contact, f"{b.COUNTY}-2")
    third = computed(planning.again(plan_id=again.pk, words=[pinned], **acted()))
    assert figures(third)["served"] == 1
    assert [one["word"] for one in third.words] == ["pin"]  # the new word took the old one's place


@pytest.mark.parametrize(
    ("word", "code"),
    [
        (planning.Word("pin", "0", "x"), "dispatch.unknown_word"),
        (None, "dispatch.words"),
    ],
)
def test_a_word_about_nothing_is_refused(word: planning.Word | None, code: str) -> None:
    scenes.two_cities()
    plan = scenes.roomed(b.COUNTY)
    if word is None:
        with pytest.raises(BadInput) as refused:
            planning.again(plan_id=plan.pk, words=[], **acted())
        assert refused.value.code == code
        return
    failed = computed(planning.again(plan_id=plan.pk, words=[word], **acted()))
    assert (failed.state, failed.refusal["code"]) == ("failed", code)  # type: ignore[index]


def test_trips_fetch_who_has_a_room_and_a_broken_vehicle_asks_for_another_plan() -> None:
    scenes.two_cities()
    rooms = scenes.roomed(b.COUNTY)
    approved(rooms)
    plan = computed(asked("transfer", rooms_plan=rooms.pk, seconds=1))
    assert figures(plan)["served"] == 1
    approved(plan)
    job = job_of(plan)
    assert [one["kind"] for one in job.steps] == ["stop", "site"]
    job = told(job, 1, "breakdown", note="抛锚")
    event = dispatch.open_events(scope=b.scope(), as_of=b.NOW).get()
    assert (event.job_id, event.what, job.state) == (job.pk, "breakdown", "begun")
    down = planning.Event("vehicle_down", job.code, b.NOW)
    again = computed(planning.happened(plan_id=plan.pk, events=[down], **acted()))
    assert again.state == "ready", again.refusal
    assert figures(again)["served"] == 0  # the county has no other vehicle
    assert not dispatch.open_events(scope=b.scope(), as_of=b.NOW).exists()


def crawling(names: Sequence[str], lon: Any, lat: Any) -> tuple[Any, Any]:
    """Roads on which every way takes half an hour and is 2,500 m long."""
    apart = 1 - np.eye(len(names), dtype=np.int64)
    return 2500 * apart, 1800 * apart


def crawling_roads() -> Any:
    return crawling


def test_trips_keep_to_the_roads_the_installation_names(settings: Any) -> None:
    scenes.two_cities()
    rooms = scenes.roomed(b.COUNTY)
    approved(rooms)
    straight = computed(asked("transfer", rooms_plan=rooms.pk, seconds=1))
    settings.ZHONGSHU_ROAD_FINDER = f"{__name__}.crawling_roads"
    plan = computed(asked("transfer", rooms_plan=rooms.pk, seconds=1))
    trip, stop = cells(plan, "trips")[0], cells(plan, "stops")[0]
    hours = [dt.datetime.fromisoformat(trip[key]) for key in ("leaves", "arrives")]
    assert figures(plan)["km"] == 7.5 != figures(straight)["km"]
    assert dt.datetime.fromisoformat(stop["arrives"]) - hours[0] == dt.timedelta(minutes=30)
    assert hours[1] - hours[0] > dt.timedelta(hours=1)
    assert (plan.detail or {})["answer"]["notes"] == ["by_roads"]
    assert "by_roads" not in (straight.detail or {})["answer"]["notes"]


def test_what_was_told_goes_on_counting_when_another_plan_takes_its_place() -> None:
    scenes.two_cities()
    rooms = scenes.roomed(b.COUNTY)
    approved(rooms)
    plan = computed(asked("transfer", rooms_plan=rooms.pk, seconds=1))
    approved(plan)
    job = told(job_of(plan), 1, "boarded")
    assert job.steps_done == 1
    gone = planning.Event("not_home", "1", b.NOW, to=(b.NOW + 3 * b.HOUR).isoformat())
    later = computed(planning.happened(plan_id=plan.pk, events=[gone], **acted()))
    assert later.state == "ready", later.refusal
    approved(later)
    old, new = dispatch.get(plan.pk, b.scope()), dispatch.get(later.pk, b.scope())
    assert (old.state, new.state) == ("replaced", "issued")
    job.refresh_from_db()
    heir = job_of(new)
    assert (job.state, job.instead_id) == ("cancelled", heir.pk)
    assert heir.steps_done == 1
    holders = registry.Hold.objects.filter(released_at=None).values_list("holder", flat=True)
    assert set(holders) == {f"plan:{rooms.pk}", f"plan:{later.pk}"}
    with pytest.raises(WrongState) as refused:
        told(job, 2, "handed_over")
    assert refused.value.code == "dispatch.job_over"


def test_two_plans_for_one_room_cannot_both_be_approved() -> None:
    scenes.two_cities()
    first, second = scenes.roomed(b.COUNTY), scenes.roomed(b.COUNTY)
    approved(first)
    with pytest.raises(WrongState) as refused:
        approved(second)
    assert refused.value.code == "resources.taken"
    later = asked("rooms")
    failed = computed(later)
    assert failed.refusal["code"] == "dispatch.nobody"  # type: ignore[index]


def test_receipts_are_told_once_and_only_of_what_the_step_takes() -> None:
    scenes.two_cities()
    job = scenes.dispatched(b.COUNTY)
    for step, what, code in ((9, "arrived", "no_step"), (1, "handed_over", "what")):
        with pytest.raises(BadInput) as refused:
            told(job, step, what)
        assert refused.value.code == f"dispatch.{code}"
    told(job, 1, "arrived")
    told(job, 1, "arrived")
    assert job.receipts.filter(what="arrived").count() == 1
    with pytest.raises(WrongState) as closed:
        told(job, 1, "refused")
    assert closed.value.code == "dispatch.step_closed"


def test_whoever_does_the_job_closes_a_plan_made_above_him_and_sees_nothing_of_it() -> None:
    scenes.two_cities()
    scenes.dispatched(b.COUNTY)
    client = scenes.signed_in((b.COUNTY, "local_staff"))
    job = scenes.get(client, "/dispatch/jobs").json()["items"][0]
    answer = scenes.post(
        client, f"/dispatch/jobs/{job['id']}/receipts", {"step": 1, "what": "arrived"}
    )
    assert answer.status_code == 200, answer.content
    assert answer.json()["state"] == "done"
    village = scenes.signed_in((b.VILLAGE, "village_clerk"), name="clerk")
    assert scenes.get(village, "/dispatch/jobs").json()["items"] == []


@pytest.mark.parametrize(
    ("planner", "form", "code"),
    [
        ("magic", {}, "planner"),
        ("rooms", {"who": "nobody"}, "value"),
        ("rooms", {"colour": 1}, "field"),
        ("transfer", {"rooms_plan": 0}, "unknown"),
        ("transfer", {"seconds": 900, "rooms_plan": 1}, "unknown"),
    ],
)
def test_a_form_that_cannot_be_read_is_refused_and_nothing_is_kept(
    planner: str, form: dict[str, Any], code: str
) -> None:
    b.headquarters()
    with pytest.raises((BadInput, NotFound)) as refused:
        asked(planner, **form)
    assert refused.value.code == f"dispatch.{code}"
    assert not dispatch.DispatchPlan.objects.exists()


def test_what_must_be_filled_in_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    b.headquarters()
    must = shapes.Field("who", "choice", choices=("all",), required=True)
    monkeypatch.setattr(planning.planner("rooms"), "FIELDS", (must,))
    with pytest.raises(BadInput, match="Fill in 'who'"):
        asked("rooms")


def test_a_plan_outside_ones_scope_looks_like_none() -> None:
    scenes.two_cities()
    plan = scenes.roomed(b.COUNTY)
    elsewhere = Scope((units.get(b.OTHER_COUNTY).path,))
    with pytest.raises(NotFound):
        dispatch.get(plan.pk, elsewhere)
    with pytest.raises(NotFound):
        planning.withdraw(plan_id=plan.pk, scope=elsewhere, actor=b.actor(), now=b.NOW)


def test_a_plan_whose_worker_died_is_taken_up_again() -> None:
    scenes.two_cities()
    scenes.roomed(b.COUNTY)  # the rooms of it
    plan = asked("rooms")
    assert planning.take_up(plan.pk, b.NOW) is not None  # and its worker was killed
    left: list[int] = []
    assert job_runner.take_up_left(left.append) == [plan.pk] == left
    assert computed(plan).state == "ready"
    job_runner.run(plan.pk)  # once more changes nothing
    other = asked("rooms")
    job_runner.run(other.pk, attempts=MOST_ATTEMPTS)
    assert dispatch.get(other.pk, b.scope()).refusal["code"] == "dispatch.killed"  # type: ignore[index]


@pytest.mark.django_db(transaction=True)
def test_two_commanders_in_the_same_second_give_a_room_to_one_plan() -> None:
    scenes.two_cities()
    plans = [scenes.roomed(b.COUNTY), scenes.roomed(b.COUNTY)]
    ids = [planning.propose(plan_id=one.pk, reason="", **acted()).proposal_id for one in plans]

    def decide(proposal: int) -> str:
        try:
            periods.decide(
                proposal_id=proposal,
                verdict=periods.Verdict("approve"),
                by_name="总指挥",
                **acted(),
            )
        except WrongState as refusal:
            return refusal.code
        finally:
            connection.close()
        return "issued"

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(decide, [one or 0 for one in ids]))
    assert answers == ["issued", "resources.taken"]
    assert registry.Hold.objects.filter(released_at=None).count() == 1


def sheet(client: Any, job: int) -> str:
    answer = client.get(f"/api/v1/dispatch/jobs/{job}/sheet", {"lang": "zh"})
    assert answer.status_code == 200, answer.content
    document = docx.Document(io.BytesIO(answer.content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in document.paragraphs), *cells])


def test_a_sheet_names_people_for_those_who_may_open_names_and_says_so_on_record() -> None:
    scenes.two_cities()
    job = scenes.dispatched(b.COUNTY)
    number = people.open_identity(
        actor=b.actor(), purpose="transfer", note="", now=b.NOW,
        pseudonyms=[job.steps[0]["persons"][0]],
    )[0].id_no  # fmt: skip
    before = audit.entries(scope=None).filter(action="identity.open").count()
    told = sheet(scenes.signed_in((b.CITY, "transfer_team")), job.pk)
    assert number in told
    assert audit.entries(scope=None).filter(action="identity.open").count() == before + 1
    told = sheet(scenes.signed_in((b.CITY, "supply_team"), name="other"), job.pk)
    assert number not in told
    assert audit.entries(scope=None).filter(action="identity.open").count() == before + 1


def test_a_round_becomes_jobs_of_points_and_a_roster_of_their_samplers() -> None:
    scenes.two_cities()
    near = {"point_id": "P", "name": "近点", "desks_max": 2, "village_code": b.VILLAGE,
            "lon": 112.5, "lat": 37.8, "as_of": b.NOW}  # fmt: skip
    resources.take_points(b.feed("sampling_points", near), b.NOW)
    plan = computed(asked("testing", homes=False))
    assert plan.state == "ready", plan.refusal
    assert figures(plan)["served"] == 2
    far = near | {"point_id": "FAR", "name": "远点", "lon": 113.0}
    resources.take_points(b.feed("sampling_points", near, far), b.NOW)
    first = computed(asked("testing", homes=False))
    word = planning.Word("pin", "FAR")
    pinned = computed(planning.again(plan_id=first.pk, words=[word], **acted()))
    assert {one["point"] for one in cells(pinned, "points")} == {"P", "FAR"}
    for number in (1, 2):
        scenes.courier(number)
    fetched = computed(asked("testing", couriers=2, homes=False))
    assert fetched.state == "ready", fetched.refusal
    assert sum(one["tubes"] for one in cells(fetched, "stops")) == figures(fetched)["tubes"]
    days = [dt.date.fromisoformat(one["date"]) for one in cells(fetched, "days")]
    assert (days[-1] - days[0]).days == 6  # three days, three of pause, one
    assert "courier" in {one["kind"] for one in fetched.kept["jobs"]}
    registry.enter(
        drafts=[
            registry.Draft(
                kind="sampler", code="T1", name="一队", unit=b.COUNTY, capacity={"persons": 6},
                lon=112.5, lat=37.8,
            )
        ],
        **acted(),
    )  # fmt: skip
    roster = computed(asked("teams", testing_plan=plan.pk, work=1))
    assert roster.state == "ready", roster.refusal
    assert figures(roster)["unserved"] == 0
    approved(plan)
    assert {one["kind"] for one in job_of(plan).steps} == {"point", "tubes"}
    held = registry.Hold.objects.get(holder=f"plan:{plan.pk}")
    assert (held.pool, held.thing.state) == ("desks", "preparing")
    begun = rounds.listed(scope=b.scope(), as_of=b.NOW).get()
    assert (begun.expected, [one.code for one in begun.points.all()]) == (2, ["P"])
    closed = planning.Event("point_closed", held.thing.code, b.NOW)
    again = computed(planning.happened(plan_id=plan.pk, events=[closed], **acted()))
    assert figures(again)["served"] == 0  # the other point is too far to walk


def test_a_hospital_that_declines_is_not_asked_again() -> None:
    inside, _ = scenes.two_cities()
    beds = {"hospital_id": "F", "name": "方舱", "tier": "fangcang", "beds_total": 90,
            "beds_free": 80, "icu_total": 0, "icu_free": 0, "county_code": b.COUNTY, "lon": 112.5,
            "lat": 37.8, "as_of": b.NOW}  # fmt: skip
    resources.take_beds(b.feed("hospital_beds", beds, beds | {"hospital_id": "G"}), b.NOW)
    plan = computed(asked("beds", suspected=True))
    assert plan.state == "ready", plan.refusal
    row = cells(plan, "cases")[0]
    assert row["case"] == str(inside.case.pk)
    approved(plan)
    told(job_of(plan), 1, "declined", note="满员")
    event = planning.Event("declined", row["case"], b.NOW)
    again = computed(planning.happened(plan_id=plan.pk, events=[event], **acted()))
    assert again.state == "ready", again.refusal
    other = cells(again, "cases")[0]
    assert {row["hospital_id"], other["hospital_id"]} == {"F", "G"}


def test_a_case_rides_alone_in_an_ambulance_to_the_bed_it_was_given() -> None:
    scenes.two_cities()
    where = {"county_code": b.COUNTY, "lon": 112.5, "lat": 37.8, "as_of": b.NOW}
    beds = {"hospital_id": "F", "name": "方舱", "tier": "fangcang", "beds_total": 90,
            "beds_free": 80, "icu_total": 0, "icu_free": 0} | where  # fmt: skip
    resources.take_beds(b.feed("hospital_beds", beds), b.NOW)
    rooms, given = scenes.roomed(b.COUNTY), computed(asked("beds", suspected=True))
    form = {"rooms_plan": rooms.pk, "beds_plan": given.pk, "seconds": 1}
    plan = computed(asked("transfer", **form))
    assert figures(plan)["served"] == 1  # the case's only vehicle is a van
    assert cells(plan, "unserved")[0]["constraint"] == "no_escort_or_kind"
    van = {"vehicle_id": "A1", "kind": "ambulance", "depot_name": "急救站", "seats": 2,
           "state": "ready"} | where  # fmt: skip
    resources.take_vehicles(b.feed("vehicles", van), b.NOW)
    plan = computed(asked("transfer", **form))
    assert figures(plan)["served"] == 2
    by = {one["cohort"]: one for one in cells(plan, "trips")}
    assert (by["case"]["vehicle"], by["case"]["persons"]) == ("A1", 1)


def test_goods_move_from_the_store_that_has_them_to_the_one_that_lacks_them() -> None:
    scenes.two_cities()
    where = {"county_code": b.COUNTY, "as_of": b.NOW, "unit": "只"}
    full = {"store_id": "FULL", "store_name": "满仓", "item": "n95", "quantity": 900.0,
            "used_per_day": 1.0} | where  # fmt: skip
    bare = {"store_id": "BARE", "store_name": "空仓", "item": "n95", "quantity": 5.0,
            "used_per_day": 10.0} | where  # fmt: skip
    resources.take_stocks(b.feed("stocks", full, bare), b.NOW)
    plan = computed(asked("supplies"))
    assert plan.state == "ready", plan.refusal
    moves = cells(plan, "moves")
    assert ("FULL", "BARE") in {(one["from_store"], one["to_store"]) for one in moves}
    approved(plan)
    issued = dispatch.jobs(scope=b.scope(), plan=plan.pk).filter(kind="store", code="FULL")
    job = dispatch.job(issued.get().pk, b.scope())
    assert {one["kind"] for one in job.steps} == {"goods"}
    held = registry.Hold.objects.filter(holder=f"plan:{plan.pk}")
    assert ("FULL/n95", "units") in {(one.thing.code, one.pool) for one in held}
    word = planning.Word("forbid", "FULL")
    again = computed(planning.again(plan_id=plan.pk, words=[word], **acted()))
    assert "FULL" not in {one["from_store"] for one in cells(again, "moves")}


def test_nobody_is_fetched_to_a_room_that_no_approved_plan_has_taken() -> None:
    scenes.two_cities()
    rooms = scenes.roomed(b.COUNTY)
    plan = computed(asked("transfer", rooms_plan=rooms.pk, seconds=1))
    with pytest.raises(WrongState) as refused:
        approved(plan)
    assert refused.value.code == "dispatch.rests_on"
    assert not dispatch.Job.objects.exists()


@pytest.mark.parametrize("at", [b.NOW + b.HOUR, b.NOW.replace(tzinfo=None)])
def test_a_receipt_of_the_future_is_refused(at: dt.datetime) -> None:
    scenes.two_cities()
    job = scenes.dispatched(b.COUNTY)
    with pytest.raises(BadInput) as refused:
        told(job, 1, "arrived", at=at)
    assert refused.value.code == "dispatch.moment"
