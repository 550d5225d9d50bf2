"""When a clock is due, whose it is, and whom it climbs to: in tables."""

import dataclasses
import datetime as dt

import pytest

from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.time import BEIJING
from zhongshu.rules import clocks, reader

PACK, COMMAND = reader.load("cn-covid-9"), reader.load("chain-of-command")
PLAIN = dataclasses.replace(
    PACK.clocks["case-report"], escalate="standard", top_up=False, first_day=0
)
ROOT, CITY = "140000000000/", "140000000000/140100000000/"
VILLAGE = CITY + "140105000000/140105001000/140105001001/"


class Lab:
    """A pack that knows one length."""

    def __init__(self, size):
        self.size = size

    def number(self, key):
        return self.size


def at(text):
    return dt.datetime.fromisoformat(text).replace(tzinfo=BEIJING)


def due(anchor, size, unit, *, first_day=0, served=None):
    clock = dataclasses.replace(
        PLAIN, unit=unit, first_day=first_day, top_up=served is not None, length="any"
    )
    return clocks.due(clock, anchor, pack=Lab(size), facts={"served": served})


@pytest.mark.parametrize(
    ("anchor", "hours", "expected"),
    [
        ("2022-11-08T20:00", 2, "2022-11-08T22:00"),
        ("2022-11-08T23:30", 2, "2022-11-09T01:30"),  # over midnight
        ("2024-02-28T23:00", 24, "2024-02-29T23:00"),  # into the leap day
        ("2023-02-28T23:00", 24, "2023-03-01T23:00"),
        ("2022-12-31T22:00", 4, "2023-01-01T02:00"),
        ("2022-11-08T20:00:00.000001", 2, "2022-11-08T22:00:00.000001"),
        ("2022-11-08T20:00", 0.5, "2022-11-08T20:30"),
        ("2022-04-15T00:00", 720, "2022-05-15T00:00"),  # no hour is lost or won: no summer time
    ],
)
def test_hours_run_on_through_days_and_nights(anchor, hours, expected):
    assert due(at(anchor), hours, "hour") == at(expected)


@pytest.mark.parametrize(
    ("anchor", "days", "expected"),
    [
        ("2022-11-08T00:00", 1, "2022-11-10T00:00"),  # the whole of the ninth
        ("2022-11-08T23:59:59.999999", 1, "2022-11-10T00:00"),
        ("2022-11-08T12:00", 0, "2022-11-09T00:00"),  # the end of the day itself
        ("2024-02-28T12:00", 1, "2024-03-01T00:00"),  # the end of the leap day
        ("2023-02-28T12:00", 1, "2023-03-02T00:00"),
        ("2022-12-31T12:00", 1, "2023-01-02T00:00"),
    ],
)
def test_a_calendar_day_ends_at_midnight_in_beijing(anchor, days, expected):
    assert due(at(anchor), days, "calendar_day") == at(expected)


# the same seven days under both conventions
@pytest.mark.parametrize(
    ("anchor", "number", "first_day", "expected"),
    [
        ("2022-11-01T09:00", 7, 0, "2022-11-09T00:00"),  # day 0 is the first, day 7 the eighth
        ("2022-11-01T09:00", 7, 1, "2022-11-08T00:00"),  # day 1 is the first, day 7 the seventh
        ("2022-11-01T09:00", 0, 0, "2022-11-02T00:00"),
        ("2022-11-01T09:00", 1, 1, "2022-11-02T00:00"),
        ("2024-02-27T23:59", 2, 0, "2024-03-01T00:00"),  # day 2 is the leap day
        ("2022-10-30T00:00", 7, 0, "2022-11-07T00:00"),
    ],
)
def test_a_day_number_follows_the_packs_convention(anchor, number, first_day, expected):
    assert due(at(anchor), number, "day_number", first_day=first_day) == at(expected)


@pytest.mark.parametrize(
    "same", ["2022-11-08T16:30+00:00", "2022-11-09T00:30+08:00", "2022-11-08T11:30-05:00"]
)
def test_an_instant_is_the_same_day_whatever_zone_it_was_written_in(same):
    moment = dt.datetime.fromisoformat(same)
    assert due(moment, 1, "calendar_day") == at("2022-11-11T00:00")
    assert due(same, 1, "calendar_day") == at("2022-11-11T00:00")


def test_a_day_as_anchor_begins_at_midnight():
    assert due(dt.date(2022, 11, 8), 2, "hour") == at("2022-11-08T02:00")
    assert due("2022-11-08", 3, "day_number") == at("2022-11-12T00:00")


def day(text):
    return dt.date.fromisoformat(f"2022-11-{text}")


