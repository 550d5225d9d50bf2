"""A round of testing as it goes: counted once, conserved at every hop, alarms when it is not."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from tests.service import builders as b
from tests.service import scenes
from zhongshu.kernel.errors import BadInput, WrongState
from zhongshu.service.rounds import counts
from zhongshu.service.rounds import facade as rounds

pytestmark = pytest.mark.django_db
PARTS = ("in_transit", "received", "reported", "void")
MINUTE = dt.timedelta(minutes=1)


def held() -> rounds.Round:
    """A round with one point, forty samples taken an hour ago."""
    b.headquarters()
    scenes.clock_at(b.NOW + b.HOUR)
    scenes.reports(b.COUNTY, b.VILLAGE)
    return scenes.round_of(b.COUNTY)


def tell(one: rounds.Round, *told: tuple[str, int, dt.datetime], now: Any = b.NOW) -> rounds.Taken:
    point = one.points.get().code
    rows = [
        rounds.Count(f"{what}{n}{at:%H%M}", what, point, n, at, "L1" if lab(what) else "")
        for what, n, at in told
    ]
    return rounds.take(round_id=one.pk, told=rows, scope=b.scope(), actor=b.actor(), now=now)


def lab(what: str) -> bool:
    return what in counts.OF_LABORATORIES


def alarms(one: rounds.Round, at: dt.datetime) -> dict[str, int]:
    return {alarm.kind: alarm.n for alarm in rounds.live(one, at=at).alarms}


def test_a_count_sent_twice_counts_once() -> None:
    one = held()
    assert tell(one, ("handed", 30, b.NOW)) == rounds.Taken(1, 0)
    assert tell(one, ("handed", 30, b.NOW)) == rounds.Taken(0, 1)
    assert rounds.live(one, at=b.NOW).sums == {"sampled": 40, "handed": 30}


def test_every_sample_is_somewhere_at_every_hop() -> None:
    one = held()
    tell(
        one,
        ("registered", 45, b.NOW), ("void_point", 1, b.NOW), ("handed", 30, b.NOW),
        ("picked_up", 30, b.NOW), ("void_transit", 2, b.NOW), ("delivered", 20, b.NOW),
        ("received", 20, b.NOW), ("tested", 15, b.NOW), ("reported", 12, b.NOW),
        ("positive", 1, b.NOW),
    )  # fmt: skip
    live = rounds.live(one, at=b.NOW)
    told = rounds.summary(live.sums)
    assert told == {
        "registered": 45, "sampled": 40, "in_transit": 17, "received": 8, "tested": 15,
        "reported": 12, "positive": 1, "void": 3,
    }  # fmt: skip
    assert (
        told["sampled"] == told["in_transit"] + told["received"] + told["reported"] + told["void"]
    )
    assert rounds.hops(live.sums) == [
        rounds.Hop("point", 40, 9, 1, 30, 0),
        rounds.Hop("courier", 30, 8, 2, 20, 0),
        rounds.Hop("laboratory", 20, 8, 0, 12, 0),
    ]
    assert live.laboratories["L1"]["reported"] == 12
    assert [*live.areas.values()] == [live.sums]


def test_a_hand_over_that_does_not_fit_raises_an_alarm_once_it_had_time_to() -> None:
    one = held()
    tell(one, ("handed", 30, b.NOW), ("picked_up", 28, b.NOW))
    assert "drift" not in alarms(one, b.NOW + 10 * MINUTE)
    assert alarms(one, b.NOW + 30 * MINUTE)["drift"] == 2
    tell(one, ("picked_up", 2, b.NOW + 40 * MINUTE), now=b.NOW + 40 * MINUTE)
    assert "drift" not in alarms(one, b.NOW + 40 * MINUTE)


def test_more_handed_on_than_was_taken_cannot_be() -> None:
    one = held()
    tell(one, ("handed", 50, b.NOW), ("picked_up", 50, b.NOW))
    assert alarms(one, b.NOW)["drift"] == 10


def test_a_point_that_says_nothing_for_an_hour_while_open_raises_an_alarm() -> None:
    one = held()
    assert "silent" not in alarms(one, b.NOW)
    assert alarms(one, b.NOW + MINUTE)["silent"] == 61
    tell(one, ("queue", 3, b.NOW))
    assert "silent" not in alarms(one, b.NOW + b.HOUR)
    assert "silent" not in alarms(one, one.closes_at)


def test_samples_not_at_the_laboratory_after_four_hours_raise_an_alarm() -> None:
    one = held()
    sampled_at = b.NOW - b.HOUR
    tell(one, ("void_point", 1, b.NOW), ("received", 20, b.NOW))
    assert "handover" not in alarms(one, sampled_at + 4 * b.HOUR - MINUTE)
    assert alarms(one, sampled_at + 4 * b.HOUR)["handover"] == 19


def test_a_queue_too_long_raises_an_alarm_until_a_shorter_one_is_told() -> None:
    one = held()
    tell(one, ("queue", 101, b.NOW - MINUTE))
    assert alarms(one, b.NOW)["queue"] == 101
    tell(one, ("queue", 100, b.NOW))
    assert "queue" not in alarms(one, b.NOW)


def test_the_last_result_is_foretold_from_the_pace_and_an_alarm_says_it_is_late() -> None:
    one = held()
    assert rounds.live(one, at=b.NOW).last_result is None  # nothing is sampled yet
    tell(one, ("received", 40, b.NOW), ("reported", 2, b.NOW))
    live = rounds.live(one, at=b.NOW)
    assert live.last_result == b.NOW + 38 * b.HOUR  # 38 left at one an hour
    assert alarms(one, b.NOW)["late"] == 38
    tell(one, ("reported", 38, b.NOW))
    assert rounds.live(one, at=b.NOW).last_result == b.NOW
    assert "late" not in alarms(one, b.NOW)


def test_a_table_is_taken_whole_or_refused_at_its_first_bad_line() -> None:
    one = held()
    point = one.points.get().code
    head = "key,what,point,laboratory,n,at\n"
    good = f"a,sampled,{point},,5,2022-11-08T19:30+08:00\n"
    given: Any = {"round_id": one.pk, "scope": b.scope(), "actor": b.actor(), "now": b.NOW}
    for bad, why in (
        ("b,sampled,nowhere,,5,2022-11-08T19:30+08:00\n", "no point"),
        (f"b,lost,{point},,5,2022-11-08T19:30+08:00\n", "none of"),
        (f"b,received,{point},,5,2022-11-08T19:30+08:00\n", "names the laboratory"),
        (f"b,sampled,{point},,5,2022-11-09T19:30+08:00\n", "future"),
        (f"b,queue,{point},,-5,2022-11-08T19:30+08:00\n", "cannot be"),
        (f"b,sampled,{point},,five,2022-11-08T19:30+08:00\n", "whole number"),
    ):
        with pytest.raises(BadInput, match=f"Row 2.*{why}"):
            rounds.take_file(text=head + good + bad, **given)
    with pytest.raises(BadInput, match="no column"):
        rounds.take_file(text="key,n\n", **given)
    assert rounds.live(one, at=b.NOW).sums == {"sampled": 40}
    assert rounds.take_file(text=head + good, **given) == rounds.Taken(1, 0)
    rounds.close(**given)
    with pytest.raises(WrongState):
        rounds.take_file(text=head + good, **given)


def test_a_round_needs_times_in_order_and_points_that_are_known() -> None:
    held()
    given: Any = {"scope": b.scope(), "actor": b.actor(), "now": b.NOW}
    times = (b.NOW, b.NOW + b.HOUR, b.NOW + 2 * b.HOUR)
    for wish, why in (
        (rounds.Wish(b.COUNTY, "x", *times[::-1]), "opens, closes"),
        (rounds.Wish(b.COUNTY, " ", *times), "title"),
        (rounds.Wish(b.OTHER_COUNTY, "x", *times), "none at all"),
        (rounds.Wish(b.COUNTY, "x", *times, points=("P9",)), "P9"),
    ):
        with pytest.raises(BadInput, match=why):
            rounds.begin(wish=wish, **given)


def test_over_the_api_a_round_is_opened_counted_and_read_at_few_queries() -> None:
    b.headquarters()
    scenes.clock_at(b.NOW + b.HOUR)
    scenes.reports(b.COUNTY, b.VILLAGE)
    client = scenes.signed_in((b.CITY, "testing_team"))
    body = {
        "unit": b.COUNTY, "title": "第一轮", "opens_at": "2022-11-08T19:00:00+08:00",
        "closes_at": "2022-11-08T23:00:00+08:00", "due_at": "2022-11-09T06:00:00+08:00",
    }  # fmt: skip
    number = scenes.post(client, "/rounds", body, key="a").json()["id"]
    (point,) = scenes.get(client, f"/rounds/{number}/points").json()["items"]
    sent = {"counts": [
        {"key": "q", "what": "queue", "point": point["code"], "n": 7, "at": b.NOW.isoformat()},
        {"key": "s", "what": "sampled", "point": point["code"], "n": 9, "at": b.NOW.isoformat()},
    ]}  # fmt: skip
    path = f"/rounds/{number}"
    assert scenes.post(client, f"{path}/counts", sent, key="b").json() == {"fresh": 2, "again": 0}
    with CaptureQueriesContext(connection) as queries:
        told = scenes.get(client, path).json()
    assert len(queries) <= 14
    assert (told["board"]["sampled"], told["board"]["in_transit"], told["points"]) == (9, 9, 1)
    (point,) = scenes.get(client, f"{path}/points").json()["items"]
    assert (point["queue"], point["open"], point["board"]["sampled"]) == (7, True, 9)
    assert scenes.post(client, f"{path}/close", {}, key="c").json()["closed_at"]
    late = scenes.post(client, f"{path}/counts", sent, key="d")
    assert (late.status_code, late.json()["code"]) == (409, "rounds.closed")


@given(st.dictionaries(st.sampled_from(counts.WHAT), st.integers(0, 1_000)))
def test_whatever_is_counted_the_board_adds_up(sums: dict[str, int]) -> None:
    told = counts.summary(sums)
    assert (
        told["sampled"] == told["in_transit"] + told["received"] + told["reported"] + told["void"]
    )
    board = counts.hops(sums)
    assert all(hop.came == hop.waiting + hop.void + hop.went for hop in board)
    between = board[0].waiting + board[1].gap + board[1].waiting + board[2].gap
    assert told["in_transit"] == between
