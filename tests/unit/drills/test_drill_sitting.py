"""A drill in hand: rebuilt from its decisions, and a choice is what the loop takes."""

from __future__ import annotations

import dataclasses

import pytest

from zhongshu.engines.world.margins import Margins
from zhongshu.kernel.errors import BadInput, Refused
from zhongshu.service.drills import loop, policies
from zhongshu.service.drills.loop import Room
from zhongshu.service.drills.model import Contact, Decision, Proposals, Scenario
from zhongshu.service.drills.played import choices, sitting, telling
from zhongshu.service.drills.played.choices import Choice
from zhongshu.service.drills.played.sitting import Sitting, Sittings

SHORT = Scenario(people=6_000, days=12, imported=8)


def shown(**given: object) -> Proposals:
    contacts = {
        person: Contact(person, degree, 4, score)
        for person, degree, score in ((1, 2, 0.9), (2, 1, 0.2), (3, 1, 0.8), (4, 2, 0.1))
    }
    facts = {"day": 5, "areas": ("a", "b"), "places": ("p",), "county": True}
    facts |= {"round_due": True, "still": False}
    return Proposals(contacts=contacts, **(facts | given))  # type: ignore[arg-type]


def test_contacts_are_isolated_by_degree_and_the_nearest_first() -> None:
    first = choices.decision(Choice(degrees=(1,)), shown())
    assert [one.person for one in first.isolate] == [3, 2]
    three = choices.decision(Choice(degrees=(1, 2), most=3), shown())
    assert [one.person for one in three.isolate] == [3, 2, 1]
    assert choices.decision(Choice(degrees=(2,), most=0), shown()).isolate == ()


@pytest.mark.parametrize("name", ["ours", "trace-only", "county-lockdown-traced", "nothing"])
def test_a_policy_can_be_ticked(name: str) -> None:
    for still in (False, True):
        proposals = shown(still=still)
        decided = policies.named(name).decide(proposals)
        ticked = choices.of(decided, proposals)
        assert choices.decision(ticked, proposals) == decided
        assert choices.read(ticked.as_json()) == ticked


def test_areas_that_are_not_proposed_are_refused() -> None:
    with pytest.raises(BadInput, match="not among the areas"):
        Choice(areas=("c",)).check({"areas": [{"code": "a"}]})
    with pytest.raises(BadInput, match="degree"):
        Choice(degrees=(1,), most=-1).check({"areas": []})


def test_a_worker_that_starts_anew_comes_to_the_same_evening(margins: Margins) -> None:
    """The sitting in hand, one rebuilt from the first day, and one that lags behind."""
    at_hand, taken = Sittings(), []
    for step in range(4):
        now = at_hand.at(1, SHORT, margins, seed=3, taken=taken)
        assert now.evening is not None
        assert now.step == step
        mark = sitting.mark(now.evening)
        taken.append((Choice(degrees=(1,), round_=step % 2 == 0), mark))
    anew = Sittings().at(1, SHORT, margins, seed=3, taken=taken[:3])
    assert anew.evening is not None
    assert sitting.mark(anew.evening) == taken[3][1]
    assert at_hand.at(1, SHORT, margins, seed=3, taken=taken[:1]).step == 1  # made again
    with pytest.raises(Refused, match="programme has changed"):
        Sittings().at(1, SHORT, margins, seed=4, taken=taken)


def test_an_evening_tells_what_is_known_and_nothing_of_the_truth(
    margins: Margins, room: Room
) -> None:
    played = Sitting(SHORT, margins, seed=3)
    assert played.evening is not None
    known, shown_ = played.evening.known, played.evening.proposals
    told = telling.evening(played.evening, played.room)
    assert sum(one["cases"] for one in told["villages"]) == len(known.cases)
    assert sum(one["community"] + one["isolated"] for one in told["cases"]) == len(known.cases)
    assert sum(one["people"] for one in told["contacts"]) == len(shown_.contacts)
    assert [one["code"] for one in told["areas"]] == list(shown_.areas)
    assert all(0 < one["people"] < SHORT.people and one["cases"] for one in told["areas"])
    assert told["so_far"]["person_days"] == 0
    assert told["proposed"]["lock"] is shown_.still
    before = loop.outcome(room, policies.named("nothing"))
    assert len(known.cases) < before.score.infections  # infections are not among what is told
    played.take(choices.read(told["proposed"]), marked=told["mark"])
    assert played.evening is not None
    later = telling.evening(played.evening, played.room)
    assert later["so_far"]["person_days"] > 0
    assert later["so_far"]["isolated"] <= sum(one["held"] for one in later["contacts"]) + len(
        known.cases
    )
    assert dataclasses.replace(Choice(), lock=True) != choices.read(later["proposed"])


def test_an_empty_drill_has_no_evening(margins: Margins) -> None:
    """Nobody is known within a day: there is nothing to decide, and the outcome is there."""
    brief = Sitting(dataclasses.replace(SHORT, days=1), margins, seed=3)
    assert brief.evening is None
    assert brief.outcome is not None
    assert brief.known() == []
    told = telling.result([brief.outcome], brief.room, brief.known())
    assert told["known"] == [0]
    assert Decision() == choices.decision(Choice(), shown())
