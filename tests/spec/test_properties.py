"""What holds of the packs for all facts at once; the single cases are in the chapters."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhongshu.kernel.errors import NotFound
from zhongshu.kernel.feeds import CELL, TRACED_KINDS
from zhongshu.kernel.time import DAY
from zhongshu.rules import clocks, isolation, reader

PACK = reader.load("cn-covid-9")
NOON = dt.datetime(2022, 11, 8, 12, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize("day", ["2022-06-27", "2023-01-08"])
def test_outside_its_time_the_pack_is_refused_with_its_dates(day):
    with pytest.raises(NotFound, match="2022-06-28 to 2023-01-07"):
        reader.in_force("cn-covid-9", dt.date.fromisoformat(day))


def test_each_amendment_says_what_it_took_away_and_what_becomes_of_people_inside():
    first, second = reader.load("cn-covid-9-10").amendments
    assert (first.id, second.id) == ("cn-covid-9-20", "cn-covid-9-10")
    assert "isolation.second.home_days" in first.removed
    assert "test.arrival.tests" in second.removed
    for amendment in (first, second):
        assert amendment.transition.zh
        assert amendment.title.en
        assert amendment.sources


def test_the_digest_changes_with_the_edition_and_with_nothing_else():
    digests = {reader.load(name).digest() for name in ("cn-covid-9", "cn-covid-9-20")}
    assert len(digests) == 2
    assert reader.load("cn-covid-9").digest() in digests


def test_every_kind_of_place_has_its_minutes_and_no_other():
    for group in ("trace.imputed_stay_min", "trace.max_stay_h"):
        assert set(PACK.group(group)) == set(TRACED_KINDS), group
    contacts = {*TRACED_KINDS} - {CELL}  # a shared cell makes a companion, no close contact
    assert set(PACK.group("trace.min_overlap_min")) == contacts
    assert set(PACK.group("trace.contact_kind")) == contacts | {"household"}


def test_every_kind_of_place_leads_to_one_of_the_nine_kinds_of_contact():
    assert set(PACK.group("trace.contact_kind").values()) <= set(PACK.value("trace.contact_kinds"))


def test_an_assumed_stay_can_make_a_contact_and_is_never_longer_than_a_credible_one():
    least = PACK.group("trace.min_overlap_min") | {CELL: PACK.value("trace.time_space.minutes")}
    assumed = PACK.group("trace.imputed_stay_min")
    longest = PACK.group("trace.max_stay_h")
    for kind in TRACED_KINDS:
        assert least[kind] <= assumed[kind] <= longest[kind] * 60, kind


@given(last_contact=st.dates(dt.date(2022, 1, 1), dt.date(2023, 12, 31)))
@pytest.mark.parametrize("pack", [reader.load("cn-covid-9"), reader.load("cn-covid-9-10")])
def test_every_test_lies_inside_the_isolation_and_the_last_one_ends_it(pack, last_contact):
    plan = isolation.plan(pack, "close-contact", anchor=last_contact)
    tests = [test.on for test in plan.tests]
    assert tests == sorted(set(tests))
    assert all(last_contact < day <= plan.ends_on for day in tests)
    assert tests[-1] == plan.ends_on


@given(last_contact=st.dates(dt.date(2022, 1, 1), dt.date(2024, 12, 31)))
@pytest.mark.parametrize("pack", [reader.load("cn-covid-9"), reader.load("cn-covid-9-20")])
def test_a_schedule_of_the_pack_counts_like_its_figures(pack, last_contact):
    group = "isolation.close_contact"
    central, home = (int(pack.number(f"{group}.{name}_days")) for name in ("central", "home"))
    numbers = [*pack.numbers(f"{group}.test_days")]
    numbers += [central + number for number in pack.numbers(f"{group}.home_test_days")]
    plan = isolation.plan(pack, "close-contact", anchor=last_contact)
    assert plan.ends_on == last_contact + (central + home) * DAY
    assert plan.central_until == last_contact + central * DAY
    assert [test.on for test in plan.tests] == [last_contact + number * DAY for number in numbers]


@given(minutes=st.integers(1, 10_000))
def test_the_stages_come_in_order_for_every_length_of_time(minutes):
    command, due = reader.command(on=NOON.date()), NOON + dt.timedelta(minutes=minutes)
    rungs = clocks.ladder(PACK.clocks["case-report"], pack=PACK, command=command)
    assert [rung.step for rung in rungs] == ["remind", "warn", "escalate", "escalate_two"]
    times = [clocks.step_at(rung, anchor=NOON, due=due) for rung in rungs]
    assert times == sorted(times)
    assert times[2] == due
