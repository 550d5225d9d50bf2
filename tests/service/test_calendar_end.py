"""The day judged may lie past the last day off that is entered: the run and the command say so."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from tests.service import builders as b
from tests.service import frames
from tests.service.test_warn_cli import ask, read
from zhongshu.rules import reader
from zhongshu.rules.clocks import is_working_day
from zhongshu.service.periods.cycle import detect, rulebook

pytestmark = pytest.mark.django_db
PACK = "multi-source-warning"
SAID = "Days off are entered up to 2021-12-31 only"


def ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if nobody had entered the days off of 2022."""
    whole = rulebook.calendar_ends

    def earlier(signals: Any) -> dt.date:
        return whole(signals).replace(year=2021)

    monkeypatch.setattr(rulebook, "calendar_ends", earlier)


def run() -> dict[str, Any]:
    b.headquarters()
    frames.daily(count=lambda day: 5)
    summary = detect.run(frames.frame(Path(settings.ZHONGSHU_LAKE).parent)).summary
    return dict(summary)


def test_the_run_says_nothing_while_the_calendar_reaches() -> None:
    assert "calendar" not in run()
    assert read("warn", "run")["remarks"] == []


def test_the_run_and_the_command_say_where_the_calendar_ends(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ended(monkeypatch)
    said = run()["calendar"]
    assert said["en"].startswith(SAID)
    assert "2021-12-31" in said["zh"]
    assert SAID in ask("warn", "run")
    assert read("warn", "run")["remarks"] == [said["en"]]


def test_the_calendar_ends_with_the_last_year_entered() -> None:
    pack = reader.load(PACK)
    last = max(map(dt.date.fromisoformat, pack.value("calendar.holidays")))
    assert last == dt.date(2026, 10, 7)
    assert rulebook.calendar_ends(pack) == dt.date(2026, 12, 31)


@pytest.mark.parametrize(
    ("first", "last", "worked"),
    [
        ("2026-01-01", "2026-01-03", ["2026-01-04"]),
        ("2026-02-15", "2026-02-23", ["2026-02-14", "2026-02-28"]),
        ("2026-04-04", "2026-04-06", []),
        ("2026-05-01", "2026-05-05", ["2026-05-09"]),
        ("2026-06-19", "2026-06-21", []),
        ("2026-09-25", "2026-09-27", []),
        ("2026-10-01", "2026-10-07", ["2026-09-20", "2026-10-10"]),
    ],
)
def test_the_days_off_of_2026(first: str, last: str, worked: list[str]) -> None:
    pack = reader.load(PACK)
    day, end = dt.date.fromisoformat(first), dt.date.fromisoformat(last)
    while day <= end:
        assert not is_working_day(day, pack=pack)
        day += b.DAY
    assert all(is_working_day(dt.date.fromisoformat(one), pack=pack) for one in worked)
    assert pack.figure("calendar.holidays").mark == "R"
