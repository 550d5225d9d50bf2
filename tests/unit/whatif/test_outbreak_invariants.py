"""What must hold whatever the options are."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
from outbreak_made import seeds, town

from zhongshu.engines.whatif import answers
from zhongshu.engines.whatif.answers import Answer
from zhongshu.engines.whatif.options import (
    BASELINE,
    Area,
    Capacities,
    Isolation,
    Masks,
    Option,
    Round,
    Tracing,
)
from zhongshu.engines.whatif.outbreak import solve
from zhongshu.engines.whatif.outbreak.model import Mixing, Model
from zhongshu.kernel.errors import BadInput

PEOPLE = town(3000)
START = seeds([10, 700, 1500, 2200], infected_day=-8, found_h=-1)
TRACING = Tracing(depth=2, delay_h=6, recall=0.8, recall_places=0.05, false_per_case=2.0)
CENTRAL = Isolation(contacts="central", days=7, case_days=10, tests_d=(1, 3, 5), sensitivity=0.95)
EVERYTHING = Option(
    "everything",
    areas=(Area((), from_hour=30, to_hour=150, strictness=0.9, compliance=0.9, release_clear_d=3),),
    rounds=(Round((), count=3, pool_size=10, sensitivity=0.9, coverage=0.9, dilution_loss=0.1),),
    tracing=TRACING,
    isolation=CENTRAL,
    capacities=Capacities(
        rooms=(("hotel", 40),), beds=(("ward", 5),), lab_tubes_h=20.0, lab_hours=6.0,
        transfers_per_day=20, tests_per_day=2000,
    ),
    masks=Masks(share=0.5, effect=0.4),
)  # fmt: skip


@pytest.fixture(scope="module")
def answer() -> Answer:
    options = [
        BASELINE,
        dataclasses.replace(BASELINE, name="the same"),
        EVERYTHING,
        Option("trace", tracing=TRACING, isolation=CENTRAL),
    ]
    return ask(options)


def ask(options: list[Option], model: Model = Model(), days: int = 12) -> Answer:  # noqa: B008
    return solve.simulate(PEOPLE, START, options, model=model, days=days, runs=6, seed=5)


def test_an_option_that_changes_nothing_changes_nothing(answer: Answer) -> None:
    base, same = answer.runs[0], answer.runs[1]
    assert base.tobytes() == same.tobytes()
    assert base[:, :, answer.measures.index("infections")].sum() > 0


def test_nothing_is_negative_and_nobody_is_counted_twice(answer: Answer) -> None:
    counted = [name for name in answer.measures if name != "p_released"]
    assert all((answer.of(name, one) >= 0).all() for name in answer.options for one in counted)
    totals = answer.per_run()
    at = {name: n for n, name in enumerate(answer.measures)}
    assert (totals[:, :, at["infections"]] + len(START.person) <= len(PEOPLE)).all()
    found = totals[:, :, at["detected_in_quarantine"]] + totals[:, :, at["detected_community"]]
    assert (found == totals[:, :, at["detected"]]).all()


def test_rooms_and_journeys_keep_to_what_there_is(answer: Answer) -> None:
    assert answer.of("everything", "rooms.hotel").max() <= 40
    assert answer.of("everything", "beds.ward").max() <= 5
    assert answer.of("everything", "transfers").max() <= 20
    assert answer.of("everything", "waiting").max() > 0


@pytest.mark.parametrize(
    ("short", "flag"),
    [
        ({"rooms": (("hotel", 5),)}, "p_rooms_out"),
        ({"beds": (("ward", 1),)}, "p_beds_out"),
        ({"transfers_per_day": 1}, "p_transfers_out"),
    ],
)
def test_rooms_beds_and_vehicles_run_out_each_by_itself(short: dict[str, Any], flag: str) -> None:
    option = Option("x", tracing=TRACING, isolation=CENTRAL, capacities=Capacities(**short))
    answer = ask([option])
    flags = ("p_rooms_out", "p_beds_out", "p_transfers_out")
    reached = {name: answer.of("x", name)[:, -1].max() for name in flags}
    assert reached == {name: float(name == flag) for name in flags}
    day = dict(zip(*answer.totals().select(["measure", "mean"]).to_pydict().values(), strict=True))
    assert day[answers.DAYS[flag]] < answer.days
    assert (answer.of("x", flag) == (np.cumsum(answer.of("x", "waiting"), axis=1) > 0)).all()


def test_only_what_is_restricted_can_be_released(answer: Answer) -> None:
    rows = answer.totals().to_pylist()
    day = {row["option"]: row["q50"] for row in rows if row["measure"] == "release_day"}
    assert {name for name, on in day.items() if not np.isnan(on)} == {"everything"}
    assert 1 <= day["everything"] <= answer.days
    assert np.isnan(answer.of("trace", "p_released")).all()


def test_the_laboratory_keeps_a_line(answer: Answer) -> None:
    assert answer.of("everything", "lab_hours").max() > 6.0
    assert answer.of("trace", "lab_hours").max() == 0.0


def test_restricted_person_days_are_people_times_days(answer: Answer) -> None:
    locked = answer.of("everything", "person_days_locked")
    assert (locked.sum(axis=1) <= len(PEOPLE) * 5 + 1e-3).all()
    assert locked[:, 1] == pytest.approx(len(PEOPLE) * 0.75)  # from hour 30 of the second day
    in_rooms = answer.of("trace", "person_days_central") + answer.of("trace", "person_days_home")
    assert (in_rooms <= len(PEOPLE)).all()


def test_more_transmission_never_spares_anybody() -> None:
    infected: list[set[int]] = []
    for scale in (0.5, 0.8, 1.0):
        model = Model(mixing=Mixing(transmission=scale))
        made = solve.infections(PEOPLE, START, BASELINE, model=model, days=12, key=np.uint64(99))
        infected.append(set(made[:, 0].tolist()))
    assert infected[0] < infected[1] < infected[2]


def test_a_measure_that_only_removes_contacts_infects_nobody_sooner() -> None:
    masked = Option("masks", masks=Masks(share=0.7, effect=0.6))
    when = []
    for option in (BASELINE, masked):
        made = solve.infections(PEOPLE, START, option, model=Model(), days=12, key=np.uint64(3))
        when.append(dict(made[:, :2].tolist()))
    assert len(when[1]) < len(when[0])
    assert all(hour >= when[0][person] for person, hour in when[1].items())


def test_what_cannot_be_simulated_is_refused_with_one_sentence() -> None:
    with pytest.raises(BadInput, match="names the area 'elsewhere'"):
        ask([Option("x", areas=(Area(("elsewhere",)),))])
    with pytest.raises(BadInput, match="there are none; register a case"):
        seeds([])
    with pytest.raises(BadInput, match="not in the population"):
        solve.simulate(PEOPLE, seeds([9999]), [BASELINE], model=Model(), days=1, runs=1, seed=1)


def test_an_answer_says_when_it_goes_beyond_the_calibration(answer: Answer) -> None:
    assert answer.label == "illustrative"
    assert "not calibrated" in answer.note
    far = ask([BASELINE], model=Model(calibrated=True, calibrated_days=7))
    assert far.note == "The parameters were calibrated to 7 days; the answer looks 12 days ahead."


def test_who_has_a_place_already_neither_asks_for_one_nor_takes_a_free_one() -> None:
    small = Capacities(rooms=(("hotel", 3),), beds=(("ward", 0),), transfers_per_day=0)
    option = Option("none free", tracing=Tracing(), isolation=CENTRAL, capacities=small)
    kept = np.array([[50, -60, 100], [51, -60, 100]], dtype=np.int32)

    def asked(placed_h: int) -> Answer:
        start = dataclasses.replace(START, isolated=kept, placed_h=placed_h)
        return solve.simulate(
            PEOPLE,
            start,
            [option],
            model=Model(mixing=Mixing(transmission=0.0)),
            days=3,
            runs=2,
            seed=1,
        )

    found = {placed_h: asked(placed_h) for placed_h in (-1, -50, -70)}

    def first_day(placed_h: int, measure: str) -> float:
        answer = found[placed_h]
        return float(answer.runs[0, :, 0, answer.measures.index(measure)].mean())

    assert [first_day(-1, name) for name in ("rooms.hotel", "beds.ward")] == [2, 4]
    assert first_day(-1, "p_beds_out") == first_day(-1, "waiting") == 0
    assert first_day(-50, "rooms.hotel") == 2
    assert first_day(-50, "p_beds_out") == 1
    assert first_day(-70, "waiting") == 6
