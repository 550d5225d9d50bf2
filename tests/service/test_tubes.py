"""Positive tubes: entered from the lake, in whatever order the feeds come, until all are known."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.service import builders as b
from tests.service import scenes
from tests.service.tubed import Tubes
from zhongshu.kernel.errors import NotFound
from zhongshu.service.clocks import facade as clocks
from zhongshu.service.rounds import facade as rounds

pytestmark = pytest.mark.django_db
VIEWS = rounds.tubeviews


def residents(count: int = 4, village: str = b.VILLAGE) -> None:
    scenes.two_cities()
    b.register(*(b.person(n, n) for n in range(1, count + 1)),
               homes=[b.household(n, village) for n in range(1, count + 1)])  # fmt: skip


def only() -> rounds.Tube:
    (tube,) = VIEWS.listed(scope=b.scope(), as_of=b.NOW)
    return tube


def sums() -> tuple[int, int, int, int]:
    tube = only()
    own = VIEWS.sums([tube], b.NOW)[tube.pk]
    return own.members, own.recollected, own.resulted, own.positive


def running() -> set[str]:
    then = clocks.Then.of(b.NOW, now=b.NOW)
    rows = clocks.listed(scope=b.scope(), then=then, subject_kind="sample")
    return {one.clock for one in rows}


def test_a_negative_tube_and_a_swab_alone_in_its_tube_are_not_entered() -> None:
    residents()
    feeds = Tubes()
    feeds.swabs("T1", 1, 2, 3)
    feeds.result("T1", "negative")
    feeds.swabs("T2", 4)
    feeds.result("T2", swabs=1)
    assert not VIEWS.listed(scope=b.scope(), as_of=b.NOW).exists()


def test_members_wait_until_each_has_a_result_of_his_own() -> None:
    residents()
    feeds = Tubes()
    feeds.swabs("T1", 1, 2, 3)
    feeds.result("T1")
    assert sums() == (3, 0, 0, 0)
    assert len(rounds.pending(b.path(b.COUNTY), b.NOW)) == 3
    feeds.own(1, "positive")
    feeds.own(2)
    assert sums() == (3, 2, 2, 1)
    assert only().confirmed_at is None
    feeds.own(3, "invalid")  # says nothing: still waiting
    assert sums() == (3, 2, 2, 1)
    feeds.own(3, sampled=-0.5)
    assert sums() == (3, 3, 3, 1)
    assert only().confirmed_at == b.NOW
    assert not rounds.pending(b.path(b.COUNTY), b.NOW)
    assert VIEWS.state_of(only(), b.NOW) == "done"


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_the_order_in_which_feeds_come_does_not_matter(order: tuple[int, ...]) -> None:
    residents()
    feeds = Tubes()
    come: list[Callable[[], None]] = [
        lambda: feeds.swabs("T1", 1, 2, 3),
        lambda: feeds.result("T1"),
        lambda: feeds.own(1, "positive"),
    ]
    for number in order:
        come[number]()
    assert sums() == (3, 1, 1, 1)


def test_a_sample_before_the_tubes_result_and_a_pooled_one_end_nothing() -> None:
    residents()
    feeds = Tubes()
    feeds.swabs("T1", 1, 2)
    feeds.result("T1", swabs=2)
    feeds.own(1, sampled=-3, at=-1)
    feeds.own(2, method="pool10")
    assert sums() == (2, 0, 0, 0)


def test_a_tube_with_more_swabs_than_known_members_stays_open() -> None:
    residents()
    feeds = Tubes()
    feeds.swabs("T1", 1, 2)
    feeds.result("T1", swabs=3)
    feeds.own(1)
    feeds.own(2)
    assert VIEWS.state_of(only(), b.NOW) == "open"
    feeds.swabs("T1", 3)
    feeds.own(3)
    assert VIEWS.state_of(only(), b.NOW) == "done"


def test_a_result_taken_back_asks_nobody_any_more() -> None:
    residents()
    feeds = Tubes()
    feeds.swabs("T1", 1, 2, 3)
    feeds.result("T1")
    assert "tube-recollect" in running()
    feeds.result("T1", "negative", at=-1)
    assert VIEWS.state_of(only(), b.NOW) == "withdrawn"
    assert not rounds.pending(b.path(b.COUNTY), b.NOW)
    assert "tube-recollect" not in running()


def test_the_clock_of_collecting_again_stops_and_that_of_the_result_begins() -> None:
    residents()
    feeds = Tubes()
    feeds.swabs("T1", 1, 2)
    feeds.result("T1", "suspect", swabs=2)
    assert running() == {"tube-recollect"}
    (one, two) = feeds.persons(1, 2)
    rounds.collected(swabs=[(one, "T1")], at=b.NOW - b.HOUR, actor=b.actor(), now=b.NOW)
    assert running() == {"tube-recollect"}
    told = rounds.collected(
        swabs=[(one, "T1"), (two, "T1")], at=b.NOW - b.HOUR, actor=b.actor(), now=b.NOW
    )
    assert told == 1
    assert running() == {"tube-result"}
    feeds.own(1)
    feeds.own(2)
    assert running() == set()


def test_the_same_feeds_again_change_nothing() -> None:
    residents()
    for _ in range(2):
        feeds = Tubes()
        feeds.swabs("T1", 1, 2, 3)
        feeds.result("T1")
        feeds.own(1)
    assert sums() == (3, 1, 1, 0)


def test_who_lives_elsewhere_is_seen_with_the_tube_and_by_his_home() -> None:
    scenes.two_cities()
    b.register(b.person(1, 1), b.person(2, 2),
               homes=[b.household(1), b.household(2, b.OTHER_VILLAGE)])  # fmt: skip
    feeds = Tubes()
    feeds.swabs("T1", 1, 2)
    feeds.result("T1", swabs=2)
    near = scenes.signed_in((b.COUNTY, "epidemiologist"), name="near")
    far = scenes.signed_in((b.OTHER_COUNTY, "epidemiologist"), name="far")
    (item,) = scenes.get(near, "/tubes").json()["items"]
    assert (item["code"], item["members"], item["state"]) == ("T1", 2, "open")
    assert item["due_at"] == "2022-11-08T14:00:00Z"
    members = scenes.get(near, f"/tubes/{item['id']}/members").json()["items"]
    assert {one["unit"]["code"] for one in members} == {b.VILLAGE, b.OTHER_VILLAGE}
    assert {one["masked_name"] for one in members} == {"合*"}
    assert scenes.get(far, "/tubes").json()["items"] == []
    assert scenes.get(far, f"/tubes/{item['id']}").status_code == 404
    assert [one.unit_id for one in rounds.pending(b.path(b.OTHER_COUNTY), b.NOW)] == [
        b.OTHER_VILLAGE
    ]


def test_the_list_is_read_page_by_page_at_the_same_cost() -> None:
    residents(9)
    feeds = Tubes()
    costs = []
    for number in range(3):
        feeds.swabs(f"T{number}", *(3 * number + n for n in (1, 2, 3)))
        feeds.result(f"T{number}")
        client = scenes.signed_in((b.CITY, "epidemiologist"), name=f"r{number}")
        with CaptureQueriesContext(connection) as seen:
            first = scenes.get(client, "/tubes", limit=2).json()
        costs.append(len(seen))
    assert costs[1:] == costs[1:2] * 2
    assert [one["code"] for one in first["items"]] == ["T2", "T1"]
    rest = scenes.get(client, "/tubes", limit=2, after=first["next"]).json()
    assert ([one["code"] for one in rest["items"]], rest["next"]) == (["T0"], None)
    assert scenes.get(client, "/tubes", state="done").json()["items"] == []


def test_a_round_raises_an_alarm_for_each_positive_tube_until_all_are_sampled_again() -> None:
    residents()
    scenes.clock_at(b.NOW + b.HOUR)
    scenes.reports(b.COUNTY, b.VILLAGE)
    held = scenes.round_of(b.COUNTY)
    feeds = Tubes()
    feeds.swabs("T1", 1, 2, at=-1)
    feeds.result("T1", sampled=-1, at=-0.5)  # three swabs by the laboratory, two known

    def alarms() -> list[tuple[str, int]]:
        found = rounds.live(held, at=b.NOW).alarms
        return [(one.point, one.n) for one in found if one.kind == "tube"]

    assert alarms() == [("T1", 3)]
    feeds.own(1, sampled=-0.2)
    assert alarms() == [("T1", 2)]
    feeds.swabs("T1", 3, at=-1)
    feeds.own(2, sampled=-0.2)
    feeds.own(3, sampled=-0.2)
    assert alarms() == []


def test_what_a_later_result_tells_was_not_known_before_it() -> None:
    residents()
    feeds = Tubes()
    feeds.swabs("T1", 1, 2)
    feeds.result("T1", swabs=2)
    feeds.own(1, sampled=-1, at=2)  # told two hours from now
    assert sums() == (2, 0, 0, 0)
    assert len(rounds.pending(b.path(b.COUNTY), b.NOW)) == 2
    assert len(rounds.pending(b.path(b.COUNTY), b.NOW + 3 * b.HOUR)) == 1


def test_a_later_sample_does_not_change_the_result_that_ended_the_waiting() -> None:
    residents()
    feeds = Tubes()
    feeds.swabs("T1", 1, 2)
    feeds.result("T1", swabs=2)
    feeds.own(1, "positive", sampled=-1.5)
    feeds.own(1, "negative", sampled=-1)
    feeds.both((1, "negative", -0.5), (2, "negative", -0.5))
    assert sums() == (2, 2, 2, 1)


def test_many_tubes_at_once_cost_few_queries() -> None:
    residents(9)
    feeds = Tubes()
    costs = []
    for count in (1, 3):
        for number in range(count):
            feeds.swabs(f"{count}-{number}", *(3 * number + n for n in (1, 2, 3)))
        with CaptureQueriesContext(connection) as seen:
            feeds.results(*(f"{count}-{number}" for number in range(count)))
        costs.append(len(seen))
    assert costs[1] <= costs[0] + 2 * 7, "each tube is entered and put on record, no more"


def test_an_unknown_tube_is_refused() -> None:
    b.headquarters()
    with pytest.raises(NotFound):
        VIEWS.get(0, b.scope())
