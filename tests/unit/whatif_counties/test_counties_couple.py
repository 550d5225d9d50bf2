"""A county that passes the threshold goes on as persons, one county is what the persons say."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from zhongshu.engines.whatif import options
from zhongshu.engines.whatif.counties import couple, model, solve, stages
from zhongshu.engines.whatif.outbreak import model as outbreak
from zhongshu.engines.whatif.outbreak.synthetic import Margins, synthetic
from zhongshu.kernel.disease.params import SYNTHETIC
from zhongshu.kernel.errors import BadInput

COURSE = model.Course(
    latent_d=2.6, early_d=2.0, ill_d=8.0, early_weight=0.6, ill_weights=(1.0, 0.4),
    silent_share=0.2, silent_factor=0.4, isolated_d=7.0, isolated_weight=0.5,
    to_hospital_d=8.0, in_hospital_d=6.0,
)  # fmt: skip
PROVINCE = model.Province(
    codes=("A", "B"), people=np.full((2, 2), 1500), contacts=np.ones((2, 2)),
    commuting=np.array([[0.9, 0.1], [0.1, 0.9]]), susceptibility=np.ones(2), severe=np.zeros(2),
)  # fmt: skip
DAYS = 16


def futures() -> model.Futures:
    plan = model.calm(PROVINCE, DAYS)
    plan.found[:, :, model.ILL] = 0.3
    start = solve.empty_start(PROVINCE, COURSE)
    start[0, 0, stages.FIRST] += 25
    start[0, 0, stages.SUSCEPTIBLE] -= 25
    return solve.simulate(PROVINCE, COURSE, plan, start, run=model.Run(runs=3, seed=2), r0=2.5)


def persons() -> couple.OutbreakModel:
    margins = Margins(
        codes=("A",), ages=np.array([[1500, 1500]]), age_from=np.array([0, 40]),
        household_size=np.array([2.8]), one_person=np.array([0.2]),
    )  # fmt: skip
    people = synthetic(margins, seed=1)
    return couple.OutbreakModel(
        populations={"A": people, "B": people},
        option=options.BASELINE,
        model=outbreak.Model(disease=SYNTHETIC),
        seed=5,
    )


def test_a_county_past_the_threshold_goes_on_as_persons() -> None:
    before = futures()
    coupled = couple.hand_over(PROVINCE, before, persons(), threshold=5)
    after = coupled.futures
    day = coupled.handed[0, 0]
    assert 0 < day < DAYS
    known = before.counted[0, :, 0, [model.FOUND, model.TRACED]].sum(axis=0)
    assert known[:day].sum() >= 5 > known[: day - 1].sum()
    assert (after.counted[0, :day, 0] == before.counted[0, :day, 0]).all()
    assert (after.counted[0, day:, 0] != before.counted[0, day:, 0]).any()
    assert after.counted[:, :, 0, model.INFECTIONS].sum() > 0
    again = couple.hand_over(PROVINCE, before, persons(), threshold=5)
    assert again.futures.counted.tobytes() == after.counted.tobytes()


def test_what_is_handed_over_is_what_was_found() -> None:
    class Listener:
        def __init__(self) -> None:
            self.heard: list[couple.Handover] = []

        def take_over(self, handover: couple.Handover) -> model.I64:
            self.heard.append(handover)
            return np.zeros((handover.days, 3), dtype=np.int64)

    before, listener = futures(), Listener()
    couple.hand_over(PROVINCE, before, listener, threshold=5)
    for handover in listener.heard:
        county = PROVINCE.codes.index(handover.county)
        found = before.counted[handover.run, : handover.day, county, model.FOUND]
        assert handover.found_d.size == found.sum() >= 5
        assert (np.bincount(handover.found_d + handover.day, minlength=handover.day) == found).all()
        assert handover.day + handover.days == DAYS
    start = persons().start(listener.heard[0], 3000)
    assert len(np.unique(start.person)) == listener.heard[0].found_d.size
    assert (start.found_h < 0).all()


def test_a_county_below_the_threshold_is_left_alone() -> None:
    before = futures()
    coupled = couple.hand_over(PROVINCE, before, persons(), threshold=10**6)
    assert (coupled.handed == couple.NOT_HANDED).all()
    assert coupled.futures.counted.tobytes() == before.counted.tobytes()


def test_a_county_without_persons_is_refused() -> None:
    alone = dataclasses.replace(persons(), populations={})
    with pytest.raises(BadInput, match="has no population of persons"):
        couple.hand_over(PROVINCE, futures(), alone, threshold=5)
    with pytest.raises(BadInput, match="first case"):
        couple.hand_over(PROVINCE, futures(), alone, threshold=0)
