"""A decision explained: what the rules had said, said again by the version of then."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from tests.service import builders as b
from tests.service import frames, scenes
from zhongshu.kernel.errors import NotFound
from zhongshu.service.periods import facade as periods
from zhongshu.service.periods.cycle.watch import events
from zhongshu.service.periods.cycle.words import reason
from zhongshu.service.periods.models import Decision, Proposal

pytestmark = pytest.mark.django_db


@pytest.fixture
def decision(tmp_path: Path) -> Decision:
    """The commander approved the report of a cluster, on 8 November under the ninth edition."""
    b.headquarters()
    b.take_cases(
        *(
            b.case_row(n, confirmed_at=b.NOW - n * b.DAY, reported_at=b.NOW - b.HOUR)
            for n in range(3)
        )
    )
    (draft,) = events.run(frames.frame(tmp_path)).drafts
    proposal = periods.propose(run=b.run(), draft=draft, now=b.NOW)
    made, _ = periods.decide(
        proposal_id=proposal.pk, verdict=periods.Verdict("approve"), scope=b.scope(),
        actor=b.actor(), by_name="C", now=b.NOW,
    )  # fmt: skip
    return made


def test_every_judgement_is_the_same_when_amendments_have_come_since(decision: Decision) -> None:
    found = periods.explain(decision.pk, b.scope())
    kinds = [one.stored["kind"] for one in found.judgements]
    # The threshold, the two grades that wait for a fact nobody knows, the clock of the report.
    assert kinds == ["threshold", "rule", "rule", "figure"]
    for one in found.judgements:
        assert one.same, one.refused
        graded = one.stored["kind"] == "rule"
        version = "event-grading" if graded else "cn-covid-9"
        assert one.stored["version"] == version, "not the version of a later day"
        assert one.trace is not None
        assert one.words


def test_a_decision_keeps_what_it_was_judged_on_whatever_becomes_of_the_proposal(
    decision: Decision,
) -> None:
    Proposal.objects.filter(pk=decision.proposal_id).update(content={"reasons": []})
    found = periods.explain(decision.pk, b.scope())
    assert len(found.judgements) == 4


def test_what_cannot_be_said_again_says_why(decision: Decision) -> None:
    stored = decision.judgements[0]
    for broken, code in (
        (stored | {"digest": "0" * 64}, "rules.pack_changed"),
        (stored | {"version": "cn-covid-9+99"}, "packs.unknown"),
    ):
        found = periods.replayed(broken)
        assert (found.same, found.replayed) == (False, None)
        assert found.refused is not None
        assert found.refused.code == code


def test_another_province_looks_like_nothing(decision: Decision) -> None:
    with pytest.raises(NotFound):
        periods.explain(decision.pk, b.scope(b.OTHER_CITY))


def test_a_reader_is_shown_rule_facts_and_words(decision: Decision) -> None:
    scenes.clock_at(dt.datetime(2022, 12, 20, 20, tzinfo=b.NOW.tzinfo))
    client = scenes.signed_in((b.CITY, "auditor"))
    told = scenes.get(client, f"/decisions/{decision.pk}/explain").json()
    assert told["pack_version"] == "cn-covid-9"
    first = told["judgements"][0]
    assert first["same"]
    assert first["replayed"]["outcome"] == first["stored"]["outcome"]
    assert first["words"][0]["en"].startswith("Cluster")
    assert str(b.pseudonym(0)) not in str(told), "an auditor reads reasons, not persons"


def test_a_figure_and_a_rule_in_words_are_kept_as_applied(tmp_path: Path) -> None:
    b.headquarters()
    pack = frames.frame(tmp_path).pack
    facts = {"county": "小店区", "places": 1, "limit": 40}
    by_figure = reason("notice.why", pack=pack, figure="trace.heavy_place_persons", **facts)
    by_words = reason("notice.why", pack=pack, rule="TRACE-D", **facts)
    for told, kind in ((by_figure, "figure"), (by_words, "words")):
        (stored,) = told["judgements"]
        assert (stored["kind"], stored["rule_id"], stored["facts"]) == (kind, "TRACE-D", facts)
        assert periods.replayed(stored).same
