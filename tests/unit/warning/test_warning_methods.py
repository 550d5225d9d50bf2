"""The detectors by name: what each needs, and what a short series is told."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from zhongshu.engines.warning import methods
from zhongshu.engines.warning.methods import Step
from zhongshu.engines.warning.published import glr, percentile
from zhongshu.engines.warning.published.cusum import Cusum
from zhongshu.engines.warning.published.ears_plain import Plain
from zhongshu.engines.warning.published.glr import Change, Glr
from zhongshu.engines.warning.published.incontrol import Waves
from zhongshu.engines.warning.published.percentile import Percentile
from zhongshu.engines.warning.published.references import Around
from zhongshu.kernel.errors import BadInput

OFFERED = [
    (code, step) for code, step in itertools.product(methods.WAYS, Step)
    if step in methods.WAYS[code].usual
]  # fmt: skip


def steady(length: int, mean: float = 9.0, *, rows: int = 2) -> np.ndarray:
    return np.random.default_rng(4).poisson(mean, (rows, length)).astype(float)


@pytest.mark.parametrize(("code", "step"), OFFERED)
def test_a_method_works_from_just_what_it_says_it_needs(code: str, step: Step) -> None:
    needs = methods.WAYS[code].needs(step)
    counts = steady(needs)
    found = methods.ask(code, counts, np.array([needs - 1]), step=step)
    assert not np.isnan(found.upper).any()
    assert not np.isnan(found.statistic).any()
    with pytest.raises(BadInput) as refused:
        methods.ask(code, counts, np.array([needs - 2]), step=step)
    assert f"has {needs - 1} {step}s; {methods.WAYS[code].name} needs {needs};" in str(
        refused.value
    )
    short = methods.WAYS[code].run(counts, np.array([needs - 2]), methods.WAYS[code].usual[step])
    assert np.isnan(short.upper).all()
    assert not short.alarm.any()


@pytest.mark.parametrize(("code", "step"), OFFERED)
def test_every_method_sees_a_large_jump_and_no_alarm_where_nothing_came(
    code: str, step: Step
) -> None:
    needs = methods.WAYS[code].needs(step)
    counts = steady(needs + 2)
    counts[0, -1] = 90
    counts[1, -1] = np.nan
    found = methods.ask(code, counts, np.array([needs, needs + 1]), step=step)
    assert found.alarm[0, 1]
    assert not found.alarm[1, 1]
    assert np.isnan(found.statistic[1, 1])
    assert (counts[0, -1] > found.upper[0, 1]) or code.startswith("cusum")


@pytest.mark.parametrize(("code", "step"), OFFERED)
def test_a_series_that_is_always_zero_never_alarms(code: str, step: Step) -> None:
    needs = methods.WAYS[code].needs(step)
    found = methods.ask(code, np.zeros((1, needs + 3)), np.arange(needs, needs + 3), step=step)
    assert not found.alarm.any()


def test_a_short_series_is_told_what_is_missing_and_what_works() -> None:
    told = methods.advise(40, step=Step.WEEK, asked=["farrington"])
    assert told.sentence == (
        "The series has 40 weeks; Farrington needs 264; EARS C2 works from 10 weeks."
    )
    assert ("ears_c2", 10) in told.works
    assert ("percentile", 263) in told.short
    assert [needs for _, needs in told.works] == sorted(needs for _, needs in told.works)


def test_a_series_too_short_for_anything_is_told_where_it_begins() -> None:
    told = methods.advise(1, step=Step.DAY)
    assert told.works == ()
    assert told.sentence.startswith("The series has 1 day; EARS C1 needs 8;")
    assert told.sentence.endswith("; Bayes 1 works from 7 days.")


def test_a_long_series_is_enough() -> None:
    told = methods.advise(300, step=Step.WEEK)
    assert told.sentence == "The series has 300 weeks: enough for what was asked."
    assert told.short == ()


def test_what_does_not_exist_or_fit_is_refused() -> None:
    with pytest.raises(BadInput, match="There is no method shewhart; there are ears_c1, "):
        methods.advise(300, step=Step.WEEK, asked=["shewhart"])
    with pytest.raises(BadInput, match="Farrington does not test daily reports; sum them to weeks"):
        methods.ask("farrington", steady(300), np.array([299]), step=Step.DAY)
    with pytest.raises(BadInput, match="Ask for columns 0 to 299"):
        methods.ask("ears_c2", steady(300), np.array([300]), step=Step.WEEK)


def test_a_method_says_what_it_can_be_asked() -> None:
    assert methods.WAYS["cusum"].asks()["h"] == 2.26
    assert set(methods.WAYS["percentile"].asks()) >= {"years", "half_window", "percent"}


@pytest.mark.parametrize("wrong", [
    lambda: Plain(baseline=1), lambda: Plain(alpha=1.0), lambda: Plain(least=9),
    lambda: Cusum(h=0), lambda: Glr(threshold=0), lambda: Glr(window=0, delay=3),
    lambda: Glr(size=-0.1), lambda: Percentile(percent=0), lambda: Percentile(half_window=30),
    lambda: Around(0, 3, this_year=False), lambda: Around(1, 26, this_year=False),
    lambda: Waves(harmonics=26), lambda: Waves(alpha=-1.0),
])  # fmt: skip
def test_options_out_of_range_are_refused(wrong: object) -> None:
    with pytest.raises(BadInput):
        wrong()  # type: ignore[operator]


def test_the_moving_percentile_of_days_sums_the_last_seven() -> None:
    """Five past years of one case a day make 7 a period; two cases a day since make 14."""
    counts = np.ones((1, 5 * 365 + 40))
    counts[0, -7:] = 2
    found = percentile.percentile(
        counts, np.array([counts.shape[1] - 8, counts.shape[1] - 1]), Percentile(period=7, year=365)
    )
    assert found.statistic[0].tolist() == [7, 14]
    assert found.upper[0].tolist() == [7, 7]
    assert found.alarm[0].tolist() == [False, True]


def test_reaching_the_percentile_is_an_alarm_where_that_is_asked() -> None:
    counts, at = np.full((1, 263), 4.0), np.array([262])
    assert not percentile.percentile(counts, at).alarm.any()
    assert percentile.percentile(counts, at, Percentile(reaching=True)).alarm.all()
    few = Percentile(reaching=True, least_count=5)
    assert not percentile.percentile(counts, at, few).alarm.any()


def test_a_chart_starts_anew_after_an_alarm() -> None:
    counts = np.full((1, 12), 5.0)
    counts[0, 5:7] = 20
    level = np.full(counts.shape, 5.0)
    found = glr.glr(counts, np.arange(12), Glr(), mean=level)
    assert found.alarm[0].tolist() == [False] * 5 + [True, True] + [False] * 5
    assert found.statistic[0, 7] == 0


def test_an_epidemic_needs_a_report_before() -> None:
    counts = np.array([[4.0, 0.0, 60.0, 60.0]])
    level = np.full(counts.shape, 4.0)
    found = glr.glr(counts, np.arange(4), Glr(change=Change.EPIDEMIC), mean=level)
    assert found.alarm[0].tolist() == [False, False, False, True]
    assert found.upper[0, 2] == np.inf  # nobody was there to infect them
