"""Which cases are traced again, why, and what the list of changes then says."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from tests.property.test_trace_incremental import FIRST, PACK, World, register
from tests.service import builders as b
from zhongshu.service.cases.models import Case
from zhongshu.service.contacts import facade as contacts
from zhongshu.service.contacts.models import Contact, ContactChange
from zhongshu.service.people import facade as people
from zhongshu.service.tracing import facade as tracing

pytestmark = pytest.mark.django_db
MIDDAY = 35  # hours before FIRST: while patients are infectious


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Patients 1, 2 and 3; 1 and 2 live together, as do 3 and 4.  3 met 5 at the restaurant."""
    here = World(tmp_path / "lake")
    here.take([scan(3, MIDDAY), scan(5, MIDDAY)], now=FIRST)
    trace(here)
    return here


def scan(
    person: int, hour: int, place: str = "R", *, stay_min: int | None = 90, late_h: int = 0
) -> dict[str, Any]:
    return {"person": person, "place": place, "hour": hour, "half": 0, "stay_min": stay_min,
            "late_h": late_h}  # fmt: skip


def trace(here: World, now: dt.datetime = FIRST) -> dict[str, str]:
    """Trace what changed; case number to reason.  The register is checked against a full trace."""
    done = tracing.retrace(as_of=now, pack=PACK, root=here.root)
    found = register()
    every = list(Case.objects.exclude(state="excluded").values_list("pk", flat=True))
    tracing.retrace(as_of=now, pack=PACK, root=here.root, case_ids=every)
    assert register() == found
    numbers = dict(Case.objects.values_list("pk", "case_no"))
    return {numbers[case]: why for case, why in done.traced.items()}


def changes(case_no: str) -> set[tuple[int, str, str]]:
    """(person, what, reason) since the first trace."""
    rows = ContactChange.objects.filter(case__case_no=case_no).exclude(reason="new_case")
    return set(rows.values_list("contact__person", "what", "reason"))


def test_nothing_new_traces_nobody(world: World) -> None:
    assert trace(world) == {}


def test_a_late_visit_traces_only_the_case_it_came_near(world: World) -> None:
    world.take([scan(7, MIDDAY)], now=FIRST)
    assert trace(world) == {"C3": "late_visits"}
    met, at_his_home = b.pseudonym(7), b.pseudonym(8)
    assert changes("C3") == {
        (met, "added", "late_visits"),
        (at_his_home, "added", "late_visits"),
    }


def test_a_visit_somewhere_else_traces_nobody(world: World) -> None:
    world.take([scan(7, MIDDAY, "S"), scan(7, MIDDAY + 20)], now=FIRST)
    assert trace(world) == {}


def test_a_corrected_visit_takes_a_contact_away_and_says_so(world: World) -> None:
    now = FIRST + b.HOUR
    world.take([scan(5, MIDDAY, stay_min=1, late_h=MIDDAY + 1)], now=now)
    assert trace(world, now)["C3"] == "visits_corrected"
    assert (b.pseudonym(5), "removed", "visits_corrected") in changes("C3")


def test_a_corrected_onset_moves_the_window_of_that_case_alone(world: World) -> None:
    world.case(3, onset_date=(FIRST - b.DAY).date())
    assert trace(world) == {"C3": "window_changed"}


def test_a_new_case_is_traced_and_so_is_whose_contact_he_was(world: World) -> None:
    world.case(5)
    assert trace(world) == {"C5": "new_case", "C3": "new_case"}
    assert Contact.objects.get(case__case_no="C3", person=b.pseudonym(5)).is_case


def test_moving_in_makes_a_contact_and_moving_out_takes_him_away(world: World) -> None:
    world.happen("move", (4, 5), FIRST)
    assert trace(world) == {"C3": "household_changed"}
    assert changes("C3") == {(b.pseudonym(4), "removed", "household_changed")}


def test_an_isolated_contact_makes_no_second_degree_from_then_on(world: World) -> None:
    five = Contact.objects.get(case__case_no="C3", person=b.pseudonym(5))
    assert Contact.objects.filter(case=five.case, degree=2, via_person=five.person).exists()
    how = {"contact_ids": [five.pk], "reason": "", "actor": b.actor(), "now": FIRST}
    contacts.decide(action="confirm", **how)
    contacts.decide(action="isolate", **how)
    assert trace(world) == {"C3": "isolation_changed"}


def test_two_pseudonyms_of_one_person_are_one_contact_and_two_again_after_a_split(
    world: World,
) -> None:
    world.take([scan(6, MIDDAY, stay_min=None)], now=FIRST)
    trace(world)
    how = {"reason": "synthetic", "actor": b.actor(), "now": FIRST}
    people.merge(keep=b.pseudonym(5), other=b.pseudonym(6), **how)
    assert trace(world) == {"C3": "merged"}
    assert (b.pseudonym(6), "removed", "merged") in changes("C3")
    people.split(person=b.pseudonym(6), **how)
    assert trace(world) == {"C3": "pseudonym_split"}
    assert (b.pseudonym(6), "added", "pseudonym_split") in changes("C3")


def test_a_case_excluded_since_loses_its_contacts(world: World) -> None:
    world.happen("exclude", 3, FIRST)
    assert trace(world)["C3"] == "case_closed"
    assert not Contact.objects.filter(case__case_no="C3", withdrawn_as_of=None).exists()
    assert (b.pseudonym(5), "removed", "case_closed") in changes("C3")


def test_a_place_described_anew_traces_everybody(world: World) -> None:
    world.happen("describe", "school", FIRST)
    assert set(trace(world).values()) == {"places_changed"}


def test_what_a_person_decided_outlives_the_trace_that_loses_the_contact(world: World) -> None:
    five = Contact.objects.get(case__case_no="C3", person=b.pseudonym(5))
    contacts.decide(
        contact_ids=[five.pk], action="downgrade", reason="masks", actor=b.actor(), now=FIRST
    )
    now = FIRST + b.HOUR
    world.take([scan(5, MIDDAY, stay_min=1, late_h=MIDDAY + 1)], now=now)
    tracing.retrace(as_of=now, pack=PACK, root=world.root)
    five.refresh_from_db()
    assert (five.state, five.withdrawn_as_of) == ("downgraded", None)


def test_a_dropped_day_traces_everybody_who_rested_on_it(world: World) -> None:
    (day,) = world.index.lake.days("visits")
    world.index.lake.drop("visits", f"day={day}.parquet")
    traced = tracing.retrace(as_of=FIRST, pack=PACK, root=world.root).traced
    assert set(traced.values()) == {"visits_corrected"}
    assert not Contact.objects.filter(person=b.pseudonym(5), withdrawn_as_of=None).exists()
