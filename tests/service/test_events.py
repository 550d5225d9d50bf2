"""Events: clusters and absences become proposals with grade, reasons and a clock."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from tests.service import builders as b
from tests.service import frames
from zhongshu.rules import judge, reader
from zhongshu.service.clocks.models import Clock
from zhongshu.service.contacts.models import Contact, Exposure
from zhongshu.service.directives import facade as directives
from zhongshu.service.periods import facade as periods
from zhongshu.service.periods.cycle.frame import Frame, Outcome
from zhongshu.service.periods.cycle.watch import eventfacts, events
from zhongshu.service.periods.cycle.watch.eventwords import draft

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
    missing = outcome.summary["not_judged"]
    assert missing["influenza-school:class-share-absence"] == ["class", "class_size", "syndrome"]
    assert "syndrome" in missing["influenza-school:ili-event"], "nobody sends a syndrome"
    assert missing["food-poisoning:people"] == ["meal"], "of illness as well as of absences"
    assert not any(one.startswith("cn-covid-9:") for one in missing)
    assert outcome.summary["not_judged_total"] >= len(missing)
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


def hand_made(
    n: int, *, disease: str, county: str = b.COUNTY, **given: Any
) -> list[dict[str, Any]]:
    """Rows as the registers give them: so many people ill on the run's day, at one site."""
    path = f"{b.PROVINCE}/{county[:4]}00000000/{county}/"
    return [
        {"person": f"{county}{k}", "day": b.NOW.date(), "disease": disease, "status": "confirmed",
         "county": county, "city": f"{county[:4]}00000000", "path": path, "site": "S",
         "site_kind": "school", "died": False, "hospitalised": False} | given
        for k in range(n)
    ]  # fmt: skip


def proposed(folder: Path, ill: list[dict[str, Any]], disease: str) -> list[tuple[str, Any, Any]]:
    """(threshold, people, the grade's facts) by the function the step asks, of all packs in force;
    the incident is of another disease."""
    frame = frames.frame(folder)
    table = pa.Table.from_pylist(ill)
    rows = eventfacts.Rows(ill=table, attended=table, absent=pa.table({}), names={"S": "第一小学"})
    packs = reader.all_applicable(frame.today, frame.tree.get(frame.scope_unit).path)
    found = events.reached(frame, packs, rows, disease=disease)
    drafts = [draft(frame, [one]) for one in found]
    for one in drafts:
        for why in one.reasons:
            assert all(judge.same(kept, judge.replay(kept)) for kept in why["judgements"])
    return [
        (one.key.split(":", 1)[1].rsplit(":", 1)[0], sum(one.subject["groups"].values()), one)
        for one in drafts
    ]


def reasons(one: Any) -> str:
    return "".join(why["text"]["zh"] for why in one.reasons)


def test_norovirus_in_a_school_is_found_while_the_incident_is_another(tmp_path: Path) -> None:
    b.headquarters()
    ill = hand_made(20, disease="norovirus", linked=True)
    found = {name: one for name, _, one in proposed(tmp_path, ill, "covid-19")}
    assert found["norovirus:outbreak"].subject["event"]["grade"] is None
    assert found["norovirus:outbreak"].subject["groups"] == {"S": 20}
    assert "前5年同期均值" in reasons(found["norovirus:outbreak"]), "what could make it a grade"
    assert not any(name.startswith("cn-covid") for name in found), "nor is it anything of covid's"
    (none,) = [why for why in found["norovirus:outbreak"].reasons if "不定级" in why["text"]["zh"]]
    assert none["verified"] is False


def test_hand_foot_and_mouth_disease_in_a_class(tmp_path: Path) -> None:
    b.headquarters()
    ill = hand_made(2, disease="hand-foot-mouth", status="clinical", **{"class": "S-3"})
    found = {name: people for name, people, _ in proposed(tmp_path, ill, "covid-19")}
    assert found["hand-foot-mouth:cluster-class"] == 2
    assert "hand-foot-mouth:cluster-unit" not in found
    assert proposed(tmp_path, ill[:1], "covid-19") == []


@pytest.mark.parametrize(("n", "grade"), [(9, "IV"), (10, "III"), (30, "II"), (35, "II")])
def test_the_table_makes_cholera_graver_than_its_first_grade(
    n: int, grade: str, tmp_path: Path
) -> None:
    b.headquarters()
    found = {name: one for name, _, one in proposed(tmp_path, hand_made(n, disease="cholera"), "x")}
    one = found["cholera:any-case"]
    assert one.subject["event"]["grade"] == grade
    rules = [why["rule_id"] for why in one.reasons]
    assert f"EG-CHOLERA-{grade}" in rules
    assert rules.count("TH-15") == 2, "the first grade stays to be read, beside why it was found"


def test_cholera_in_two_cities_is_told_to_be_graver_if_it_spreads(tmp_path: Path) -> None:
    b.headquarters()
    ill = hand_made(1, disease="cholera") + hand_made(1, disease="cholera", county="140205000000")
    for _, people, one in proposed(tmp_path, ill, "covid-19"):
        assert (people, one.subject["event"]["grade"]) == (1, "III")
        assert "如核实为“霍乱：一市一周30例及以上，或涉及2个以上市并扩散”，则为 II 级" in reasons(
            one
        )


def test_deaths_by_food_are_graded_by_the_table(tmp_path: Path) -> None:
    b.headquarters()
    ill = hand_made(140, disease="food-poisoning", meal="M")
    for row in ill[:2]:
        row["died"] = True
    grades = {name: one.subject["event"]["grade"]
              for name, _, one in proposed(tmp_path, ill, "covid-19")}  # fmt: skip
    assert grades["food-poisoning:people"] == grades["food-poisoning:deaths"] == "II"
