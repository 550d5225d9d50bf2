"""What besides scans changes what a trace says: device clocks, homes, days kept no longer."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pyarrow as pa
import pytest

from tests.property.test_trace_incremental import FIRST, PACK, World, under
from tests.service import builders as b
from tests.service.test_retrace import MIDDAY, changes, scan, trace
from zhongshu.lake import clocks, schema
from zhongshu.service.contacts import facade as contacts
from zhongshu.service.contacts.models import Contact, ContactChange, Exposure
from zhongshu.service.tracing import facade as tracing

pytestmark = pytest.mark.django_db


@pytest.fixture
def empty(tmp_path: Path) -> World:
    return World(tmp_path / "lake")


@pytest.fixture
def world(empty: World) -> World:
    """3 met 5 at the restaurant; 5 lives with 6."""
    empty.take([scan(3, MIDDAY), scan(5, MIDDAY)], now=FIRST)
    trace(empty)
    return empty


def five() -> Contact:
    return Contact.objects.get(case__case_no="C3", person=b.pseudonym(5))


def test_a_clock_found_off_traces_everybody_and_says_so(empty: World) -> None:
    """It carries 5 over midnight and out of the window while every day keeps as many scans."""
    met = FIRST - 21 * b.HOUR
    rows = [(3, "venue_scan", met, "R"), (5, "ticket", met, "R")]
    rows += [(8, "ticket", met - day * b.DAY, "T") for day in range(1, 40)]
    visits = [
        {"person": b.pseudonym(person), "place": empty.keys[place], "time_in": at,
         "time_out": at + dt.timedelta(minutes=50), "source": source, "recorded_at": at}
        for person, source, at, place in rows
    ]  # fmt: skip
    empty.index.land(pa.Table.from_pylist(visits, schema=schema.VISITS), FIRST)
    with under(1, 40):
        trace(empty)
        assert five().withdrawn_as_of is None
        off = {"source": "ticket", "valid_from": FIRST - 60 * b.DAY, "offset_s": -7200}
        empty.index.lake.write_clocks(pa.Table.from_pylist([off], schema=clocks.CLOCKS))
        now = FIRST + b.HOUR
        assert set(trace(empty, now).values()) == {"clock_corrected"}
        assert (b.pseudonym(5), "removed", "clock_corrected") in changes("C3")
        assert trace(empty, now) == {}


def test_a_contact_is_filed_where_his_household_moved_to(world: World) -> None:
    how = {"contact_ids": [five().pk], "reason": "", "actor": b.actor(), "now": FIRST}
    contacts.decide(action="confirm", **how)
    b.register(homes=[b.household(3, b.OTHER_VILLAGE)])
    assert trace(world) == {}
    assert five().unit_id == b.OTHER_VILLAGE
    assert b.OTHER_COUNTY in five().unit_path
    assert (b.pseudonym(5), "changed", "household_changed") in changes("C3")
    told = ContactChange.objects.count()
    assert tracing.retrace(as_of=FIRST, pack=PACK, root=world.root).counts == {"moved": 0}
    assert ContactChange.objects.count() == told


def test_a_contact_outlasts_the_visits_that_show_him(world: World) -> None:
    world.drop((FIRST - MIDDAY * b.HOUR).date())
    later = FIRST + b.HOUR
    every = {*Exposure.objects.values_list("pk", flat=True)}
    with under(1, 40):
        trace(world)  # another degree is another rule: everybody is traced, and nobody lost
    assert changes("C3") == set()
    assert "visits_corrected" not in trace(world, later).values()
    assert five().withdrawn_as_of is None
    assert {*Exposure.objects.values_list("pk", flat=True)} >= every
    world.case(5)
    trace(world, later)
    assert five().is_case


def test_a_closed_case_keeps_nobody_for_visits_deleted(world: World) -> None:
    world.drop((FIRST - MIDDAY * b.HOUR).date())
    world.happen("exclude", 3, FIRST)
    tracing.retrace(as_of=FIRST, pack=PACK, root=world.root)
    assert five().withdrawn_as_of is not None


def test_an_earlier_case_elsewhere_is_no_changed_window_of_others(world: World) -> None:
    world.case(7, onset_date=(FIRST - 12 * b.DAY).date())
    world.take([scan(6, MIDDAY)], now=FIRST)
    traced = trace(world)
    assert traced.pop("C7") == "new_case"
    assert traced == {"C1": "read_further", "C2": "read_further", "C3": "late_visits"}
    assert {why for *_, why in changes("C3")} == {"late_visits"}
