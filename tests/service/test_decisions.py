"""From a proposal to a decision, its directives and their receipts: once, and on the record."""

from __future__ import annotations

import pytest
from django.db import ProgrammingError, connection, transaction

from tests.service import builders as b
from tests.service import scenes
from zhongshu.kernel.errors import BadInput, NotAllowed, NotFound, WrongState
from zhongshu.service.audit import facade as audit
from zhongshu.service.contacts import facade as contacts
from zhongshu.service.directives import facade as directives
from zhongshu.service.kit.scope import Scope
from zhongshu.service.periods import facade as periods
from zhongshu.service.zones import facade as zones

pytestmark = pytest.mark.django_db


def decide(proposal: periods.Proposal, verdict: str = "approve", **given: object):  # type: ignore[no-untyped-def]
    return periods.decide(
        proposal_id=proposal.pk,
        verdict=periods.Verdict(verdict, **given),  # type: ignore[arg-type]
        scope=b.scope(),
        actor=b.actor(),
        by_name="总指挥",
        now=b.NOW,
    )


def test_the_same_run_again_proposes_nothing_new() -> None:
    b.headquarters()
    first = b.proposal()
    entries = audit.entries(scope=None).filter(action="proposal.make").count()
    assert b.proposal().pk == first.pk
    assert audit.entries(scope=None).filter(action="proposal.make").count() == entries


def test_a_waiting_proposal_is_renewed_when_its_content_changed() -> None:
    b.headquarters()
    first = b.proposal()
    again = b.proposal(priority=5)
    assert (again.pk, again.priority, again.state) == (first.pk, 5, "waiting")


def test_a_decided_proposal_stays_as_it_was_decided() -> None:
    b.headquarters()
    first = b.proposal()
    decide(first, "reject", reason="not yet")
    again = b.proposal()
    assert (again.pk, again.state) == (first.pk, "rejected")


def test_what_was_renewed_since_it_was_read_cannot_be_decided_unread() -> None:
    b.headquarters()
    read = b.proposal()
    seen = read.content_hash
    b.proposal(priority=5)
    with pytest.raises(WrongState, match="read it again"):
        decide(read, "approve", judged=seen)
    read.refresh_from_db()
    assert read.state == "waiting"
    decide(read, "approve", judged=read.content_hash)


def test_what_changed_since_a_decision_waits_for_another_one() -> None:
    b.headquarters()
    first = b.proposal()
    decide(first, "approve")
    again = b.proposal(priority=5)
    assert again.pk != first.pk
    assert again.state == "waiting"
    first.refresh_from_db()
    assert first.state == "approved"


def test_what_a_later_run_does_not_propose_again_is_superseded_unless_its_step_failed() -> None:
    b.headquarters()
    b.proposal("zone/1")
    b.proposal("supply/1", kind="supply")
    later = b.run(b.NOW + b.DAY)
    periods.propose(run=later, draft=b.draft("zone/2"), now=b.NOW + b.DAY)
    assert periods.supersede_absent(run=later, kinds=["zone"], now=b.NOW + b.DAY) == 1
    states = dict(periods.Proposal.objects.values_list("key", "state"))
    assert states == {"zone/1": "superseded", "supply/1": "waiting", "zone/2": "waiting"}


def test_an_approval_moves_its_subject_and_sends_one_directive_per_recipient() -> None:
    b.headquarters()
    case = b.case(1)
    b.trace(case, (2, 1))
    (zone_id,) = zones.upsert(
        drafts=[scenes.zone_draft(b.VILLAGE, case)], run_id=1, as_of=b.NOW
    ).values()
    contact = contacts.Contact.objects.get()
    proposal = b.proposal(
        subject={"zones": [zone_id], "contacts": [contact.pk]}, recipients=[b.VILLAGE, b.VILLAGE_2]
    )
    decision, issued = decide(proposal)
    contact.refresh_from_db()
    assert contact.state == "confirmed"
    assert zones.get(zone_id, b.scope(), b.NOW).state == "active"
    assert [(one.unit_id, one.parent_id) for one in issued] == [
        (b.PROVINCE, None),
        (b.VILLAGE, issued[0].pk),
        (b.VILLAGE_2, issued[0].pk),
    ]
    assert issued[1].due_at == b.NOW + 24 * b.HOUR
    assert decision.content_hash == proposal.content_hash


def test_an_amendment_changes_due_time_recipients_and_text() -> None:
    b.headquarters()
    proposal = b.proposal(recipients=[b.VILLAGE, b.VILLAGE_2])
    given = {"due_hours": 6.0, "exclude_units": (b.VILLAGE_2,), "note": "先保供"}
    _, issued = decide(proposal, "amend", reason="sooner", **given)
    assert [one.unit_id for one in issued] == [b.VILLAGE]
    assert issued[0].due_at == b.NOW + 6 * b.HOUR
    assert issued[0].text["zh"].endswith("先保供")


@pytest.mark.parametrize(
    ("verdict", "given"),
    [("amend", {"due_hours": 1.0}), ("reject", {}), ("amend", {"reason": "x"}), ("maybe", {}),
     ("amend", {"reason": "x", "due_hours": -1.0})],
)  # fmt: skip
def test_a_verdict_that_says_too_little_is_refused(verdict: str, given: dict[str, object]) -> None:
    b.headquarters()
    with pytest.raises(BadInput):
        decide(b.proposal(), verdict, **given)


