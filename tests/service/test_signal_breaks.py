"""A stream that counts something else from a day on: marked, honoured, and taken back."""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.service import builders as b
from tests.service import frames, scenes
from zhongshu.engines.warning.model import SERIES
from zhongshu.service.audit import facade as audit
from zhongshu.service.periods.cycle import detect
from zhongshu.service.signals import facade as signals

pytestmark = pytest.mark.django_db
HERE, SALES = (b.COUNTY, "fever_clinic"), (b.COUNTY, "pharmacy_sales")
THERE = (b.OTHER_COUNTY, "fever_clinic")
TODAY = frames.TODAY
WEEK_AGO = TODAY - 7 * b.DAY


def desk(role: str = "epidemiologist", unit: str = b.CITY) -> Client:
    b.headquarters()
    scenes.clock_at(b.NOW + b.HOUR)
    return scenes.signed_in((unit, role), name=f"{role} of {unit}")


def mark(client: Client, **given: Any) -> Any:
    body = {"unit": b.COUNTY, "stream": "fever_clinic", "day": str(WEEK_AGO), "reason": "新增门诊"}
    body |= given
    return scenes.post(
        client, "/signals/breaks", body, key=hashlib.sha256(repr(body).encode()).hexdigest()
    )


def remove(client: Client, number: int, reason: str = "标错了", key: str = "r") -> Any:
    return scenes.post(client, f"/signals/breaks/{number}/remove", {"reason": reason}, key=key)


def listed(client: Client, **asked: Any) -> list[dict[str, Any]]:
    answer = scenes.get(client, "/signals/breaks", **asked)
    assert answer.status_code == 200, answer.content
    rows: list[dict[str, Any]] = answer.json()["items"]
    return rows


def test_a_break_is_marked_with_a_reason_listed_and_on_the_record() -> None:
    client = desk()
    made = mark(client).json()
    assert (made["unit"]["code"], made["stream"], made["day"]) == (
        b.COUNTY, "fever_clinic", str(WEEK_AGO),
    )  # fmt: skip
    assert made["by"] == "epidemiologist of 140100000000"
    assert listed(client) == [made]
    (entry,) = audit.entries(scope=None).filter(object=f"break:{made['id']}")
    assert (entry.action, entry.facts["reason"]) == ("signal.break_mark", "新增门诊")


def test_the_same_request_again_marks_it_once() -> None:
    client = desk()
    assert mark(client).json() == mark(client).json()
    assert len(listed(client)) == 1


@pytest.mark.parametrize(
    ("given", "code", "zh"),
    [
        ({"reason": " "}, "signals.reason", "此操作须写明理由。"),
        (
            {"day": str(TODAY + b.DAY)},
            "signals.break_day",
            "变更日期尚未到来，请在当日或之后标记。",
        ),
        ({"stream": "fevr"}, "signals.stream_unknown", "没有名为 fevr 的来源。"),
        ({"unit": b.TOWNSHIP}, "signals.break_unit", "监测按县汇总，请选择县级或以上单位。"),
        ({"unit": b.OTHER_COUNTY}, "units.unknown", None),
    ],
)
def test_what_cannot_be_a_break_is_refused(given: dict[str, str], code: str, zh: str) -> None:
    answer = mark(desk(), **given)
    assert answer.status_code in (400, 404)
    assert answer.json()["code"] == code
    assert zh is None or answer.json()["message"]["zh"] == zh
    assert not signals.Break.objects.exists()


def test_the_same_break_twice_is_refused() -> None:
    client = desk()
    mark(client)
    again = mark(client, reason="又一次")
    assert (again.status_code, again.json()["code"]) == (409, "signals.break_twice")


def test_a_break_taken_back_stays_on_the_record_and_is_seen_as_known_before() -> None:
    client = desk()
    made = mark(client).json()
    scenes.clock_at(b.NOW + 3 * b.HOUR)
    assert remove(client, made["id"], reason="").json()["code"] == "signals.reason"
    gone = remove(client, made["id"], key="s").json()
    assert gone["removed_reason"] == "标错了"
    assert listed(client) == []
    assert [one["id"] for one in listed(client, removed=True)] == [made["id"]]
    before = (b.NOW + 2 * b.HOUR).isoformat()
    assert [one["id"] for one in listed(client, as_of=before)] == [made["id"]]
    assert remove(client, made["id"], key="t").json()["code"] == "signals.break_removed"
    assert mark(client, reason="这次是真的").status_code == 200  # the place is free again


