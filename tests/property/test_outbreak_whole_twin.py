"""The outbreak engine and its whole twin agree person by person and day by day, whatever is asked:
tracing, the line of the laboratory, rooms, beds, vehicles and restrictions included."""

from __future__ import annotations

import dataclasses
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhongshu.engines.whatif.options import (
    Area,
    Capacities,
    Closure,
    Isolation,
    Masks,
    Option,
    Round,
    Tracing,
)
from zhongshu.engines.whatif.outbreak import solve, synthetic
from zhongshu.engines.whatif.outbreak.model import NEVER, Mixing, Model, Start, tables
from zhongshu.engines.whatif.outbreak.population import Population
from zhongshu.engines.whatif.outbreak.protection import Vaccination
from zhongshu.engines.whatif.outbreak.twin import run as twin
from zhongshu.kernel import chance
from zhongshu.kernel.disease.params import Vaccine

sys.path.append(str(Path(__file__).parents[1] / "unit" / "whatif"))

from outbreak_made import halves, town

DAYS = 9
UNITS = st.sampled_from([(), ("one half",), ("other half",), ("one half", "other half")])
SHARE = st.floats(0.0, 1.0)
LATER = st.none() | st.integers(100, 200)

AREAS = st.builds(
    Area,
    units=UNITS,
    from_hour=st.integers(0, 80),
    to_hour=LATER,
    kind=st.sampled_from(["lockdown", "static", "venues_closed"]),
    strictness=SHARE,
    compliance=SHARE,
    release_clear_d=st.none() | st.integers(1, 4),
)
ROUNDS = st.builds(
    Round,
    units=UNITS,
    start_hour=st.integers(0, 60),
    hours=st.integers(1, 40),
    every_d=st.integers(1, 3),
    count=st.integers(1, 4),
    pool_size=st.sampled_from([1, 5, 10]),
    sensitivity=st.floats(0.5, 1.0),
    dilution_loss=st.floats(0.0, 0.3),
    coverage=SHARE,
)
TRACING = st.builds(
    Tracing,
    depth=st.integers(0, 2),
    delay_h=st.integers(0, 40),
    recall=SHARE,
    recall_home=SHARE,
    recall_places=st.floats(0.0, 1.0),
    recall_community=SHARE,
    close_min=st.sampled_from([(), (("restaurant", 15.0), ("bus", 0.0)), (("market", 5.0),)]),
    near=st.sampled_from([(), (("bus", 0.2), ("market", 0.7))]),
    since_d=st.integers(0, 4),
    false_per_case=st.floats(0.0, 4.0),
)
ISOLATION = st.builds(
    Isolation,
    contacts=st.sampled_from(["none", "home", "central"]),
    cases=st.sampled_from(["hospital", "central", "home"]),
    days=st.integers(1, 8),
    case_days=st.integers(0, 8),
    tests_d=st.sampled_from([(), (1,), (0, 1, 3), (1, 4, 7)]),
    sensitivity=SHARE,
    home_household=st.floats(0.0, 2.0),
    home_outside=SHARE,
)
MANY = st.none() | st.integers(0, 60)
CAPACITIES = st.builds(
    Capacities,
    rooms=st.sampled_from([(), (("hotel", 5),), (("hotel", 3), ("hall", 20))]),
    beds=st.sampled_from([(), (("ward", 2),), (("ward", 1), ("second ward", 4))]),
    tests_per_day=st.none() | st.integers(100, 900),
    lab_tubes_h=st.none() | st.floats(0.5, 20.0),
    lab_hours=st.floats(0.0, 20.0),
    transfers_per_day=MANY,
)
OPTIONS = st.builds(
    Option,
    name=st.just("asked"),
    areas=st.lists(AREAS, max_size=2).map(tuple),
    rounds=st.lists(ROUNDS, max_size=2).map(tuple),
    tracing=TRACING,
    isolation=ISOLATION,
    capacities=CAPACITIES,
    closures=st.lists(
        st.builds(Closure, kind=st.sampled_from(["school", "market"]), share=SHARE,
                  from_hour=st.integers(0, 60), to_hour=LATER), max_size=2).map(tuple),
    masks=st.builds(Masks, share=SHARE, effect=SHARE, from_hour=st.integers(0, 60)),
    compliance=SHARE,
    clear_d=st.none() | st.integers(2, 6),
)  # fmt: skip


