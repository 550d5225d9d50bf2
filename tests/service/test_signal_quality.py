"""How good warning has been: what is known is told, what is not stays open."""

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
from zhongshu.engines.warning.joint.budget import Budget
from zhongshu.engines.warning.model import SpentDay
from zhongshu.rules import reader
from zhongshu.service.signals import facade as signals
from zhongshu.service.signals import models

pytestmark = pytest.mark.django_db
EVENT = (
    signals.Act("take"),
    signals.Act("verify"),
    signals.Act("check", "x"),
    signals.Act("assess", "x", "high"),
    signals.Act("declare_event"),
)
FALSE = (signals.Act("dismiss", "x"),)


def desk() -> Client:
    b.headquarters()
    scenes.clock_at(b.NOW + b.HOUR)
    return scenes.signed_in((b.CITY, "epidemiologist"))


def day(before: int) -> dt.date:
    return b.NOW.date() - before * b.DAY


def take_in(*days: int, unit: str = b.COUNTY, at: dt.datetime = b.NOW) -> None:
    table = pa.concat_tables([b.signal_table(unit, date=day(n)) for n in days])
    signals.upsert(table=table, run_id=1, as_of=at)


def settle(before: int, acts: tuple[signals.Act, ...], who: str = "someone") -> None:
    number = signals.Signal.objects.get(date=day(before), unit_id=b.COUNTY).pk
    actor = b.actor(name=who)
    for act in acts:
        signals.handle(signal_id=number, act=act, scope=b.scope(), actor=actor, now=b.NOW)


def quality(client: Client, **asked: str) -> dict[str, Any]:
    answer = scenes.get(client, "/signals/quality", **asked)
    assert answer.status_code == 200, answer.content
    told: dict[str, Any] = answer.json()
    return told


def test_what_nobody_can_know_is_null() -> None:
    told = quality(desk())
    assert told["signals"] == 0
    assert told["per_analyst_day"] is None
    assert told["ppv"] == {"confirmed": 0, "decided": 0}
    assert told["days_gained"] == {"median": None, "events": 0}
    assert told["budget"]["raised"] == 0


def test_the_budget_of_a_week_is_that_of_the_edition() -> None:
    client = desk()
    take_in(0, 1, 8)
    told = quality(client, **{"from": day(8).isoformat(), "to": day(0).isoformat()})
    pack = reader.applicable(disease="covid-19", on=day(0))
    assert told["budget"]["set_per_week"] == 7 * pack.number("warning.alerts_per_day")
    # 2022-11-08 is a Tuesday; the day before begins its week.
    assert told["budget"]["by_week"] == [
        {"week": "2022-10-31", "raised": 1, "set_per_week": told["budget"]["set_per_week"]},
        {"week": "2022-11-07", "raised": 2, "set_per_week": told["budget"]["set_per_week"]},
    ]
    assert told["budget"]["raised"] == told["signals"] == 3


def spent(before: int, raised: int, at: dt.datetime = b.NOW, a_week: float = 20.0) -> None:
    models.BudgetDay.objects.create(
        incident_id=b.incident().pk, date=day(before), known_at=at, alerts_a_week=a_week,
        level=1.0, left=1.0, tested=117, able=100, raised=raised, by_chance=0.5, run_id=1,
    )  # fmt: skip


def test_the_budget_of_a_week_is_what_was_set_then_as_known_at_the_moment() -> None:
    client = desk()
    take_in(0, 8)
    spent(8, 1, a_week=12.0)
    spent(0, 1, at=b.NOW - b.HOUR, a_week=15.0)
    spent(0, 2, at=b.NOW, a_week=20.0)
    asked = {"from": day(8).isoformat(), "to": day(0).isoformat()}
    told = quality(client, **asked)["budget"]
    assert [week["set_per_week"] for week in told["by_week"]] == [12.0, 20.0]
    assert told["set_per_week"] == 20.0
    early = quality(client, **asked, as_of=(b.NOW - b.HOUR / 2).isoformat())["budget"]
    assert early["set_per_week"] == 15.0
    whole = scenes.signed_in((b.PROVINCE, "epidemiologist"), name="province")
    assert [week["raised"] for week in quality(whole, **asked)["budget"]["together"]] == [1, 2]


def test_a_run_at_an_old_moment_leaves_what_later_ones_decided() -> None:
    desk()
    params = Budget(alerts_a_week=2.0)

    def keep(level: float, at: dt.datetime) -> None:
        decided = SpentDay(2.0, level, 3, 3, 0.1, (), {})
        signals.keep_budget(decided, params, day=day(1), run_id=1, as_of=at)

    def level(at: dt.datetime) -> float | None:
        return signals.budget_before(day(0), as_of=at, a_week=2.0).level

    keep(1.0, b.NOW - b.DAY)
    first = level(b.NOW - b.DAY)
    keep(3.0, b.NOW)
    later = level(b.NOW)
    assert level(b.NOW - b.DAY) == first != later
    keep(2.0, b.NOW - b.DAY)
    assert level(b.NOW) == later
    assert level(b.NOW - 2 * b.DAY) is None


