"""The published outbreaks as benchmarks read them, and what is counted of them."""

from __future__ import annotations

import csv
import dataclasses

import numpy as np
import pytest
from benchmarks.cases import whatif_published as published
from benchmarks.cases import whatif_published_data as data
from benchmarks.cases import whatif_published_found as found
from benchmarks.cases import whatif_published_rows as rows

from zhongshu.engines.whatif.outbreak.model import DAY_H

EVERY = (data.YANGZHOU, data.XIAN, data.FUJIAN)


@pytest.mark.parametrize(("outbreak", "registered", "total"), [
    (data.YANGZHOU, 28, 570), (data.XIAN, 91, 2052), (data.FUJIAN, 74, 465),
])  # fmt: skip
def test_cases_add_up_to_what_the_towns_reported(
    outbreak: data.Outbreak, registered: int, total: int
) -> None:
    before, cases = data.daily(outbreak)
    assert len(before) == registered
    assert (before < 0).all()
    assert len(before) + cases.sum() == total


def test_each_figure_names_a_source_that_is_listed() -> None:
    def column(name: str, of: str) -> set[str]:
        with (data.DATA / name).open(encoding="utf-8", newline="") as file:
            return {row[of] for row in csv.DictReader(file)}

    used = column("cases.csv", "source") | column("rounds.csv", "source")
    assert used <= column("sources.csv", "source")


@pytest.mark.parametrize("outbreak", EVERY)
def test_rounds_follow_one_another(outbreak: data.Outbreak) -> None:
    held = data.rounds(outbreak)
    starts = [one.hour for one in held]
    assert starts == sorted(starts)
    assert min(starts) >= 0
    assert all(0 < one.coverage <= data.LARGEST_SHARE for one in held)


def test_a_round_finds_when_its_results_come() -> None:
    one = data.Held(hour=20, hours=30, coverage=0.9, positives=1.0)  # results of hours 36 to 65
    community = np.array([[1.0, 10.0, 100.0, 1000.0]])
    assert published.by_round([one], community).tolist() == [[110.0]]
    assert published.by_round([], community).shape == (1, 0)


def test_more_counts_the_register_and_nothing_is_more_than_itself() -> None:
    held, without = np.array([[1.0, 1.0, 5.0]]), np.array([[1.0, 4.0, 90.0]])
    assert published.more(held, held, 2, 3).tolist() == [0.0]
    assert published.more(without, held, 2, 2).tolist() == [pytest.approx(7 / 4 - 1)]


def test_an_outbreak_ends_with_its_last_case() -> None:
    detected = np.array([[3.0, 0.0, 1.0, 0.0], [0.0, 0.0, 0.0, 0.0]])
    assert rows.ends(detected, 5).tolist() == [8.0, 5.0]


def test_without_rounds_all_is_the_same_until_the_first_result() -> None:
    outbreak = dataclasses.replace(data.YANGZHOU, cut=150)
    simulator = published.Simulator(outbreak, published.Assumed(), 12)
    fitted = np.array([0.9, 0.4, 0.6, 0.6])
    both = [published.option("held", outbreak, fitted, simulator.assumed),
            published.option("none", outbreak, fitted, simulator.assumed, [])]  # fmt: skip
    answer = simulator.answers(fitted, both, days=12, runs=4, seed=1)
    first = (data.rounds(outbreak)[0].hour + int(2 * published.LAB_H)) // DAY_H
    for measure in ("detected", "infections"):
        held, none = answer.of("held", measure), answer.of("none", measure)
        assert (held[:, :first] == none[:, :first]).all()
    assert answer.of("held", "tests").sum() > answer.of("none", "tests").sum()
    assert answer.of("held", "infections").sum() < answer.of("none", "infections").sum()


def test_what_was_fitted_is_met_again() -> None:
    outbreak = dataclasses.replace(data.YANGZHOU, cut=150)
    simulator = published.Simulator(outbreak, published.Assumed(positives=False), 6)
    fitted = np.array([[0.9, 0.4, 0.6, 0.6]])
    once, again = (simulator.simulate(fitted, seeds=np.array([seed])) for seed in (1, 2))
    assert once.tolist() == again.tolist()
    assert once.shape == (1, len(simulator.wanted()))


@pytest.mark.parametrize("gap_d", found.GAPS.values())
def test_routine_tests_leave_no_hour_out(gap_d: float) -> None:
    series = found.routine("any", gap_d).rounds
    ends = [one.start_hour + one.hours for one in series]
    assert [one.start_hour for one in series] == [0, *ends[:-1]]
    assert ends[-1] >= found.DAYS * DAY_H
    assert {one.hours for one in series} == {int(gap_d * DAY_H)}
