"""`zhongshu warn`, `rt` and `forecast` on the headquarters' own data: read, never written."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.conf import settings
from typer.testing import CliRunner

from tests.service import builders as b
from tests.service import frames
from zhongshu.cli.main import _app
from zhongshu.engines.warning.joint import calibrate
from zhongshu.engines.warning.whole import Rules
from zhongshu.kernel.errors import NotFound, Refused
from zhongshu.kernel.time import start_of_day
from zhongshu.rules import reader
from zhongshu.service.periods.cycle import rulebook
from zhongshu.service.signals import facade as signals

pytestmark = pytest.mark.django_db
HIGH = 60


class Here:
    def __init__(self) -> None:
        self.lake_root = Path(settings.ZHONGSHU_LAKE)

    def open(self) -> None:
        pass

    def wall(self) -> dt.datetime:
        return b.NOW


def ask(*words: object) -> str:
    answer = CliRunner().invoke(_app, list(map(str, words)), obj=Here(), env={"COLUMNS": "200"})
    if answer.exception is not None and not isinstance(answer.exception, SystemExit):
        raise answer.exception
    assert answer.exit_code == 0, answer.output
    return " ".join(answer.output.split())


def read(*words: object) -> Any:
    return json.loads(ask(*words, "--json"))


@pytest.fixture
def counts() -> None:
    """A county with a high last day, and its zone with a usual one; synthetic."""
    b.headquarters()
    frames.daily(
        count=lambda day: HIGH if day == frames.TODAY else 4 + day.day % 3, sites=("A", "B")
    )
    frames.daily(county=b.ZONE, count=lambda day: 5 + day.day % 3, sites=("A",))


@pytest.mark.usefixtures("counts")
def test_the_own_counts_are_tested_and_nothing_is_written() -> None:
    told = read("warn", "run")
    (row,) = told["raised"]
    assert (row["unit"], row["stream"], row["observed"]) == (b.COUNTY, "fever_clinic", 2 * HIGH)
    assert (row["name"], row["date"], told["tested"]) == ("小店区", str(frames.TODAY), 2)
    assert not signals.Signal.objects.exists()
    assert told["methods"][0]["why"] == "short_history"
    said = ask("warn", "run")
    assert "小店区" in said
    assert "2 series judged by EARS C2: they have at most 36 days, a better method needs" in said
    published = read("warn", "run", "--method", "ears_c1")
    assert [one["unit"] for one in published["raised"]] == [b.COUNTY]


@pytest.mark.usefixtures("counts")
def test_what_was_not_known_yet_is_not_seen() -> None:
    before = start_of_day(frames.TODAY).isoformat()
    told = read("warn", "run", "--as-of", before)
    assert told["on"] == str(frames.TODAY - b.DAY)
    assert told["raised"] == []


@pytest.mark.usefixtures("counts")
def test_one_test_is_told_in_sentences_with_its_neighbours() -> None:
    told = ask("warn", "explain", b.COUNTY, "fever_clinic", frames.TODAY)
    assert (
        f"小店区, fever_clinic, {frames.TODAY}: {2 * HIGH} counted; it is raised by EARS C2" in told
    )
    assert "The daily run raises it, grade red" in told
    assert "1 series judged by EARS C2" in told
    assert "It is held against 7 reports" in told
    assert "Its neighbours in fever_clinic: 太原示范区" in told


def long_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three streams of three counties over a history that short settings take for long; the county
    ends with ten high days.  Synthetic."""
    monkeypatch.setattr(rulebook, "warning", _short_rules(rulebook.warning))
    b.headquarters()
    chance = np.random.default_rng(5)
    for county in (b.COUNTY, b.ZONE, b.OTHER_COUNTY):
        for stream in ("fever_clinic", "pharmacy_sales"):
            drawn = chance.poisson(30, 500)
            if county == b.COUNTY:
                drawn[-10:] += 25
            first = frames.TODAY - 499 * b.DAY
            by_day = {first + n * b.DAY: int(count) for n, count in enumerate(drawn)}
            frames.daily(
                county=county, stream=stream, sites=("A",), first=first, count=by_day.__getitem__
            )