def test_the_list_costs_the_same_queries_however_long_it_is() -> None:
    client = desk()
    counts = []
    for days in (range(1, 2), range(2, 7)):
        for n in days:
            mark(client, day=str(WEEK_AGO - n * b.DAY))
        with CaptureQueriesContext(connection) as queries:
            listed(client)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 9


def marked(unit: str, stream: str, day: dt.date) -> None:
    signals.mark_break(
        unit=unit, stream=stream, day=day, reason="x", scope=b.scope(), actor=b.actor(), now=b.NOW
    )


def series(*keys: tuple[str, str]) -> pa.Table:
    days = [TODAY - n * b.DAY for n in range(9)]
    rows = [
        {"unit": unit, "stream": stream, "date": day, "count": None if n == 1 else n}
        for unit, stream in keys
        for n, day in enumerate(days)
    ]
    return pa.Table.from_pylist(rows, schema=SERIES)


@pytest.mark.parametrize(
    ("unit", "stream", "cut"),
    [
        (b.COUNTY, "fever_clinic", {HERE}),
        (b.COUNTY, "", {HERE, SALES}),
        (b.CITY, "fever_clinic", {HERE}),
        (
            b.PROVINCE,
            "fever_clinic",
            {HERE, THERE},
        ),
    ],
)
def test_a_break_holds_for_the_counties_and_streams_it_names(
    unit: str, stream: str, cut: set[tuple[str, str]]
) -> None:
    b.headquarters()
    marked(unit, stream, TODAY - 2 * b.DAY)
    keys = [
        (b.COUNTY, "fever_clinic"),
        (b.COUNTY, "pharmacy_sales"),
        (b.OTHER_COUNTY, "fever_clinic"),
    ]
    given = series(*keys)
    kept = signals.breaks_in_force(b.NOW).kept(given, on=TODAY, path_of=b.path)
    assert kept.schema == SERIES
    left = dict.fromkeys(keys, 0)
    for row in kept.to_pylist():
        left[row["unit"], row["stream"]] += 1
    assert left == {key: 3 if key in cut else 9 for key in keys}


def test_the_last_break_up_to_the_day_counts_and_one_after_it_does_not() -> None:
    b.headquarters()
    for back in (5, 3, 0):
        marked(b.COUNTY, "fever_clinic", TODAY - back * b.DAY)
    found = signals.breaks_in_force(b.NOW)
    keys = [HERE]
    for on, begun in ((TODAY, TODAY), (TODAY - b.DAY, TODAY - 3 * b.DAY)):
        assert found.latest(keys, on=on, path_of=b.path) == {keys[0]: begun}
    assert found.latest(keys, on=TODAY - 6 * b.DAY, path_of=b.path) == {}
    given = series(*keys)
    assert found.kept(given, on=TODAY - 6 * b.DAY, path_of=b.path) is given


def test_a_run_after_a_break_judges_no_day_by_what_was_counted_before_it() -> None:
    """A clinic more doubles the visits: a signal without a break, and none with one."""
    b.headquarters()
    frames.daily(count=lambda day: 5 if day < TODAY - b.DAY else 15)
    frame = frames.frame(Path(settings.ZHONGSHU_LAKE).parent)
    assert signals_of(frame) == {TODAY, TODAY - b.DAY}
    marked(b.COUNTY, "fever_clinic", TODAY - b.DAY)
    assert signals_of(frame) == set()
    assert signals_of(frame, on=TODAY - 2 * b.DAY) == set()


def test_a_break_that_begins_today_leaves_yesterday_as_it_was_judged() -> None:
    """What was counted before it says nothing about today, and all about yesterday."""
    b.headquarters()
    frames.daily(count=lambda day: 5 if day < TODAY - b.DAY else 15)
    marked(b.COUNTY, "fever_clinic", TODAY)
    detect.run(frames.frame(Path(settings.ZHONGSHU_LAKE).parent))
    assert set(signals.Signal.objects.values_list("date", flat=True)) == {TODAY - b.DAY}


def signals_of(frame: Any, *, on: dt.date | None = None) -> set[dt.date]:
    day = detect.detector(frame)
    rows = detect.series_of(frame)
    asked = [on] if on else [TODAY, TODAY - b.DAY]
    return {row["date"] for one in asked for row in day(rows, one).signals.to_pylist()}
