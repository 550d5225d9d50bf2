"""What happens in the registers moves the clocks: by the packs that ship."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests.service import builders as b
from tests.service import scenes
from zhongshu.api import messages
from zhongshu.rules import reader
from zhongshu.service.cases import facade as cases
from zhongshu.service.clocks import facade as clocks
from zhongshu.service.contacts import facade as contacts
from zhongshu.service.directives import facade as directives
from zhongshu.service.kit.actor import CYCLE
from zhongshu.service.signals import facade as signals
from zhongshu.service.zones import facade as zones

pytestmark = pytest.mark.django_db
PACK = reader.in_force("cn-covid-9", b.NOW.date())


def clock(subject_kind: str, name: str) -> clocks.Clock:
    return clocks.Clock.objects.get(subject_kind=subject_kind, clock=name)


def issued(to: str = b.COUNTY) -> directives.Directive:
    order = directives.Order(
        decision_id=1, proposal_id=1, kind="zone", title={"zh": "令", "en": "Order"},
        text={"zh": "办", "en": "Do"}, sign_due_at=b.NOW + 2 * b.HOUR, due_at=b.NOW + b.DAY,
    )  # fmt: skip
    (one,) = directives.issue(order=order, to_units=[to], actor=b.actor(), now=b.NOW)
    return one


def do(one: directives.Directive, action: str, now: dt.datetime, **given: Any) -> None:
    issuer = action in ("close", "send_back")
    who = b.actor() if issuer else b.actor(b.COUNTY, "local_staff", "clerk")
    directives.act(directive_id=one.pk, action=action, scope=b.scope(), actor=who, now=now, **given)


def test_a_case_has_the_clock_of_its_report() -> None:
    b.headquarters()
    row = b.case(1)
    report = clock("case", "case-report")
    hours = PACK.number("report.case_h")
    assert report.due_at == row.confirmed_at + hours * b.HOUR
    assert (report.state, report.ended_at) == ("met_late", row.reported_at)
    assert (report.unit_id, report.label) == (b.COUNTY, "C1")


def test_only_what_the_register_can_stop_runs_for_a_case() -> None:
    b.headquarters()
    b.case(1)
    assert set(clocks.Clock.objects.values_list("clock", flat=True)) == {"case-report"}


def test_a_corrected_line_list_corrects_the_clock() -> None:
    b.headquarters()
    b.case(1)
    b.take_cases(b.case_row(1, confirmed_at=b.NOW - b.DAY - b.HOUR), at=b.NOW + b.HOUR)
    assert clock("case", "case-report").state == "met"
    b.take_cases(b.case_row(1, confirmed_at=None), at=b.NOW + 2 * b.HOUR)
    assert clock("case", "case-report").waived_reason == "anchor_withdrawn"


def test_a_directive_is_timed_until_it_is_signed_and_reported() -> None:
    b.headquarters()
    one = issued()
    sign, done = clock("directive", "directive-sign"), clock("directive", "directive-done")
    assert (sign.due_at, done.due_at) == (one.sign_due_at, one.due_at)
    assert {sign.unit_id, done.unit_id} == {b.COUNTY}
    do(one, "sign", b.NOW + b.HOUR)
    assert clock("directive", "directive-sign").state == "met"
    do(one, "report", b.NOW + 2 * b.DAY, note="done")
    assert clock("directive", "directive-done").state == "met_late"


def test_a_report_that_is_sent_back_runs_on_and_ends_with_the_next_one() -> None:
    b.headquarters()
    one = issued()
    for action in ("sign", "report"):
        do(one, action, b.NOW + b.HOUR, note="x")
    do(one, "send_back", b.NOW + 2 * b.HOUR)
    assert clock("directive", "directive-done").state == "running"
    do(one, "report", b.NOW + 3 * b.HOUR, note="y")
    again = clock("directive", "directive-done")
    assert (again.state, again.ended_at) == ("met", b.NOW + 3 * b.HOUR)


def test_forwarding_times_each_unit_below() -> None:
    b.headquarters()
    one = issued()
    do(one, "sign", b.NOW + b.HOUR)
    directives.forward(
        directive_id=one.pk, to_units=[b.TOWNSHIP], note="", scope=b.scope(),
        actor=b.actor(b.COUNTY, "local_staff"), now=b.NOW + b.HOUR,
    )  # fmt: skip
    running = clocks.Clock.objects.filter(state="running", unit_id=b.TOWNSHIP)
    assert {row.clock for row in running} == {"directive-sign", "directive-done"}


def test_a_contact_is_timed_from_the_confirmation_until_isolation() -> None:
    b.headquarters()
    b.register(b.person(2, 2), homes=[b.household(2)])
    b.trace(b.case(1), (2, 1))
    row = contacts.Contact.objects.get()
    assert not clocks.Clock.objects.filter(subject_kind="contact").exists()
    given = {"contact_ids": [row.pk], "reason": "", "actor": b.actor()}
    contacts.decide(action="confirm", now=b.NOW, **given)
    isolated = clock("contact", "contact-isolated")
    assert isolated.due_at == row.known_at + PACK.number("report.contact_isolated_h") * b.HOUR
    assert isolated.unit_id == b.TOWNSHIP
    assert isolated.label.startswith("C1 #")
    assert clock("contact", "contact-central-end").ends_itself
    contacts.decide(action="isolate", now=b.NOW + b.HOUR, **given)
    assert clock("contact", "contact-isolated").state == "met"


def test_a_contact_no_trace_finds_any_more_keeps_no_clock() -> None:
    b.headquarters()
    b.register(b.person(2, 2), homes=[b.household(2)])
    case = b.case(1)
    b.trace(case, (2, 1))
    row = contacts.Contact.objects.get()
    contacts.decide(contact_ids=[row.pk], action="confirm", reason="", actor=b.actor(), now=b.NOW)
    contacts.decide(contact_ids=[row.pk], action="exclude", reason="x", actor=b.actor(), now=b.NOW)
    states = clocks.Clock.objects.filter(subject_kind="contact").values_list("state", flat=True)
    assert set(states) == {"waived"}


def test_a_signal_is_timed_until_somebody_says_what_it_is() -> None:
    b.headquarters()
    signals.upsert(table=b.signal_table(), run_id=1, as_of=b.NOW)
    verify = clock("signal", "signal-verify")
    hours = reader.load("multi-source-warning").number("signal.verify_h")
    assert verify.due_at == b.NOW + hours * b.HOUR
    assert verify.label == "小店区 2022-11-08"
    handled = {"signal_id": verify.subject_id, "scope": b.scope(), "actor": b.actor()}
    take, dismiss = signals.Act("take"), signals.Act("dismiss", "x")
    signals.handle(act=take, now=b.NOW + b.HOUR / 2, **handled)
    assert clock("signal", "signal-verify").state == "running"
    signals.handle(act=dismiss, now=b.NOW + b.HOUR, **handled)
    assert clock("signal", "signal-verify").ended_at == b.NOW + b.HOUR
    signals.handle(act=signals.Act("reopen", "x"), now=b.NOW + 2 * b.HOUR, **handled)
    assert clock("signal", "signal-verify").state == "running"


def test_the_field_check_of_a_signal_is_timed_until_somebody_has_been_there() -> None:
    b.headquarters()
    signals.upsert(table=b.signal_table(), run_id=1, as_of=b.NOW)
    handled = {"signal_id": clock("signal", "signal-verify").subject_id, "scope": b.scope()}
    for hour, act in enumerate((signals.Act("take"), signals.Act("verify"))):
        signals.handle(act=act, actor=b.actor(), now=b.NOW + hour * b.HOUR, **handled)
    field = clock("signal", "signal-field-check")
    hours = reader.load("multi-source-warning").number("signal.field_check_h")
    assert (field.state, field.due_at) == ("running", b.NOW + (1 + hours) * b.HOUR)
    checked = signals.Act("check", "去过现场")
    signals.handle(act=checked, actor=b.actor(), now=b.NOW + 5 * b.HOUR, **handled)
    field = clock("signal", "signal-field-check")
    assert (field.state, field.ended_at) == ("met", b.NOW + 5 * b.HOUR)
    assessed = signals.Act("assess", "扩散可能", "high")
    signals.handle(act=assessed, actor=b.actor(), now=b.NOW + 6 * b.HOUR, **handled)
    assert clock("signal", "signal-field-check").ended_at == b.NOW + 5 * b.HOUR


def test_an_area_in_force_is_timed_from_the_day_its_conditions_hold() -> None:
    b.headquarters()
    case = b.case(1)
    met = {"conditions": [{"rule_id": "Z9-1", "met": True}], "earliest_on": "2022-11-08"}
    open_ = {"conditions": [{"rule_id": "Z9-1", "met": False}], "earliest_on": "2022-11-15"}

    def evaluate(release: dict[str, Any], as_of: dt.datetime) -> int:
        draft = scenes.zone_draft(b.VILLAGE, case, release=release)
        return zones.upsert(drafts=[draft], run_id=1, as_of=as_of)[b.VILLAGE, "risk_area"]

    zone = evaluate(open_, b.NOW)
    zones.move(zone_ids=[zone], action="activate", actor=b.actor(), now=b.NOW)
    assert not clocks.Clock.objects.filter(subject_kind="zone").exists()
    evaluate(met, b.NOW + b.HOUR)
    release = clock("zone", "zone-release")
    assert (release.state, release.unit_id, release.label) == ("running", b.COUNTY, "坞城社区")
    zones.move(zone_ids=[zone], action="release", actor=b.actor(), now=b.NOW + 2 * b.HOUR)
    assert clock("zone", "zone-release").state == "met"


def test_clocks_of_everything_can_be_brought_in_line_again() -> None:
    scenes.two_cities()
    before = clocks.Clock.objects.count()
    nothing = {"started": 0, "moved": 0, "withdrawn": 0}
    for register in (cases, contacts, directives, signals, zones):
        assert register.follow_clocks(actor=CYCLE, now=b.NOW) == nothing, register
    assert clocks.Clock.objects.count() == before


def test_every_kind_of_subject_a_pack_times_has_its_words() -> None:
    kinds = {
        one.of
        for pack_id in reader.pack_ids()
        for pack in reader.versions(pack_id)
        for one in pack.clocks.values()
    }
    assert kinds <= {key.removeprefix("clock.of.") for key in messages.LABELS}