def test_a_proposal_is_decided_once_and_only_within_ones_scope() -> None:
    b.headquarters()
    proposal = b.proposal()
    with pytest.raises(NotFound):
        periods.decide(
            proposal_id=proposal.pk,
            verdict=periods.Verdict("approve"),
            scope=b.scope(b.OTHER_CITY),
            actor=b.actor(b.OTHER_CITY),
            by_name="x",
            now=b.NOW,
        )
    decide(proposal)
    with pytest.raises(WrongState):
        decide(proposal, "reject", reason="too late")


def test_an_amendment_that_leaves_nobody_changes_nothing() -> None:
    b.headquarters()
    proposal = b.proposal()
    with pytest.raises(WrongState):
        decide(proposal, "amend", reason="x", exclude_units=(b.COUNTY,))
    proposal.refresh_from_db()
    assert proposal.state == "waiting"
    assert not directives.Directive.objects.exists()


def act(directive: directives.Directive, action: str, unit: str, **given: object) -> str:
    return directives.act(
        directive_id=directive.pk,
        action=action,
        scope=Scope((b.path(unit),)),
        actor=b.actor(unit, "local_staff", "local"),
        now=b.NOW + b.HOUR,
        **given,  # type: ignore[arg-type]
    ).state


def test_a_county_signs_forwards_and_reports_and_the_issuer_closes() -> None:
    b.headquarters()
    _, (directive,) = decide(b.proposal())
    assert act(directive, "sign", b.COUNTY) == "signed"
    directives.forward(
        directive_id=directive.pk,
        to_units=[b.VILLAGE, b.VILLAGE_2],
        note="",
        scope=b.scope(b.COUNTY),
        actor=b.actor(b.COUNTY, "local_staff"),
        now=b.NOW,
    )
    child = directive.children.get(unit_id=b.VILLAGE)
    assert act(child, "sign", b.VILLAGE) == "signed"
    assert act(child, "report", b.VILLAGE, note="done", figures={"closed": 1}) == "reported"
    (receipt,) = directives.receipts([directive], b.scope()).values()
    assert receipt == {"total": 2, "signed": 1, "reported": 1}
    assert act(directive, "report", b.COUNTY, note="done") == "reported"
    assert act(directive, "close", b.PROVINCE) == "closed"
    actions = [event.action for event in directive.events.order_by("id")]
    assert actions == ["issue", "sign", "forward", "report", "close"]


def test_nobody_signs_for_another_and_nobody_closes_his_own() -> None:
    b.headquarters()
    _, (directive,) = decide(b.proposal())
    with pytest.raises(NotAllowed):
        act(directive, "sign", b.CITY)
    act(directive, "sign", b.COUNTY)
    act(directive, "report", b.COUNTY, note="done")
    with pytest.raises(NotAllowed):
        act(directive, "close", b.COUNTY)


def test_a_directive_goes_only_to_units_below() -> None:
    b.headquarters()
    _, (directive,) = decide(b.proposal())
    act(directive, "sign", b.COUNTY)
    for outside in (b.OTHER_VILLAGE, b.COUNTY, "000000000000"):
        with pytest.raises(NotAllowed):
            directives.forward(
                directive_id=directive.pk,
                to_units=[outside],
                note="",
                scope=b.scope(b.COUNTY),
                actor=b.actor(b.COUNTY, "local_staff"),
                now=b.NOW,
            )


def test_a_directive_is_overdue_from_the_hour_it_should_have_been_signed() -> None:
    b.headquarters()
    _, (directive,) = decide(b.proposal())

    def listed(hours: float) -> bool:
        then = b.NOW + hours * b.HOUR
        rows = directives.listed(scope=b.scope(), as_of=then, overdue_only=True)
        shown = directives.is_overdue(directives.Directive.objects.get(pk=directive.pk), then)
        assert rows.exists() == shown
        return shown

    assert [listed(1), listed(3)] == [False, True]
    act(directive, "sign", b.COUNTY)
    assert [listed(3), listed(25)] == [False, True]
    act(directive, "report", b.COUNTY, note="done")
    assert not listed(25)


@pytest.mark.parametrize(
    "table",
    ["periods_decision", "directives_directiveevent", "audit_auditentry", "people_accessrecord",
     "contacts_contactdecision"],
)  # fmt: skip
def test_what_was_decided_and_recorded_cannot_be_changed_or_deleted(table: str) -> None:
    b.headquarters()
    case = b.case(1)
    b.trace(case, (2, 1))
    contact = contacts.Contact.objects.get()
    contacts.decide(
        contact_ids=[contact.pk], action="confirm", reason="", actor=b.actor(), now=b.NOW
    )
    decide(b.proposal())
    b.open_person(case)
    for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET at = now()"):
        with (
            pytest.raises(ProgrammingError, match="Cannot update or delete"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


def test_a_run_cut_off_goes_on_in_the_same_row() -> None:
    b.headquarters()
    first = b.run()
    periods.step_started(run=first, name="trace", position=1, now=b.NOW)
    again = b.run()
    assert (again.pk, again.attempts, again.state) == (first.pk, 2, "running")
    periods.step_started(run=again, name="trace", position=1, now=b.NOW)
    periods.step_done(run=again, name="trace", summary={"contacts": 1}, now=b.NOW)
    periods.step_started(run=again, name="zone", position=2, now=b.NOW)
    why = {"zh": "缺数据", "en": "No data"}
    periods.step_failed(run=again, name="zone", error=why, now=b.NOW)  # type: ignore[arg-type]
    assert periods.finish_run(run=again, now=b.NOW).state == "partial"
    assert again.steps.count() == 2
