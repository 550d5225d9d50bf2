"""One headquarters' day on a small synthetic province, in the registers."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection

from zhongshu.cli import worldbuild
from zhongshu.connectors.feeds import intake
from zhongshu.connectors.feeds.registers import ServiceRegisters
from zhongshu.kernel.errors import BadInput, Refused, WrongState
from zhongshu.kernel.time import DAY, start_of_day
from zhongshu.lake.lake import Lake
from zhongshu.reference import read
from zhongshu.service.accounts import facade as accounts
from zhongshu.service.contacts import facade as contacts
from zhongshu.service.dispatch import facade as dispatch
from zhongshu.service.incidents import facade as incidents
from zhongshu.service.kit.actor import Actor
from zhongshu.service.kit.scope import Scope
from zhongshu.service.periods import facade as periods
from zhongshu.service.periods.cycle import plan
from zhongshu.service.periods.cycle import run as cycle
from zhongshu.service.periods.models import Proposal, Run
from zhongshu.service.units import facade as units
from zhongshu.service.zones.models import Zone, ZoneEvaluation

PROVINCE = "140000000000"
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("world")
    worldbuild.build(folder, people=4_000, days=16, seed=5, step=lambda name, share: None)  # type: ignore[arg-type]
    return folder


@pytest.fixture
def day(world: Path, tmp_path: Path) -> SimpleNamespace:
    """Everything taken in; `run(moment)` runs the cycle at that moment."""
    params = worldbuild.params(people=4_000, days=16, seed=5)
    evening = start_of_day(params.start + 15 * DAY) + dt.timedelta(hours=20)
    units.load_reference(now=evening)
    incidents.open_incident(
        key="test",
        name={"zh": "测试", "en": "Test"},
        disease="covid-19",
        mode="emergency",
        pack="cn-covid-9",
        scope_unit=PROVINCE,
        synthetic=True,
        actor=Actor("test"),
        now=evening,
    )
    lake = Lake(tmp_path / "lake")
    known = frozenset(read.table("divisions")["code"].to_pylist())
    report = intake.take(
        world / "feeds",
        lake=lake,
        registers=ServiceRegisters(),
        received_at=evening - dt.timedelta(minutes=1),
        raw=tmp_path / "raw",
        known_divisions=known,
    )
    assert report.count("refused") == 0

    def run(moment: dt.datetime = evening, now: dt.datetime | None = None) -> Run:
        clock = now or moment + dt.timedelta(minutes=5)
        return cycle.run(as_of=moment, lake=lake, seed=1, clock=lambda: clock)

    return SimpleNamespace(run=run, evening=evening, lake=lake)


def _state() -> dict[str, Any]:
    """All proposals, contacts and zones, as the registers hold them."""
    with connection.cursor() as cursor:
        found = {}
        for table in ("periods_proposal", "contacts_contact", "contacts_exposure", "zones_zone"):
            cursor.execute(f"SELECT md5(string_agg(t::text, '' ORDER BY id)) FROM {table} t")
            found[table] = cursor.fetchone()
        return found


def test_a_day_from_feeds_to_directives_and_the_next_day(
    day: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(BadInput, match="has not come yet"):
        day.run(day.evening, now=day.evening - DAY)
    first = day.run()
    assert first.state == Run.State.DONE
    assert {step.name for step in first.steps.all()} >= {"detect", "trace", "zone", "propose"}
    kinds = set(Proposal.objects.values_list("kind", flat=True))
    assert {"isolate", "zone", "colour", "transfer", "test_round"} <= kinds

    # the same inputs: the same run, nothing touched
    before = _state()
    again = day.run()
    assert (again.pk, again.attempts) == (first.pk, 1)
    assert _state() == before

    # done again from the start, as after a crash: still nothing doubles
    Run.objects.filter(pk=first.pk).update(state=Run.State.RUNNING)
    repeated = day.run()
    assert repeated.attempts == 2
    assert _state() == before

    _no_secondary_contact_hangs_on_a_finished_one(day.evening)
    accounts.create_user(
        username="commander", display_name="C", posts=[(PROVINCE, "commander")], now=day.evening
    )
    _a_later_run_asks_for_other_plans(day)
    _an_approved_plan_of_the_run_becomes_jobs(day)
    _a_decision_puts_areas_in_force_and_they_keep_their_level(day)
    _contacts_found_after_a_decision_are_proposed_and_isolated_ones_are_not_moved_again(day)
    _a_refused_step_leaves_the_others(day, monkeypatch)
    with pytest.raises(WrongState, match="stands"):
        day.run(day.evening - DAY)


def _no_secondary_contact_hangs_on_a_finished_one(evening: dt.datetime) -> None:
    rows = contacts.Contact.objects.filter(withdrawn_as_of=None)
    over = set(
        rows.filter(degree=1, release_on__lt=evening.date()).values_list("case_id", "person")
    )
    via = set(rows.filter(degree=2).values_list("case_id", "via_person"))
    assert via
    assert not via & over


def _waiting(kind: str) -> Proposal:
    return Proposal.objects.get(kind=kind, state="waiting")


def _a_later_run_asks_for_other_plans(day: SimpleNamespace) -> None:
    asked = {kind: _waiting(kind).subject["dispatch"] for kind in ("rooms", "transfer")}
    found = dispatch.DispatchPlan.objects.values_list("planner", flat=True)
    assert len(found) == len(set(found)), "done again, it made none anew"
    day.evening += dt.timedelta(minutes=30)
    assert day.run(day.evening).state == Run.State.DONE
    for kind, before in asked.items():
        after = _waiting(kind).subject["dispatch"]
        plans = dispatch.DispatchPlan.objects.in_bulk([before, after])
        assert (plans[before].state, plans[after].state) == ("withdrawn", "proposed")


def _an_approved_plan_of_the_run_becomes_jobs(day: SimpleNamespace) -> None:
    now = day.evening + dt.timedelta(minutes=10)
    actor = accounts.actor("commander", "proposal.decide")
    rooms, beds, trips = (_waiting(kind) for kind in ("rooms", "beds", "transfer"))

    def approve(proposal: Proposal) -> None:
        periods.decide(
            proposal_id=proposal.pk,
            verdict=periods.Verdict("approve"),
            scope=Scope((actor.unit_path,)),
            actor=actor,
            by_name="C",
            now=now,
        )

    hospitals = dispatch.DispatchPlan.objects.get(pk=beds.subject["dispatch"])
    notes = (hospitals.detail or {})["answer"]["notes"]
    assert "forecast_of_run" in notes, "it keeps beds for what the run itself expects"
    with pytest.raises(WrongState, match="rests on plan"):
        approve(trips)
    for proposal, who in ((rooms, "site"), (beds, "hospital"), (trips, "vehicle")):
        approve(proposal)
        jobs = dispatch.Job.objects.filter(plan=proposal.subject["dispatch"])
        assert set(jobs.values_list("kind", flat=True)) >= {who}
    going = rooms.subject["contacts"]
    found = contacts.Contact.objects.filter(pk__in=going).values_list("state", flat=True)
    assert going
    assert set(found) == {"confirmed"}


def _a_decision_puts_areas_in_force_and_they_keep_their_level(day: SimpleNamespace) -> None:
    now = day.evening + dt.timedelta(hours=1)
    actor = accounts.actor("commander", "proposal.decide")
    proposal = Proposal.objects.filter(kind="zone", state="waiting").first()
    assert proposal is not None
    decision, issued = periods.decide(
        proposal_id=proposal.pk,
        verdict=periods.Verdict("approve"),
        scope=Scope((actor.unit_path,)),
        actor=actor,
        by_name="C",
        now=now,
    )
    assert [one.unit_id for one in issued] == proposal.content["recipients"]
    drawn = Zone.objects.filter(pk__in=proposal.subject["zones"])
    assert set(drawn.values_list("state", flat=True)) == {"active"}
    next_evening = day.evening + DAY
    later = day.run(next_evening)
    assert later.state == Run.State.DONE
    for zone in drawn:
        levels = list(
            ZoneEvaluation.objects.filter(zone=zone)
            .order_by("as_of")
            .values_list("level", flat=True)
        )
        assert levels[-1] in ("high", "medium"), levels
    decided = Proposal.objects.get(pk=proposal.pk)
    assert decided.state == "approved"
    assert decision.content_hash == decided.content_hash


def _contacts_found_after_a_decision_are_proposed_and_isolated_ones_are_not_moved_again(
    day: SimpleNamespace,
) -> None:
    now = day.evening + DAY + dt.timedelta(hours=1)
    actor = accounts.actor("commander", "proposal.decide")
    proposal = Proposal.objects.filter(kind="isolate", state="waiting").first()
    assert proposal is not None
    _, (directive,) = periods.decide(
        proposal_id=proposal.pk,
        verdict=periods.Verdict("approve"),
        scope=Scope((actor.unit_path,)),
        actor=actor,
        by_name="C",
        now=now,
    )
    subject = contacts.Contact.objects.filter(pk__in=proposal.subject["contacts"])
    assert set(subject.values_list("state", flat=True)) == {"confirmed"}
    assert periods.carried_out(directive=directive, actor=actor, now=now) == subject.count()
    assert set(subject.values_list("state", flat=True)) == {"isolating"}
    # somebody is found again: only he waits for a decision
    late = subject.first()
    assert late is not None
    contacts.Contact.objects.filter(person=late.person).update(state="proposed")
    day.run(day.evening + DAY + dt.timedelta(hours=2))
    waiting = Proposal.objects.get(key=proposal.key, state="waiting")
    assert waiting.pk != proposal.pk
    ids = set(waiting.subject["contacts"])
    assert late.pk in ids
    states = contacts.Contact.objects.filter(pk__in=ids).values_list("state", flat=True)
    assert set(states) == {"proposed"}


def _a_refused_step_leaves_the_others(
    day: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: object) -> None:
        raise Refused("test.refused", "The stocks cannot be read.")

    steps = tuple((name, refuse if name == "supply" else step) for name, step in cycle.STEPS)
    monkeypatch.setattr(cycle, "STEPS", steps)
    waiting = set(
        Proposal.objects.filter(kind="supply", state="waiting").values_list("pk", flat=True)
    )
    found = day.run(day.evening + 2 * DAY)
    assert found.state == Run.State.PARTIAL
    states = {step.name: step.state for step in found.steps.all()}
    assert states.pop("supply") == "failed"
    assert set(states.values()) == {"done"}
    still = Proposal.objects.filter(pk__in=waiting, state="waiting").count()
    assert still == len(waiting), "a step that failed takes nothing back"
    assert plan.supply is not refuse