@st.composite
def starts(draw: st.DrawFn) -> Start:
    """Cases with or without their days, contacts in quarantine, places that are taken."""
    who = draw(st.lists(st.integers(0, 399), min_size=2, max_size=6, unique=True))
    count = len(who) - 1
    known = draw(st.lists(st.booleans(), min_size=count, max_size=count))
    found = draw(st.lists(st.integers(-90, 0), min_size=count, max_size=count))
    apart = draw(st.lists(st.sampled_from([0, 0, 10, 40]), min_size=count, max_size=count))
    infected = np.where(known, -9, NEVER).astype(np.int32)
    return Start(
        person=np.array(who[:count], dtype=np.int32),
        infected_day=infected,
        onset_day=np.where(infected == NEVER, NEVER, -5).astype(np.int32),
        found_h=np.array(found, dtype=np.int32),
        apart_h=(np.array(found) - apart).astype(np.int32),
        isolated=np.array([[who[-1], -30, 60]], dtype=np.int32),
        untraced_h=draw(st.integers(0, 48)),
        placed_h=draw(st.sampled_from([-NEVER, -24, 0])),
        unseen=draw(st.sampled_from([0.0, 2.0, 8.0])),
        unseen_d=draw(st.integers(1, 20)),
        unseen_cells=np.array(draw(st.sampled_from([[], [1], [0, 1]])), dtype=np.int32),
    )  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**40), option=OPTIONS, start=starts(), done=TRACING)
def test_engine_and_whole_twin_are_the_same(
    seed: int, option: Option, start: Start, done: Tracing
) -> None:
    agree(halves(town(400, seed=seed % 5)), start, option, seed=seed, traced=done)


def agree(people: Population, start: Start, option: Option, *, seed: int, **more: Any) -> None:
    """The engine's infections and measures of one run against those of the twin."""
    model = Model(mixing=Mixing(transmission=1.5), **more)
    key = chance.key(seed, "whatif", 0)
    before = max(1, solve.BEFORE_D - int(start.found_h.min()) // 24)
    slow, told = twin.simulate(
        people, tables(model), option, start,
        done=model.traced, key=key, days=DAYS, before=before,
    )  # fmt: skip
    fast = solve.infections(people, start, option, model=model, days=DAYS, key=key)
    assert [tuple(row) for row in fast.tolist()] == slow
    answer = solve.simulate(
        people, start, [option], model=model, days=DAYS, runs=1, seed=seed, threads=1
    )
    for measure in answer.measures:
        if measure != "cost":
            expected = [float(day[measure]) for day in told]
            assert answer.of("asked", measure)[0] == pytest.approx(
                expected, rel=1e-5, abs=1e-5, nan_ok=True
            ), measure


@settings(max_examples=6, deadline=None)
@given(
    seed=st.integers(0, 2**40),
    option=OPTIONS,
    start=starts(),
    given_on=st.lists(st.tuples(st.integers(0, 399), st.integers(-300, 5)), min_size=400,
                      max_size=600),
    half_life_d=st.floats(5.0, 300.0),
)  # fmt: skip
def test_engine_and_whole_twin_agree_on_doses_that_wane(
    seed: int, option: Option, start: Start, given_on: list[tuple[int, int]], half_life_d: float
) -> None:
    person, day = np.array(given_on, dtype=np.int32).T
    vaccine = Vaccine(infection=0.6, onward=0.4, severe=0.8, half_life_d=half_life_d)
    people = synthetic.dosed(halves(town(400, seed=seed % 5)), person, day)
    vaccination = Vaccination(vaccine, by_dose=(0.5, 1.0), takes_d=14)
    agree(people, start, option, seed=seed, vaccination=vaccination)


def test_places_and_laboratory_are_short_in_what_is_compared() -> None:
    """A case in which every queue is there, so that the agreement above is one about queues."""
    option = Option(
        "asked",
        rounds=(Round((), count=3, pool_size=5, coverage=0.9),),
        tracing=Tracing(depth=2, delay_h=6, recall_places=0.1, since_d=2, false_per_case=2.0),
        isolation=Isolation(contacts="central", days=5, case_days=6, tests_d=(1, 3)),
        capacities=Capacities(rooms=(("hotel", 20),), beds=(("ward", 2),), lab_tubes_h=3.0,
                              lab_hours=6.0, transfers_per_day=15),
    )  # fmt: skip
    who = np.array([3, 90, 200, 310], dtype=np.int32)
    start = Start(who, np.full(4, -9, np.int32), np.full(4, -5, np.int32), np.full(4, -3, np.int32))
    people = halves(town(400, seed=1))
    _, told = twin.simulate(
        people, tables(Model(mixing=Mixing(transmission=1.5))), option, start,
        done=Tracing(), key=chance.key(7, "whatif", 0), days=DAYS, before=46,
    )  # fmt: skip
    for measure in ("p_rooms_out", "p_beds_out", "p_transfers_out", "waiting", "contacts"):
        assert max(day[measure] for day in told) > 0, measure
    assert max(day["lab_hours"] for day in told) > 2 * 6.0
    agree(people, start, option, seed=7)
    agree(people, dataclasses.replace(start, untraced_h=0), option, seed=8)
