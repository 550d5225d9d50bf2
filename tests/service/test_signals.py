"""The life of a signal from being raised to an event or a false alarm."""

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
from zhongshu.kernel.errors import BadInput, WrongState
from zhongshu.rules import states
from zhongshu.service.audit import facade as audit
from zhongshu.service.signals import facade as signals

pytestmark = pytest.mark.django_db
LIFE: tuple[tuple[str, dict[str, str]], ...] = (
    ("take", {}),
    ("verify", {}),
    ("check", {"reason": "现场核查属实"}),
    ("assess", {"reason": "有扩散可能", "risk": "high"}),
    ("declare_event", {}),
)


def desk() -> Client:
    b.headquarters()
    scenes.clock_at(b.NOW + b.HOUR)
    return scenes.signed_in((b.CITY, "epidemiologist"))


def raise_many(count: int, unit: str = b.COUNTY) -> list[int]:
    """Signals of so many days up to today; their numbers, newest first."""
    days = [b.NOW.date() - n * b.DAY for n in range(count)]
    table = pa.concat_tables([b.signal_table(unit, date=day) for day in days])
    signals.upsert(table=table, run_id=1, as_of=b.NOW)
    rows = signals.Signal.objects.filter(unit_id=unit, date__in=days).order_by("-date")
    return list(rows.values_list("pk", flat=True))


def do(client: Client, number: int, action: str, **body: str) -> Any:
    return scenes.post(client, f"/signals/{number}/{action}", body, key=f"{number}{action}{body}")


def test_a_signal_goes_through_its_life_and_says_what_was_found() -> None:
    client = desk()
    (number,) = raise_many(1)
    for action, body in LIFE:
        answer = do(client, number, action, **body)
        assert answer.status_code == 200, answer.content
    told = scenes.get(client, f"/signals/{number}").json()
    assert (told["state"], told["risk"], told["risk_note"]) == ("event", "high", "有扩散可能")
    assert told["check_note"] == "现场核查属实"
    assert all(told[name] for name in ("verified_at", "checked_at", "assessed_at"))
    acts = audit.entries(scope=None).filter(object=f"signal:{number}").order_by("seq")
    assert [one.action for one in acts] == [f"signal.{action}" for action, _ in LIFE]


@pytest.mark.parametrize("steps", range(1, len(LIFE)))
def test_no_step_of_the_life_can_be_left_out(steps: int) -> None:
    client = desk()
    (number,) = raise_many(1)
    for action, body in LIFE[: steps - 1]:
        do(client, number, action, **body)
    action, body = LIFE[steps]
    answer = do(client, number, action, **body)
    assert (answer.status_code, answer.json()["code"]) == (409, "signal.wrong_state")
    assert answer.json()["message"]["zh"] == "该信号当前状态不允许此操作。"


@pytest.mark.parametrize("state", signals.OPEN)
def test_whatever_is_open_can_be_dismissed_and_begins_anew_when_reopened(state: str) -> None:
    client = desk()
    (number,) = raise_many(1)
    for action, body in LIFE[: signals.OPEN.index(state)]:
        do(client, number, action, **body)
    assert scenes.get(client, f"/signals/{number}").json()["state"] == state
    assert do(client, number, "dismiss", reason="设备故障").json()["state"] == "false_alarm"
    again = do(client, number, "reopen", reason="又有新报告").json()
    assert again["state"] == "raised"
    left = ("verified_at", "checked_at", "assessed_at", "risk")
    assert [again[name] for name in left] == [None] * len(left)
    assert again["check_note"] == again["risk_note"] == ""


@pytest.mark.parametrize("state", states.TABLES["signal"])
def test_open_is_what_can_still_be_dismissed(state: str) -> None:
    assert (state in signals.OPEN) == (state not in ("event", "false_alarm"))


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"action": "dismiss"}, "signals.reason"),
        ({"action": "check", "reason": " "}, "signals.reason"),
        ({"action": "assess", "risk": "low"}, "signals.reason"),
        ({"action": "assess", "reason": "x"}, "signals.risk"),
        ({"action": "assess", "reason": "x", "risk": "huge"}, "signals.risk"),
        ({"action": "verify", "risk": "low"}, "signals.risk"),
    ],
)
def test_what_has_to_be_said_has_to_be_said(given: dict[str, str], code: str) -> None:
    with pytest.raises(BadInput) as refused:
        signals.Act(**given)
    assert refused.value.code == code


def triage(client: Client, key: str = "t", **body: Any) -> Any:
    return scenes.post(client, "/signals/triage", body, key=key)


def test_many_are_moved_on_at_once_and_each_refusal_is_told() -> None:
    client = desk()
    first, second, third = raise_many(3)
    (foreign,) = raise_many(1, b.OTHER_COUNTY)
    do(client, second, "take")
    asked: dict[str, Any] = {"ids": [first, second, foreign, third, first], "action": "take"}
    told = triage(client, **asked).json()
    assert told["done"] == [first, third]
    assert [(one["id"], one["code"]) for one in told["refused"]] == [
        (second, "signal.wrong_state"),
        (foreign, "signals.unknown"),
    ]
    assert all(one["sentence"]["zh"] for one in told["refused"])
    state = signals.Signal.objects.in_bulk([first, second, third, foreign])
    assert {one.pk: one.state for one in state.values()} == {
        first: "taken", second: "taken", third: "taken", foreign: "raised",
    }  # fmt: skip
    assert triage(client, **asked).json() == told  # the same key: not done again


def test_a_triage_that_says_too_little_moves_nothing() -> None:
    client = desk()
    numbers = raise_many(2)
    answer = triage(client, ids=numbers, action="dismiss")
    assert (answer.status_code, answer.json()["code"]) == (400, "signals.reason")
    assert triage(client, "u", ids=list(range(201)), action="take").status_code == 400
    assert set(signals.Signal.objects.values_list("state", flat=True)) == {"raised"}


def test_a_triage_costs_the_same_queries_however_many_are_moved() -> None:
    client = desk()
    numbers = raise_many(9)
    counts = []
    for key, some in (("a", numbers[:2]), ("b", numbers[2:])):
        with CaptureQueriesContext(connection) as queries:
            told = triage(client, key, ids=some, action="take").json()
        assert told["done"] == some
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 42


def test_moving_many_is_what_moving_each_would_be() -> None:
    b.headquarters()
    numbers = raise_many(4)
    given: dict[str, Any] = {"scope": b.scope(), "actor": b.actor()}
    signals.handle(signal_id=numbers[0], act=signals.Act("take"), now=b.NOW, **given)
    act, later = signals.Act("verify"), b.NOW + dt.timedelta(minutes=5)
    moved = signals.triage(signal_ids=numbers, act=act, now=later, **given)
    for number in numbers:
        if number in moved.done:
            assert signals.get(number, b.scope()).verified_at == later
        else:
            with pytest.raises(WrongState):
                signals.handle(signal_id=number, act=act, now=later, **given)
    assert moved.done == (numbers[0],)
