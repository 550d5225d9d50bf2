"""Signals that belong together, and signals that are not to be shown for a while."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pyarrow as pa
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.service import builders as b
from tests.service import scenes
from zhongshu.rules import reader
from zhongshu.service.clocks import facade as clocks
from zhongshu.service.signals import facade as signals
from zhongshu.service.signals.borders import touching

pytestmark = pytest.mark.django_db
PACK = reader.load("multi-source-warning")
# Datong's counties: the shipped borders know that Xinrong and Yungang touch, not Taiyuan's.
FAR = b.OTHER_COUNTY
BESIDE = b.ZONE  # a development zone of Taiyuan, hosted by the county


def desk(unit: str = b.PROVINCE) -> Client:
    b.headquarters()
    scenes.clock_at(b.NOW + b.HOUR)
    return scenes.signed_in((unit, "epidemiologist"))


def take_in(*rows: dict[str, Any], at: dt.datetime = b.NOW, run: int = 1) -> None:
    table = pa.concat_tables([b.signal_table(**row) for row in rows])
    signals.upsert(table=table, run_id=run, as_of=at)


def day(before: int) -> dt.date:
    return b.NOW.date() - before * b.DAY


def listed(client: Client, path: str = "/signals", **asked: Any) -> list[dict[str, Any]]:
    answer = scenes.get(client, path, **asked)
    assert answer.status_code == 200, answer.content
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


def do(client: Client, number: int, action: str, **body: Any) -> Any:
    return scenes.post(client, f"/signals/{number}/{action}", body, key=f"{number}{action}{body}")


def quiet(client: Client, number: int, hours: float = 24, reason: str = "已知聚集") -> Any:
    until = (b.NOW + b.HOUR + hours * b.HOUR).isoformat()
    return do(client, number, "snooze", until=until, reason=reason)


def one_of(**given: Any) -> signals.Signal:
    return signals.Signal.objects.get(**given)


@pytest.mark.parametrize("path", ["/signals", "/signals/groups", "/signals/snoozes"])
def test_asking_for_another_scope_looks_like_asking_for_one_that_is_not_there(path: str) -> None:
    client = desk(b.CITY)
    outside = scenes.get(client, path, scope=b.OTHER_CITY)
    nowhere = scenes.get(client, path, scope="999999999999")
    assert outside.status_code == nowhere.status_code == 404
    assert outside.json()["code"] == nowhere.json()["code"]


# Groups


def test_the_borders_are_those_of_the_reference_and_zones_stand_with_their_hosts() -> None:
    borders = touching()
    assert all(code in borders[other] for code, others in borders.items() for other in others)
    assert all(code not in others for code, others in borders.items())
    assert BESIDE in borders[b.COUNTY]
    assert FAR not in borders[b.COUNTY]


def test_one_outbreak_in_two_counties_and_streams_is_one_group() -> None:
    client = desk()
    take_in(
        {"unit": b.COUNTY, "date": day(1), "z": 4.0, "grade": "yellow"},
        {"unit": b.COUNTY, "stream": "pharmacy_sales"},
        {"unit": BESIDE, "z": 9.0, "grade": "red"},
        {"unit": FAR},
    )
    near, far = listed(client, "/signals/groups")
    assert (near["signals"], near["grade"], near["open"]) == (3, "red", 3)
    assert near["top"]["unit"]["code"] == BESIDE
    assert [near["first"], near["last"]] == [day(1).isoformat(), day(0).isoformat()]
    assert {one["code"] for one in near["units"]} == {b.COUNTY, BESIDE}
    assert sorted(near["streams"]) == ["fever_clinic", "pharmacy_sales"]
    assert (far["signals"], far["top"]["unit"]["code"]) == (1, FAR)
    item = next(one for one in listed(client) if one["unit"]["code"] == b.COUNTY)
    assert item["group"] == {
        "id": near["id"],
        "signals": 3,
        "first": day(1).isoformat(),
        "last": day(0).isoformat(),
        "counties": sorted([b.COUNTY, BESIDE]),
    }


def test_a_group_shows_the_worst_signal_of_each_stream() -> None:
    client = desk()
    take_in(
        {"unit": b.COUNTY, "date": day(1), "z": 9.0, "grade": "yellow"},
        {"unit": b.COUNTY, "z": 4.0, "grade": "orange"},
        {"unit": BESIDE, "stream": "pharmacy_sales", "z": 5.0, "grade": "red"},
    )
    (group,) = listed(client, "/signals/groups")
    told = [(one["stream"], one["grade"], one["z"]) for one in group["worst"]]
    assert told == [("pharmacy_sales", "red", 5.0), ("fever_clinic", "orange", 4.0)]
    assert group["worst"][0] == group["top"]


def test_lists_are_narrowed_down_by_grade_stream_and_group() -> None:
    client = desk()
    take_in(
        {"unit": b.COUNTY, "grade": "yellow"},
        {"unit": b.COUNTY, "stream": "pharmacy_sales", "grade": "red"},
        {"unit": FAR, "grade": "yellow"},
    )
    near = one_of(unit=b.COUNTY, grade="yellow")
    yellow = listed(client, "/signals/groups", grade="yellow")
    assert [one["grade"] for one in yellow] == ["yellow", "yellow"]
    assert [one["signals"] for one in yellow] == [2, 1]
    (pharmacy,) = listed(client, "/signals/groups", stream="pharmacy_sales")
    assert pharmacy["id"] == signals.group_of(near)
    assert len(listed(client, grade="yellow")) == 2
    assert {one["unit"]["code"] for one in listed(client, group=pharmacy["id"])} == {b.COUNTY}
    assert listed(client, grade="yellow", group=pharmacy["id"])[0]["id"] == near.pk
    assert len(listed(client, group=[one["id"] for one in yellow])) == 3


def test_the_history_says_who_did_what_alone_and_many_at_once() -> None:
    client = desk()
    take_in({"date": day(1)}, {})
    first, second = one_of(date=day(1)).pk, one_of(date=day(0)).pk
    scenes.post(client, "/signals/triage", {"ids": [first, second], "action": "take"}, key="t")
    quiet(client, first, reason="已知聚集")
    do(client, second, "dismiss", reason="设备故障")

    def told(number: int, **asked: Any) -> list[tuple[str, str]]:
        rows = scenes.get(client, f"/signals/{number}/history", **asked).json()
        assert all(one["by"] for one in rows)
        return [(one["action"], one["reason"]) for one in rows]

    assert told(first) == [("take", ""), ("snooze", "已知聚集")]
    assert told(second) == [("take", ""), ("dismiss", "设备故障")]
    assert told(second, as_of=b.NOW.isoformat()) == []


def test_neighbours_are_those_of_the_same_stream_and_day() -> None:
    client = desk()
    take_in(
        {"unit": b.COUNTY},
        {"unit": BESIDE, "z": 9.0},
        {"unit": BESIDE, "z": 8.0, "date": day(1)},
        {"unit": BESIDE, "z": 7.0, "stream": "pharmacy_sales"},
    )
    told = scenes.get(client, f"/signals/{one_of(unit=b.COUNTY).pk}").json()
    assert [(one["unit"]["code"], one["z"]) for one in told["neighbours"]] == [(BESIDE, 9.0)]


@pytest.mark.parametrize(("apart", "groups"), [(0, 1), (1, 2)])
def test_a_group_goes_on_while_the_next_signal_is_near_in_time(apart: int, groups: int) -> None:
    client = desk()
    most = int(PACK.number("signal.group_days"))
    take_in({"date": day(most + apart)}, {"unit": b.COUNTY})
    assert len(listed(client, "/signals/groups")) == groups


def test_what_is_decided_is_over_and_a_new_signal_begins_a_new_group() -> None:
    client = desk()
    take_in({"date": day(1)}, at=b.NOW - b.HOUR)
    old = one_of()
    do(client, old.pk, "dismiss", reason="设备故障")
    take_in({"date": day(0)}, run=2)
    new = one_of(date=day(0))
    assert signals.group_of(new) == new.pk != signals.group_of(old)
    (group,) = listed(client, "/signals/groups", state="open")
    assert (group["id"], group["signals"]) == (new.pk, 1)


def test_a_signal_between_two_groups_makes_them_one() -> None:
    client = desk()
    most = int(PACK.number("signal.group_days"))
    take_in({"date": day(2 * most)}, {"date": day(0)}, at=b.NOW - b.HOUR)
    assert len(listed(client, "/signals/groups")) == 2
    take_in({"date": day(most)}, run=2)
    (group,) = listed(client, "/signals/groups")
    first = one_of(date=day(2 * most)).pk, one_of(date=day(0)).pk
    assert (group["signals"], group["id"]) == (3, min(first))


def test_a_group_is_told_as_far_as_ones_rights_reach() -> None:
    client = desk(b.COUNTY)
    take_in({"unit": b.COUNTY}, {"unit": BESIDE, "z": 9.0, "grade": "red"})
    (group,) = listed(client, "/signals/groups")
    assert (group["signals"], group["grade"]) == (1, "orange")
    assert [one["code"] for one in group["units"]] == [b.COUNTY]
    assert BESIDE not in str(group)


def many_groups() -> None:
    """Single counties of two kinds of z and grade, so that every column of the key is needed."""
    rows = []
    for number in range(8):
        far = {"date": day(20 * number), "unit": b.COUNTY}
        grade = ("red", "blue")[number % 2]
        rows.append(far | {"grade": grade, "z": (3.5, 3.5, 4.25)[number % 3]})
    take_in(*rows)


def test_groups_come_worst_first_and_each_once() -> None:
    client = desk()
    many_groups()
    whole = listed(client, "/signals/groups")
    assert len(whole) == 8
    keys = [(one["grade"] != "red", -one["top"]["z"], one["id"]) for one in whole]
    assert keys == sorted(keys)
    paged: list[int] = []
    after: dict[str, str] = {}
    while True:
        told = scenes.get(client, "/signals/groups", limit=3, **after).json()
        paged += [one["id"] for one in told["items"]]
        if told["next"] is None:
            break
        after = {"after": told["next"]}
    assert paged == [one["id"] for one in whole]


@pytest.mark.parametrize("mark", ["x", "WzFd", "WyJhIiwiYiIsImMiXQ", "W251bGwsMSwxXQ"])
def test_a_page_mark_of_somebody_elses_making_is_refused(mark: str) -> None:
    answer = scenes.get(desk(), "/signals/groups", after=mark)
    assert (answer.status_code, answer.json()["code"]) == (400, "paging.cursor")


@pytest.mark.parametrize(("path", "most"), [("/signals", 14), ("/signals/groups", 17)])
def test_a_list_costs_the_same_queries_for_more_rows(path: str, most: int) -> None:
    client = desk()
    many_groups()
    counts = []
    for limit in (2, 50):
        with CaptureQueriesContext(connection) as queries:
            assert scenes.get(client, path, limit=limit).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= most


# Snoozes


def test_what_is_snoozed_is_registered_but_not_listed_as_open() -> None:
    client = desk()
    take_in({"date": day(1)}, {"stream": "pharmacy_sales"}, at=b.NOW - b.HOUR)
    looked_at = one_of(stream="fever_clinic")
    told = quiet(client, looked_at.pk)
    assert told.status_code == 200, told.content
    assert told.json()["snoozed_until"] == (b.NOW + 25 * b.HOUR).astimezone(
        dt.UTC
    ).isoformat().replace("+00:00", "Z")
    # No worse than what was looked at: registered, not open.  Worse: open.
    take_in({"date": day(0), "grade": "orange"}, at=b.NOW + 2 * b.HOUR, run=2)
    scenes.clock_at(b.NOW + 3 * b.HOUR)
    shown = listed(client, state="open")
    assert [one["stream"] for one in shown] == ["pharmacy_sales"]
    assert len(listed(client)) == 3
    moments = (b.NOW, b.NOW + 3 * b.HOUR, b.NOW + 30 * b.HOUR)
    assert signals.open_counts(scope=b.scope(), moments=moments) == [2, 1, 3]


def test_what_is_worse_is_shown_all_the_same() -> None:
    client = desk()
    take_in({"date": day(1)}, at=b.NOW - b.HOUR)
    quiet(client, one_of().pk)
    take_in({"date": day(0), "grade": "red"}, at=b.NOW + 2 * b.HOUR, run=2)
    scenes.clock_at(b.NOW + 3 * b.HOUR)
    (shown,) = listed(client, state="open")
    assert (shown["grade"], shown["snoozed_until"]) == ("red", None)


def test_a_snooze_ends_by_itself_and_by_hand() -> None:
    client = desk()
    take_in({})
    number = one_of().pk
    quiet(client, number, hours=1)
    assert listed(client, state="open") == []
    (kept,) = listed(client, "/signals/snoozes")
    assert (kept["signal_id"], kept["reason"], kept["grade"]) == (number, "已知聚集", "orange")
    assert do(client, number, "wake").json()["snoozed_until"] is None
    assert [one["id"] for one in listed(client, state="open")] == [number]
    assert listed(client, "/signals/snoozes") == []
    again = do(client, number, "wake", again=1)
    assert (again.status_code, again.json()["code"]) == (409, "signals.not_snoozed")
    quiet(client, number, hours=2)
    assert listed(client, state="open") == []
    scenes.clock_at(b.NOW + 4 * b.HOUR)
    assert [one["id"] for one in listed(client, state="open")] == [number]
    # The past is looked at as it was.
    then = (b.NOW + 2 * b.HOUR).isoformat()
    assert listed(client, state="open", as_of=then) == []


def test_a_new_snooze_takes_the_place_of_the_one_in_force() -> None:
    client = desk()
    take_in({})
    number = one_of().pk
    for hours in (5, 30):
        assert quiet(client, number, hours=hours).status_code == 200
    (kept,) = listed(client, "/signals/snoozes")
    until = dt.datetime.fromisoformat(kept["until"])
    assert until == b.NOW + 31 * b.HOUR


@pytest.mark.parametrize(
    ("hours", "reason", "code"),
    [
        (24, " ", "signals.reason"),
        (-1, "x", "signals.snooze_until"),
        (24 * PACK.number("signal.snooze_max_d") + 1, "x", "signals.snooze_until"),
    ],
)
def test_a_snooze_needs_a_reason_and_an_end_that_is_near(
    hours: float, reason: str, code: str
) -> None:
    client = desk()
    take_in({})
    answer = quiet(client, one_of().pk, hours, reason)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert "{" not in answer.json()["message"]["zh"]
    assert not signals.Snooze.objects.exists()


def test_what_is_verified_is_worked_on_and_not_snoozed() -> None:
    client = desk()
    take_in({"date": day(1)}, {})
    first, second = one_of(date=day(1)).pk, one_of(date=day(0)).pk
    for action in ("take", "verify"):
        do(client, first, action)
    answer = quiet(client, first)
    assert (answer.status_code, answer.json()["code"]) == (409, "signal.wrong_state")
    assert quiet(client, second).status_code == 200
    assert [one["id"] for one in listed(client, state="open")] == [first]


def test_a_signal_needs_a_proposal_only_while_it_is_shown_and_nobody_has_it() -> None:
    client = desk()
    take_in({}, {"stream": "pharmacy_sales"}, {"stream": "school_absences"})
    quiet(client, one_of(stream="fever_clinic").pk)
    do(client, one_of(stream="pharmacy_sales").pk, "take")
    told = signals.unproposed(scope=b.scope(), as_of=b.NOW + 2 * b.HOUR)
    assert {stream for _, stream, _ in told} == {"fever_clinic", "pharmacy_sales"}


def test_nobody_is_pressed_to_verify_what_is_snoozed() -> None:
    client = desk()
    take_in({})
    number = one_of().pk

    def verify() -> clocks.Clock:
        return clocks.Clock.objects.get(subject_id=number, clock="signal-verify")

    due = PACK.number("signal.verify_h") * b.HOUR
    assert (verify().state, verify().due_at) == ("running", b.NOW + due)
    quiet(client, number, hours=3)
    assert verify().state == "waived"
    # The run after its end starts the clock anew, from when it was shown again.
    take_in({"observed": 21.0}, at=b.NOW + 9 * b.HOUR, run=2)
    assert (verify().state, verify().due_at) == ("running", b.NOW + 4 * b.HOUR + due)
    (kept,) = signals.Snooze.objects.all()
    assert (kept.woken_at, kept.woken_by) == (kept.until, "until")
