"""Colours follow decisions and diagnoses, and end by themselves."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from tests.service import builders as b
from tests.service import frames, scenes
from tests.service.tubed import Tubes
from zhongshu.rules import judge
from zhongshu.service.audit import facade as audit
from zhongshu.service.cases.models import Case
from zhongshu.service.codes.models import Code
from zhongshu.service.contacts.models import Contact
from zhongshu.service.periods.cycle.watch import codes
from zhongshu.service.zones import facade as zones

pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> Case:
    """A case and two contacts of it in one village; a third person in another."""
    b.headquarters()
    b.register(
        *(b.person(n, n) for n in range(1, 5)),
        homes=[b.household(n, b.VILLAGE_2 if n == 4 else b.VILLAGE) for n in range(1, 5)],
    )
    case = b.case(1)
    b.trace(case, (2, 1), (3, 2))
    return case


def run(folder: Path, as_of: dt.datetime = b.NOW) -> dict[str, Any]:
    return dict(codes.run(frames.frame(folder, as_of=as_of)).summary)


def shown(as_of: dt.datetime = b.NOW) -> dict[int, tuple[str, str]]:
    rows = Code.objects.filter(since__lte=as_of, ended_at=None)
    return {row.person: (row.colour, row.rule_id) for row in rows}


def decide(state: str) -> None:
    Contact.objects.update(state=state)


def test_a_proposal_of_a_machine_colours_nobody_a_decision_does(town: Case, tmp_path: Path) -> None:
    assert run(tmp_path)["colours"] == {"red": 1}
    assert shown() == {town.person: ("red", "HC-3-CASE")}
    decide("confirmed")
    run(tmp_path)
    assert shown() == {
        town.person: ("red", "HC-3-CASE"),
        b.pseudonym(2): ("red", "HC-3-CONTACT"),
        b.pseudonym(3): ("yellow", "HC-3-SECOND"),
    }
    # last met four days ago: ten days from then, to the end of the day
    code = Code.objects.get(person=b.pseudonym(2))
    assert code.until == dt.datetime(2022, 11, 15, tzinfo=b.NOW.tzinfo)
    again = judge.replay(code.judgement)
    assert again.held
    assert judge.same(code.judgement, again)
    assert set(code.judgement["facts"]) == {"contact_degree", "contact_release_at", "now"}


def test_the_same_run_again_changes_nothing(town: Case, tmp_path: Path) -> None:
    decide("isolating")
    run(tmp_path)
    before = audit.entries(scope=None).count()
    again = run(tmp_path)
    assert (again["set"], again["renewed"], again["ended"]) == (0, 0, 0)
    assert audit.entries(scope=None).count() == before


def test_a_colour_ends_by_itself_when_its_rule_does(town: Case, tmp_path: Path) -> None:
    decide("isolating")
    run(tmp_path)
    later = b.NOW + 8 * b.DAY  # all days are over; the case is still one
    assert run(tmp_path, later)["ended"] == 2
    assert shown() == {town.person: ("red", "HC-3-CASE")}
    Case.objects.update(state="recovered")
    run(tmp_path, later + b.HOUR)
    assert shown() == {}


def test_people_of_an_area_in_force_are_coloured_and_others_are_not(
    town: Case, tmp_path: Path
) -> None:
    ids = zones.upsert(drafts=[scenes.zone_draft(b.VILLAGE, town)], run_id=1, as_of=b.NOW - b.HOUR)
    run(tmp_path)
    assert shown() == {town.person: ("red", "HC-3-CASE")}, "proposed only"
    zones.move(zone_ids=ids.values(), action="activate", actor=b.actor(), now=b.NOW - b.HOUR)
    run(tmp_path)
    assert shown() == {
        town.person: ("red", "HC-3-CASE"),
        b.pseudonym(2): ("red", "HC-3-HIGH"),
        b.pseudonym(3): ("red", "HC-3-HIGH"),
    }


def test_members_of_a_positive_tube_are_yellow_until_each_has_a_result(
    town: Case, tmp_path: Path
) -> None:
    feeds = Tubes()
    feeds.swabs("T1", 2, 4)
    feeds.result("T1", swabs=2)
    run(tmp_path)
    yellow = ("yellow", "HC-3-TUBE")
    case = {town.person: ("red", "HC-3-CASE")}
    assert shown() == case | {b.pseudonym(2): yellow, b.pseudonym(4): yellow}
    feeds.own(2)
    run(tmp_path, b.NOW + b.HOUR)
    assert shown() == case | {b.pseudonym(4): yellow}


def test_an_edition_without_colours_ends_them_all(town: Case, tmp_path: Path) -> None:
    run(tmp_path)
    found = run(tmp_path, dt.datetime(2023, 1, 9, 20, tzinfo=b.NOW.tzinfo))
    assert (found["ended"], found["not_in_edition"]) == (1, 1)
    assert shown() == {}


def test_a_reader_sees_the_masked_name_the_rule_and_how_to_object(
    town: Case, tmp_path: Path
) -> None:
    decide("confirmed")
    run(tmp_path)
    scenes.clock_at(b.NOW + b.HOUR)
    client = scenes.signed_in((b.CITY, "data_team"))
    told = scenes.get(client, "/codes", colour="yellow").json()["items"]
    assert [(one["person"], one["rule_id"]) for one in told] == [("合*", "HC-3-SECOND")]
    one = scenes.get(client, f"/codes/{told[0]['id']}").json()
    assert one["trace"]["held"]
    assert "24" in one["appeal"]["zh"]
    assert any("次密" in line["zh"] for line in one["words"])
    assert "99000019900101003X" not in str(one)
    other = scenes.signed_in((b.OTHER_CITY, "data_team"), name="other")
    assert scenes.get(other, "/codes").json()["items"] == []
