"""Tests done stand beside what they raised: counted by stream, as known then, against p-values."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.conf import settings
from django.test import Client

from tests.service import builders as b
from tests.service import frames, scenes
from zhongshu.service.periods.cycle import detect
from zhongshu.service.signals.checks import rates, testlog

pytestmark = pytest.mark.django_db
TODAY = frames.TODAY
YESTERDAY = TODAY - b.DAY


def run(as_of: dt.datetime = b.NOW, number: int = 1) -> None:
    detect.run(frames.frame(Path(settings.ZHONGSHU_LAKE).parent, as_of=as_of, run_id=number))


def quality(unit: str = b.PROVINCE, **asked: Any) -> dict[str, Any]:
    scenes.clock_at(b.NOW + b.HOUR)
    client: Client = scenes.signed_in((unit, "epidemiologist"), name=f"reader {unit} {asked}")
    answer = scenes.get(client, "/signals/quality", **asked)
    assert answer.status_code == 200, answer.content
    told: dict[str, Any] = answer.json()
    return told


def test_a_run_logs_what_it_tested_what_it_raised_and_what_it_could_not_test() -> None:
    b.headquarters()
    frames.daily(count=lambda day: 5 if day < TODAY else 20)
    frames.daily(county=b.OTHER_COUNTY, last=YESTERDAY)
    frames.daily(stream="school_absences", first=TODAY)
    run()
    told = quality()
    by_stream = {(one["stream"], one["method"]): one for one in told["tests"]}
    fever = by_stream["fever_clinic", "C2"]
    assert (fever["tested"], fever["raised"], fever["untested"]) == (3, 1, {"no_report": 1})
    absences = by_stream["school_absences", ""]
    assert (absences["tested"], absences["untested"]) == (0, {"short_baseline": 1, "no_report": 1})
    assert told["tests_done"] == 3


def test_a_later_run_of_a_day_takes_the_place_of_the_one_before_and_both_can_be_seen() -> None:
    b.headquarters()
    frames.daily(last=YESTERDAY)
    run()
    noon = b.NOW + b.DAY
    frames.daily(first=TODAY, last=TODAY + b.DAY)
    run(noon, 2)
    scenes.clock_at(noon)
    rows = {"first": YESTERDAY, "last": TODAY}
    before = testlog.listed(as_of=b.NOW, **rows)
    after = testlog.listed(as_of=noon, **rows)
    assert [(one.date, one.tested) for one in before] == [(YESTERDAY, 1), (TODAY, 0)]
    assert [(one.date, one.tested) for one in after] == [(YESTERDAY, 1), (TODAY, 1)]


def test_the_same_run_again_logs_nothing_twice() -> None:
    b.headquarters()
    frames.daily()
    run()
    rows = list(testlog.TestsDone.objects.values("date", "stream", "tested", "raised"))
    run()
    assert list(testlog.TestsDone.objects.values("date", "stream", "tested", "raised")) == rows


def test_tests_are_not_told_for_less_than_the_area_they_were_logged_for() -> None:
    b.headquarters()
    frames.daily()
    run()
    told = quality(b.CITY)
    assert (told["tests"], told["tests_done"], told["error_rates"]) == (None, None, None)


def test_said_p_values_are_set_against_the_share_of_tests_below_them() -> None:
    b.headquarters()
    run_of = {"date": TODAY, "method": "C2", "raised": 0, "untested": {}, "run_id": 1}
    incident = {"incident_id": b.incident().pk, "known_at": b.NOW}
    many = {"0.001": 1, "0.01": 10, "0.05": 40, "0.1": 90}
    few = {"0.001": 0, "0.01": 0, "0.05": 10, "0.1": 20}
    testlog.TestsDone.objects.bulk_create(
        [
            testlog.TestsDone(stream="a", tested=900, below=many, **run_of, **incident),
            testlog.TestsDone(stream="b", tested=100, below=few, **run_of, **incident),
            testlog.TestsDone(
                stream="c", tested=50, below={}, **run_of, **incident
            ),  # a method without p
        ]
    )
    told = quality()
    assert told["tests_done"] == 1050
    assert [(one["said"], one["real"], one["tests"]) for one in told["error_rates"]] == [
        (0.001, 0.001, 1000), (0.01, 0.01, 1000), (0.05, 0.05, 1000), (0.1, 0.11, 1000),
    ]  # fmt: skip


def test_the_interval_of_a_share_covers_it_nearly_as_often_as_it_says() -> None:
    """Wilson's, checked against every outcome of ten trials: no other has its coverage."""
    n, covered = 10, []
    for truth in (0.1, 0.3, 0.5, 0.8, 0.95):
        chance = np.array([_binomial(n, k, truth) for k in range(n + 1)])
        inside = [
            interval[0] <= truth <= interval[1]
            for k in range(n + 1)
            if (interval := rates.Share(k, n).interval)
        ]
        covered.append(float(chance[inside].sum()))
    assert min(covered) > 0.88
    assert 0.93 < float(np.mean(covered)) < 0.98
    # scipy's, to the last digits
    from scipy.stats import binomtest  # noqa: PLC0415

    theirs = binomtest(7, 10).proportion_ci(method="wilson")
    assert rates.Share(7, 10).interval == pytest.approx((theirs.low, theirs.high), abs=1e-12)
    assert (rates.Share(0, 0).interval, rates.Share(0, 0).value) == (None, None)


def _binomial(n: int, k: int, p: float) -> float:
    from scipy.stats import binom  # noqa: PLC0415

    return float(binom.pmf(k, n, p))


def test_probabilities_are_set_against_what_became_of_the_signals() -> None:
    told = [(0.1, False), (0.15, False), (0.19, True), (0.9, True), (1.0, True)]
    low, high = rates.calibration(told)
    assert (low.said, low.real, low.tests) == (pytest.approx(0.44 / 3), pytest.approx(1 / 3), 3)
    assert (high.said, high.real, high.tests) == (pytest.approx(0.95), 1.0, 2)
    assert rates.calibration([]) == []