@pytest.mark.parametrize(
    ("served", "ends"),
    [
        ([], "2022-11-16T00:00"),
        ([{"from": day("04"), "to": day("06")}], "2022-11-13T00:00"),
        # two overlapping records count each day once
        ([{"from": day("04"), "to": day("06")}, {"from": day("05"), "to": day("07")}],
         "2022-11-12T00:00"),
        # a record that runs into the new count is counted up to it
        ([{"from": day("07"), "to": day("20")}], "2022-11-14T00:00"),
        ([{"from": day("07"), "to": None}], "2022-11-14T00:00"),
        ([{"from": "2022-11-06T23:00+08:00", "to": "2022-11-07T01:00+08:00"}], "2022-11-14T00:00"),
        # more served than asked: nothing left, but nothing is due before it began
        ([{"from": "2022-10-01", "to": day("07")}], "2022-11-08T10:00"),
        ([{"from": None, "to": None}], "2022-11-16T00:00"),
    ],
)  # fmt: skip
def test_days_already_served_are_topped_up(served, ends):
    assert due(at("2022-11-08T10:00"), 7, "day_number", served=served) == at(ends)


def test_hours_already_served_are_taken_off_once():
    served = [
        {"from": at("2022-11-08T01:00"), "to": at("2022-11-08T04:00")},
        {"from": at("2022-11-08T03:00"), "to": at("2022-11-08T05:00")},
        {"from": at("2022-11-08T09:00"), "to": None},
    ]
    assert due(at("2022-11-08T10:00"), 8, "hour", served=served) == at("2022-11-08T13:00")


def test_days_served_count_only_where_the_pack_tops_up():
    clock = dataclasses.replace(PLAIN, unit="day_number", length="any")
    facts = {"served": [{"from": day("01"), "to": day("07")}]}
    found = clocks.due(clock, at("2022-11-08T10:00"), pack=Lab(7), facts=facts)
    assert found == at("2022-11-16T00:00")


def test_a_due_time_that_is_a_fact_is_taken_as_it_is():
    clock = COMMAND.clocks["directive-sign"]
    moment = at("2022-11-08T22:00")
    found = clocks.due(clock, at("2022-11-08T20:00"), pack=PACK, facts={"sign_due_at": moment})
    assert found == moment
    with pytest.raises(BadInput, match="sign_due_at"):
        clocks.due(clock, at("2022-11-08T20:00"), pack=PACK)


def test_a_naive_anchor_is_refused():
    with pytest.raises(BadInput, match="time zone"):
        due(dt.datetime(2022, 11, 8), 2, "hour")  # noqa: DTZ001


@pytest.mark.parametrize(
    ("owner", "path", "expected"),
    [
        ("unit", VILLAGE, VILLAGE),
        ("village", VILLAGE, VILLAGE),
        ("township", VILLAGE, CITY + "140105000000/140105001000/"),
        ("county", VILLAGE, CITY + "140105000000/"),
        ("city", VILLAGE, CITY),
        ("province", VILLAGE, ROOT),
        ("county", CITY, CITY),  # a subject above the level is its own unit's
    ],
)
def test_whose_business_a_clock_is(owner, path, expected):
    assert clocks.owner_path(dataclasses.replace(PLAIN, owner=owner), path) == expected


@pytest.mark.parametrize(
    ("path", "levels_up", "expected"),
    [(CITY, 0, CITY), (CITY, 1, ROOT), (CITY, 2, ROOT), (ROOT, 1, ROOT), (VILLAGE, 3, CITY)],
)
def test_who_is_above(path, levels_up, expected):
    assert clocks.above(path, levels_up) == expected


def test_the_ladder_is_the_chain_of_commands():
    rungs = clocks.ladder(PLAIN, pack=PACK, command=COMMAND)
    assert [(r.step, r.pct, r.levels_up) for r in rungs] == [
        ("remind", 50, 0),
        ("warn", 80, 0),
        ("escalate", 100, 1),
        ("escalate_two", 150, 2),
    ]
    silent = dataclasses.replace(PLAIN, escalate=None)
    assert clocks.ladder(silent, pack=PACK, command=COMMAND) == ()
    anchor, end = at("2022-11-08T20:00"), at("2022-11-09T06:00")
    times = [clocks.step_at(r, anchor=anchor, due=end) for r in rungs]
    assert times == [anchor + dt.timedelta(hours=h) for h in (5, 8, 10, 15)]
    assert clocks.next_step(rungs, anchor=anchor, due=end) == ("remind", times[0])
    assert clocks.next_step(rungs, anchor=anchor, due=end, done=["remind"]) == ("warn", times[1])
    assert clocks.next_step(rungs, anchor=anchor, due=end, done=[r.step for r in rungs]) is None


def test_a_clock_due_at_once_has_all_its_steps_then():
    rungs = clocks.ladder(PLAIN, pack=PACK, command=COMMAND)
    now = at("2022-11-08T20:00")
    assert {clocks.step_at(r, anchor=now, due=now) for r in rungs} == {now}


def test_a_later_due_time_takes_back_only_what_units_above_were_told():
    rungs = clocks.ladder(PLAIN, pack=PACK, command=COMMAND)
    anchor, now = at("2022-11-08T10:00"), at("2022-11-08T21:00")
    done = ("remind", "warn", "escalate")
    moved = {"anchor": anchor, "now": now, "done": done}
    assert clocks.still_done(rungs, due=at("2022-11-08T20:00"), **moved) == done
    assert clocks.still_done(rungs, due=at("2022-11-10T20:00"), **moved) == ("remind", "warn")
