"""The outbreak model with its parameters turned, as calibration and a calibrated answer use it."""

from __future__ import annotations

import dataclasses

import numpy as np
import outbreak_made as made
import pytest

from zhongshu.engines.whatif import options
from zhongshu.engines.whatif.outbreak import fitting, solve
from zhongshu.engines.whatif.outbreak.model import NEVER, Model, Start
from zhongshu.kernel import chance
from zhongshu.kernel.errors import BadInput

TOWN = made.town()
START = made.unknown([5, 700, 1400])
DAYS = 14
TRACED = options.from_dict(
    {
        "name": "traced",
        "tracing": {"depth": 1, "delay_h": 24, "recall": 0.7},
        "isolation": {"contacts": "central", "days": 7, "tests_d": [1, 3]},
    }
)


def simulated(turns: np.ndarray | None, runs: int = 4, seed: int = 3) -> np.ndarray:  # type: ignore[type-arg]
    answer = solve.simulate(
        TOWN, START, [options.BASELINE, TRACED], model=Model(), days=DAYS, runs=runs, seed=seed,
        turns=turns,
    )  # fmt: skip
    return answer.runs


def test_parameters_turned_to_those_of_the_model_change_no_bit() -> None:
    same = np.tile([1.0, Model().care.seeking], (4, 1))
    np.testing.assert_array_equal(simulated(None), simulated(same))


def test_each_run_has_its_own_parameters_the_same_for_every_option() -> None:
    seeking = Model().care.seeking
    mixed = simulated(np.array([[1.0, seeking], [0.0, seeking], [1.0, seeking], [1.0, seeking]]))
    plain = simulated(None)
    np.testing.assert_array_equal(mixed[:, [0, 2, 3]], plain[:, [0, 2, 3]])
    assert mixed[:, 1, :, 0].sum() == 0
    assert plain[:, 1, :, 0].sum() > 0


def test_the_simulator_finds_the_cases_the_model_finds() -> None:
    cases = fitting.PersonCases(TOWN, START, TRACED, Model(), DAYS, most=1e6)
    rows = np.array([[1.0, 0.85], [1.6, 0.6]])
    told = cases.simulate(rows, seeds=np.array([11, 12]))
    for at, seed in enumerate((11, 12)):
        answer = solve.simulate(
            TOWN, START, [TRACED], model=Model(), days=DAYS, runs=1, seed=seed,
            turns=rows[at : at + 1],
        )  # fmt: skip
        np.testing.assert_array_equal(told[at], answer.of("traced", "detected")[0])


def test_a_future_with_far_too_many_cases_is_broken_off_and_lies_far_away() -> None:
    rows, seeds = np.array([[3.0, 0.9]]), np.array([1])
    whole = fitting.PersonCases(TOWN, START, TRACED, Model(), DAYS, most=1e6)
    broken = dataclasses.replace(whole, most=20.0)
    cases, cut = whole.simulate(rows, seeds=seeds)[0], broken.simulate(rows, seeds=seeds)[0]
    day = int((np.cumsum(cases) > 20).argmax())
    np.testing.assert_array_equal(cut[:day], cases[:day])
    assert cut[day] == 20.0 * (DAYS - day)
    assert cut[day + 1 :].sum() == 0


def test_who_was_kept_apart_before_the_start_neither_infected_nor_was_infected_then() -> None:
    """Half of the town apart since long ago: only cases of the other half pass anything on."""
    people = np.arange(len(TOWN), dtype=np.int32)
    apart = people[(people % 2 == 1) & ~np.isin(people, START.person)]
    hours = np.tile(np.array([-45 * 24, 30 * 24], dtype=np.int32), (apart.size, 1))
    kept = np.column_stack((apart, hours)).astype(np.int32)
    model, key = dataclasses.replace(Model()), chance.key(1, "whatif", 0)
    start = Start(*(getattr(START, n) for n in ("person", "infected_day", "onset_day")),
                  found_h=np.full(3, -5, dtype=np.int32), isolated=kept)  # fmt: skip

    def before(given: Start) -> np.ndarray:  # type: ignore[type-arg]
        rows = solve.infections(TOWN, given, options.BASELINE, model=model, days=1, key=key)
        return rows[(rows[:, 1] < 0) & (rows[:, 2] >= 0)]

    assert np.isin(before(dataclasses.replace(start, isolated=kept[:0]))[:, 0], apart).any()
    assert not np.isin(before(start)[:, 0], apart).any()
    assert (start.onset_day == NEVER).all()


@pytest.mark.parametrize("turns", [np.ones((3, 2)), np.array([[1.0, 1.2]] * 4)])
def test_parameters_that_fit_no_run_or_no_share_are_refused(turns: np.ndarray) -> None:  # type: ignore[type-arg]
    with pytest.raises(BadInput) as refused:
        simulated(turns)
    assert refused.value.code == "whatif.turned"