def test_the_budget_of_streams_judged_together_is_told_by_week_and_for_the_whole_area() -> None:
    client = desk()
    for before, raised in ((0, 1), (1, 2), (2, 4)):
        spent(before, raised)
    assert quality(client)["budget"]["together"] is None
    whole = scenes.signed_in((b.PROVINCE, "epidemiologist"), name="province")
    assert quality(whole)["budget"]["together"] == [
        {"week": "2022-10-31", "set_per_week": 20.0, "raised": 4, "by_chance": 0.5},
        {"week": "2022-11-07", "set_per_week": 20.0, "raised": 3, "by_chance": 1.0},
    ]
    early = quality(whole, as_of=(b.NOW - b.HOUR).isoformat())
    assert early["budget"]["together"] == []


def test_signals_are_told_by_what_became_of_them_and_who_handled_them() -> None:
    client = desk()
    take_in(0, 1, 2, 3, 4)
    settle(0, EVENT, "甲")
    settle(1, FALSE, "甲")
    settle(2, FALSE, "乙")
    settle(3, EVENT[:1], "乙")
    told = quality(client)
    assert told["ppv"] == {"confirmed": 1, "decided": 3}
    assert told["per_analyst_day"] == 2.0


def test_said_probabilities_are_set_against_what_decided_signals_became() -> None:
    client = desk()
    take_in(0, 1, 2, 3, 4)
    for before, said in enumerate((0.9, 0.1, 0.15, 0.7)):
        signals.Signal.objects.filter(date=day(before)).update(probability=said)
    settle(0, EVENT)
    settle(1, FALSE)
    settle(2, EVENT)
    settle(4, EVENT)  # raised without a probability; that of day 3 is still open
    assert quality(client)["calibration"] == [
        {"said": pytest.approx(0.125), "real": 0.5, "tests": 2},
        {"said": 0.9, "real": 1.0, "tests": 1},
    ]


@pytest.mark.parametrize(("reported", "gained"), [(-3, 3), (0, 0), (2, -2)])
def test_days_are_gained_when_the_signal_came_before_the_first_case(
    reported: int, gained: int
) -> None:
    client = desk()
    take_in(0)
    settle(0, EVENT)
    b.take_cases(b.case_row(1, reported_at=b.NOW - reported * b.DAY), at=b.NOW)
    scenes.clock_at(b.NOW + 4 * b.DAY)
    assert quality(client)["days_gained"] == {"median": gained, "events": 1}


def test_neither_a_case_nor_a_decision_of_later_counts_as_known_before() -> None:
    client = desk()
    take_in(0)
    settle(0, EVENT)
    b.take_cases(b.case_row(1, reported_at=b.NOW + 0.75 * b.HOUR), at=b.NOW + b.HOUR)
    assert quality(client)["days_gained"] == {"median": 0, "events": 1}
    before = quality(client, as_of=(b.NOW + b.HOUR / 2).isoformat())
    assert before["days_gained"] == {"median": None, "events": 0}
    assert before["ppv"] == {"confirmed": 1, "decided": 1}
    signals.Signal.objects.update(handled_at=b.NOW + b.HOUR)
    before = quality(client, as_of=(b.NOW + b.HOUR / 2).isoformat())
    assert (before["signals"], before["ppv"]["decided"], before["per_analyst_day"]) == (1, 0, None)


def test_only_ones_own_signals_and_the_days_asked_for_count() -> None:
    client = desk()
    take_in(0, 40)
    take_in(1, unit=b.OTHER_COUNTY, at=b.NOW - b.HOUR)
    assert quality(client)["signals"] == 1
    far = quality(client, **{"from": day(40).isoformat(), "to": day(40).isoformat()})
    assert (far["signals"], far["first"], far["last"]) == (1, *2 * [day(40).isoformat()])


def test_days_the_wrong_way_round_are_refused() -> None:
    asked = {"from": day(0).isoformat(), "to": day(1).isoformat()}
    answer = scenes.get(desk(), "/signals/quality", **asked)
    assert (answer.status_code, answer.json()["code"]) == (400, "signals.days")
    assert answer.json()["message"]["zh"] == "开始日期晚于结束日期，请更正。"


def test_it_costs_the_same_queries_however_many_signals_there_are() -> None:
    client = desk()
    counts = []
    for days in ((0,), (1, 2, 3, 4, 5)):
        take_in(*days)
        for before in days:
            settle(before, EVENT)
        with CaptureQueriesContext(connection) as queries:
            quality(client)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 19
