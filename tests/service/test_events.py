"""Events: clusters and absences become proposals with grade, reasons and a clock."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from tests.service import builders as b
from tests.service import frames
from zhongshu.rules import judge, reader
from zhongshu.service.clocks.models import Clock
from zhongshu.service.contacts.models import Contact, Exposure
from zhongshu.service.directives import facade as directives
from zhongshu.service.periods import facade as periods
from zhongshu.service.periods.cycle.frame import Frame, Outcome
from zhongshu.service.periods.cycle.watch import events

pytestmark = pytest.mark.django_db


def cases_in(village: str, *days_ago: int, first: int = 0) -> None:
    """One case per entry, diagnosed so many days before the run."""
    b.take_cases(
        *(
            b.case_row(
                first + n, village, confirmed_at=b.NOW - b.DAY * days, reported_at=b.NOW - b.HOUR
            )
            for n, days in enumerate(days_ago)
        )
    )


def run(folder: Path, **given: Any) -> tuple[Frame, Outcome]:
    frame = frames.frame(folder, **given)
    return frame, events.run(frame)


def test_two_cases_of_a_village_in_a_week_are_proposed_to_its_county(tmp_path: Path) -> None:
    b.headquarters()
    cases_in(b.VILLAGE, 0, 6)
    cases_in(b.VILLAGE_2, 0, first=10)
    cases_in(b.OTHER_VILLAGE, 0, 7, first=20)  # the second lies outside the week
    _, outcome = run(tmp_path)
    (draft,) = outcome.drafts
    assert (draft.kind, draft.unit, list(draft.recipients)) == ("event", b.COUNTY, [b.COUNTY])
    assert draft.key == f"event:cn-covid-9:cluster-village:{b.COUNTY}"
    assert draft.detail is not None
    assert [(row["group"], row["persons"]) for row in draft.detail["rows"]] == [("坞城社区", 2)]
    # The pack's clock for clusters, in the text and as the time due.
    hours = reader.load("cn-covid-9").number("report.cluster.report_h")
    assert (draft.due_hours, draft.sign_hours) == (hours, hours)
    assert f"{hours:g} hours" in draft.directive["en"]
    why = draft.reasons[0]
    assert why["rule_id"] == "WHO-9"
    (stored,) = why["judgements"]
    assert stored["kind"] == "threshold"
    assert judge.same(stored, judge.replay(stored))
    told = str(draft)
    assert str(b.pseudonym(0)) not in told, "a proposal names nobody"


def test_a_place_attended_by_two_cases_is_a_cluster_of_the_places_county(tmp_path: Path) -> None:
    b.headquarters()
    lake = frames.frame(tmp_path).lake
    school = frames.place(lake, "第一小学二班", "school", b.OTHER_VILLAGE)
    market = frames.place(lake, "菜市场", "market", b.OTHER_VILLAGE)
    found = [b.case(1, b.VILLAGE), b.case(2, b.VILLAGE_2)]
    b.register(*(b.person(n, n) for n in range(1, 6)), homes=[b.household(n) for n in range(1, 6)])
    b.trace_all({found[0]: [(3, 1), (4, 1)], found[1]: [(3, 1), (4, 1)]})
    for contact in Contact.objects.all():
        key = school if contact.person == b.pseudonym(3) else market
        Exposure.objects.filter(contact=contact).update(place=key)
    _, outcome = run(tmp_path)
    (draft,) = outcome.drafts
    assert draft.unit == b.OTHER_COUNTY
    assert draft.detail is not None
    rows = [(row["group"], row["persons"]) for row in draft.detail["rows"]]
    assert rows == [("第一小学二班", 2)], "a market is no place of clusters in this edition"


def test_what_has_been_decided_is_proposed_again_only_when_it_has_grown(tmp_path: Path) -> None:
    b.headquarters()
    cases_in(b.VILLAGE, 0, 1)
    _, outcome = run(tmp_path)
    proposal = periods.propose(run=b.run(), draft=outcome.drafts[0], now=b.NOW)
    periods.decide(
        proposal_id=proposal.pk, verdict=periods.Verdict("approve"), scope=b.scope(),
        actor=b.actor(), by_name="C", now=b.NOW,
    )  # fmt: skip
    _, again = run(tmp_path)
    assert (again.drafts, again.summary["decided_before"]) == ((), 1)
    cases_in(b.VILLAGE, 0, first=10)
    _, grown = run(tmp_path)
    assert [draft.subject["groups"] for draft in grown.drafts] == [{b.VILLAGE: 3}]


def test_absences_far_above_a_schools_own_baseline_are_proposed(tmp_path: Path) -> None:
    b.headquarters()
    now = b.NOW
    lake = frames.frame(tmp_path).lake
    today = now.date()
    report = {"known_at": now - b.HOUR}
    frames.absences(
        lake,
        *({"site_id": school, "date": today - dt.timedelta(days=n), "count": 4} | report
          for school in ("A", "B") for n in range(2, 16)),
        {"site_id": "A", "date": today, "count": 9} | report,
        {"site_id": "B", "date": today, "count": 8} | report,  # twice, not more
        {"site_id": "C", "date": today, "count": 90} | report,  # no baseline: nobody can say
    )  # fmt: skip
    _, outcome = run(tmp_path, as_of=now)
    (draft,) = outcome.drafts
    assert (draft.pack_id, draft.unit, draft.subject["groups"]) == (
        "multi-source-warning",
        b.COUNTY,
        {"A": 9},
    )
    (stored,) = draft.reasons[0]["judgements"]
    assert (stored["rule_id"], stored["facts"]["baseline"]) == ("TRG-3", 4.0)
    assert judge.same(stored, judge.replay(stored))


def test_what_the_feed_does_not_tell_is_said_and_not_guessed(tmp_path: Path) -> None:
    """Schools send counts of the school; rules about a class cannot be judged by them."""
    b.headquarters()
    lake = frames.frame(tmp_path).lake
    frames.absences(lake, {"site_id": "A", "date": b.NOW.date(), "count": 400})
    frame, outcome = run(tmp_path)
    assert outcome.drafts == ()
    assert outcome.summary["school_days"] == 1
    assert outcome.summary["not_judged"] == {"influenza-school:class-share-absence": ["class"]}
    assert outcome.proposes == ("event",)
    assert frame.pack.version == "cn-covid-9"


def test_a_cluster_must_be_reported_in_time_from_the_moment_it_was_found(tmp_path: Path) -> None:
    """The clock runs while the proposal waits; the county's own report stops it."""
    b.headquarters()
    cases_in(b.VILLAGE, 0, 1)
    _, outcome = run(tmp_path)
    proposal = periods.propose(run=b.run(), draft=outcome.drafts[0], now=b.NOW)
    clock = Clock.objects.get(subject_kind="event", subject_id=proposal.pk)
    assert (clock.clock, clock.unit_id) == ("cluster-report", b.COUNTY)
    assert clock.due_at == proposal.created_at + dt.timedelta(hours=2)
    _, (directive,) = periods.decide(
        proposal_id=proposal.pk, verdict=periods.Verdict("approve"), scope=b.scope(),
        actor=b.actor(), by_name="C", now=b.NOW,
    )  # fmt: skip
    for action in ("sign", "report"):
        directive = directives.act(
            directive_id=directive.pk, action=action, scope=b.scope(),
            actor=b.actor(b.COUNTY), now=b.NOW + 3 * b.HOUR,
        )  # fmt: skip
    periods.carried_out(directive=directive, actor=b.actor(b.COUNTY), now=b.NOW + 3 * b.HOUR)
    clock.refresh_from_db()
    assert (clock.state, clock.ended_at) == ("met_late", b.NOW + 3 * b.HOUR)


def test_a_cluster_judged_to_be_none_has_no_duty_to_report(tmp_path: Path) -> None:
    b.headquarters()
    cases_in(b.VILLAGE, 0, 1)
    _, outcome = run(tmp_path)
    proposal = periods.propose(run=b.run(), draft=outcome.drafts[0], now=b.NOW)
    periods.decide(
        proposal_id=proposal.pk, verdict=periods.Verdict("reject", reason="同一病例重复"),
        scope=b.scope(), actor=b.actor(), by_name="C", now=b.NOW,
    )  # fmt: skip
    clock = Clock.objects.get(subject_kind="event", subject_id=proposal.pk)
    assert (clock.state, clock.waived_reason) == ("waived", "anchor_withdrawn")