def _short_rules(usual: Callable[..., Rules]) -> Callable[..., Rules]:
    def short(*packs: Any) -> Rules:
        rules = usual(*packs)
        model = dataclasses.replace(rules.daily.model, needed=100, left_out=7)
        calibration = calibrate.Calibration(least=60, gap_days=7)
        streams = dataclasses.replace(rules.daily.streams, calibration=calibration)
        daily = dataclasses.replace(
            rules.daily, model=model, history_days=120, learn_days=60, streams=streams
        )
        return dataclasses.replace(rules, daily=daily)

    return short


def test_long_histories_are_judged_together_as_the_daily_run_does(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    long_counts(monkeypatch)
    told = read("warn", "run", "--budget", "1")
    assert told["alerts_a_week"] == 1
    (row,) = told["raised"]
    assert (row["unit"], row["stream"], row["method"]) == (b.COUNTY, "joint", "joint")
    assert 0 < row["p"] < 0.02
    assert 0 < row["probability"] < 1
    assert "6 series judged by all streams together, 1 alerts a week" in ask(
        "warn", "run", "--budget", "1"
    )
    said = ask("warn", "explain", b.COUNTY, "fever_clinic", frames.TODAY)
    assert "The daily run raises all its streams together" in said
    assert "Scores of its neighbours: " in said


@pytest.mark.usefixtures("counts")
def test_a_replay_with_what_was_known_each_evening() -> None:
    asked = ("warn", "backtest", "--stream", "fever_clinic", "--from", frames.TODAY - 5 * b.DAY)
    assert [one["date"] for one in read(*asked, "--known")["alarms"]] == [str(frames.TODAY)]
    # reports that come the next day are not known on the evening of their own
    frames.daily(county=b.OTHER_COUNTY, count=lambda _: 5, after=b.HOUR * 30)
    known, final = (read(*asked, *more)["tests"] for more in (("--known",), ()))
    assert final - known == 5  # the last has not come by the evening asked either


@pytest.mark.usefixtures("counts")
def test_unknown_streams_are_refused_with_those_there_are() -> None:
    with pytest.raises(NotFound, match="there are fever_clinic"):
        ask("warn", "backtest", "--stream", "sewage")


def test_without_a_report_there_is_nothing_to_test() -> None:
    b.headquarters()
    with pytest.raises(NotFound, match="No site has reported"):
        ask("warn", "run")


def cases(number: int, days: int) -> None:
    """So many cases each day up to yesterday, with onset two days before; synthetic."""
    rows = []
    for n in range(number * days):
        moment = b.NOW - (n // number + 1) * b.DAY
        onset = (moment - 2 * b.DAY).date()
        rows.append(
            b.case_row(100 + n, confirmed_at=moment, sampled_at=moment - b.HOUR, onset_date=onset,
                       reported_at=moment)
        )  # fmt: skip
    b.take_cases(*rows)


def test_r_of_the_register_takes_the_packs_serial_interval() -> None:
    b.headquarters()
    cases(3, 12)
    (told,) = read("rt")
    pack = reader.load("cn-covid-9")
    assert told["serial_interval"]["mean"] == pack.number("estimate.serial_interval_mean")
    last = told["windows"][-1]
    assert (last["date"], last["cases"]) == (str(frames.TODAY - b.DAY), 21)
    assert last["q025"] < last["median"] < last["q975"]
    with pytest.raises(Refused, match="a forecast needs 12"):
        ask("forecast")


def test_r_by_onset_nowcasts_the_last_days() -> None:
    b.headquarters()
    cases(3, 24)
    (told,) = read("rt", "--by-onset", "--max-delay", "7")
    assert told["windows"][-1]["date"] == str(frames.TODAY)
    assert told["windows"][-1]["nowcast"]
