"""Hours and queues of sampling points for everybody: what is published, and nothing else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.service import builders as b
from tests.service import scenes
from zhongshu.api import public
from zhongshu.service.rounds import facade as rounds
from zhongshu.service.rounds import publishing

pytestmark = pytest.mark.django_db
PATH = "/api/v1/public/points"
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture(autouse=True)
def anew() -> Iterator[None]:
    public.forget()
    yield
    public.forget()


def held(*, published: bool = True) -> rounds.Round:
    """A round with one point of some desks, forty swabs an hour ago."""
    b.headquarters()
    scenes.clock_at(b.NOW + dt.timedelta(seconds=2))  # the clock is kept to the second
    scenes.reports(b.COUNTY, b.VILLAGE)
    one = scenes.round_of(b.COUNTY)
    if published:
        show(one)
    return one


def show(one: rounds.Round, *, published: bool = True) -> None:
    rounds.publish(
        round_id=one.pk, published=published, scope=b.scope(), actor=b.actor(), now=b.NOW
    )


def queue(one: rounds.Round, n: int, at: dt.datetime = b.NOW) -> None:
    told = rounds.Count(f"q{n}{at:%H%M}", "queue", one.points.get().code, n, at)
    rounds.take(round_id=one.pk, told=[told], scope=b.scope(), actor=b.actor(), now=b.NOW)
    public.forget()


def asked(**query: Any) -> dict[str, Any]:
    answer = Client().get(PATH, query)
    assert answer.status_code == 200, answer.content
    return answer.json()  # type: ignore[no-any-return]


def test_nobody_needs_to_sign_in_to_see_where_to_be_sampled() -> None:
    one = held()
    queue(one, 30, b.NOW - MINUTE)
    told = asked()
    (point,) = told["items"]
    assert point["place"].startswith("小店区坞城街道")
    assert (point["state"], point["waiting"], told["total"]) == ("open", 30, 1)
    assert point["wait_min"] == 90  # forty swabs in two hours: twenty an hour
    assert told["synthetic"]


def test_only_what_is_meant_for_everybody_is_told() -> None:
    held()
    (point,) = asked()["items"]
    assert set(point) == {
        "id", "name", "place", "lon", "lat", "opens_at", "closes_at", "state", "waiting",
        "wait_min", "told_at",
    }  # fmt: skip


def test_a_round_nobody_published_or_that_was_taken_back_is_not_there() -> None:
    one = held(published=False)
    assert asked()["items"] == []
    show(one)
    public.forget()
    assert len(asked()["items"]) == 1
    show(one, published=False)
    public.forget()
    assert asked()["items"] == []


def test_a_queue_told_long_ago_is_not_told_on() -> None:
    one = held()
    queue(one, 30, b.NOW - 60 * MINUTE)
    (point,) = asked()["items"]
    assert (point["waiting"], point["wait_min"], point["told_at"]) == (None, None, None)


def test_a_point_of_two_rounds_is_told_once_as_of_the_last_to_open() -> None:
    first = held()
    second = scenes.round_of(b.COUNTY, "又")
    rounds.Round.objects.filter(pk=second.pk).update(opens_at=b.NOW - b.HOUR)
    show(second)
    queue(first, 5)
    queue(second, 9)
    assert [one["waiting"] for one in asked()["items"]] == [9]


def test_a_point_before_and_after_its_hours() -> None:
    one = held()
    rounds.RoundPoint.objects.update(opens_at=b.NOW + MINUTE)
    assert asked()["items"][0]["state"] == "later"
    assert asked(open=True)["items"] == []
    rounds.RoundPoint.objects.update(opens_at=b.NOW - b.HOUR, closes_at=b.NOW)
    public.forget()
    assert asked()["items"][0]["state"] == "shut"
    rounds.Round.objects.filter(pk=one.pk).update(closes_at=b.NOW)
    public.forget()
    assert asked()["items"] == []


def test_points_are_found_by_part_of_their_place_or_name() -> None:
    held()
    assert asked(text="坞城")["total"] == 1
    assert asked(text="大同")["total"] == 0
    assert Client().get(PATH, {"after": "x"}).status_code == 400


def test_it_is_read_once_and_told_often() -> None:
    held()
    first = Client().get(PATH)
    with CaptureQueriesContext(connection) as queries:
        for _ in range(50):
            assert Client().get(PATH).content == first.content
        again = Client(headers={"if-none-match": first["ETag"]}).get(PATH)
    assert len(queries) == 0
    assert (again.status_code, again.content) == (304, b"")
    assert first["Cache-Control"] == "public, max-age=15"
    assert "sessionid" not in first.cookies


def test_reading_it_anew_takes_few_queries() -> None:
    held()
    with CaptureQueriesContext(connection) as queries:
        asked()
    assert len(queries) <= 7


@pytest.mark.parametrize(
    ("waiting", "pace", "minutes"),
    [(None, 60, None), (0, 0, 0), (10, 0, None), (1, 60, 5), (60, 60, 60), (61, 60, 65)],
)
def test_a_wait_is_told_in_steps_and_only_where_there_is_a_pace(
    waiting: int | None, pace: float, minutes: int | None
) -> None:
    assert publishing.wait_min(waiting, pace) == minutes


def test_without_swabs_the_wait_follows_the_planned_rate_of_the_desks() -> None:
    one = held()
    rounds.Tally.objects.all().delete()
    queue(one, 75 * one.points.get().desks)
    assert asked()["items"][0]["wait_min"] == 60


def test_the_pace_is_that_of_the_hours_a_point_was_open() -> None:
    one = held()
    rounds.RoundPoint.objects.update(opens_at=b.NOW - b.HOUR)
    queue(one, 29)
    assert asked()["items"][0]["wait_min"] == 45  # forty an hour
    rounds.RoundPoint.objects.update(opens_at=b.NOW - 10 * MINUTE, desks=1)
    public.forget()
    assert asked()["items"][0]["wait_min"] == 25  # too early to tell: 75 an hour are planned


def test_a_round_is_published_by_whoever_keeps_resources_and_not_when_closed() -> None:
    one = held(published=False)
    path = f"/rounds/{one.pk}/publish"
    keeper = scenes.signed_in((b.COUNTY, "testing_team"))
    told = scenes.post(keeper, path, {"published": True}, key="a")
    assert told.json()["published_at"]
    rounds.close(round_id=one.pk, scope=b.scope(), actor=b.actor(), now=b.NOW)
    late = scenes.post(keeper, path, {"published": False}, key="b")
    assert (late.status_code, late.json()["code"]) == (409, "rounds.closed")
    public.forget()
    assert asked()["items"] == []
