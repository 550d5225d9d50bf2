"""How many contacts tracing names for a case: those the definition of a close contact counts."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from outbreak_made import seeds, town

from zhongshu.engines.whatif import options
from zhongshu.engines.whatif.options import Isolation, Option, Tracing
from zhongshu.engines.whatif.outbreak import solve
from zhongshu.engines.whatif.outbreak.closeness import counted
from zhongshu.engines.whatif.outbreak.model import Mixing, Model
from zhongshu.kernel.errors import BadInput

PEOPLE = town(6000)
START = seeds([10, 1000, 2500, 4200], infected_day=-7, found_h=-1)
EVERY = Tracing(depth=1, delay_h=12, recall=0.0, recall_home=0.0, recall_places=0.15, since_d=2)
NINE = dataclasses.replace(
    EVERY, close_min=(("restaurant", 2.0), ("bus", 2.0)), near=(("bus", 0.05),)
)


def contacts(tracing: Tracing) -> float:
    """On average of a case, of those found in the simulation."""
    option = Option("x", tracing=tracing, isolation=Isolation(contacts="home", days=7))
    model = Model(mixing=Mixing(transmission=0.4))
    answer = solve.simulate(PEOPLE, START, [option], model=model, days=12, runs=20, seed=2)
    return float(answer.of("x", "contacts").sum() / answer.of("x", "detected").sum())


def test_meetings_that_are_no_close_contact_are_not_traced() -> None:
    every, none = contacts(EVERY), dataclasses.replace(EVERY, recall_places=0.0)
    assert contacts(none) == 0
    assert 0 < contacts(NINE) < every / 4
    longer = dataclasses.replace(NINE, close_min=(("restaurant", 30.0),))
    assert 0 < contacts(longer) < contacts(NINE) / 2


def test_a_longer_stay_that_is_asked_for_never_makes_more_contacts() -> None:
    shares = [counted(1.0, least / 60, 0.25, False) for least in (0, 2, 10, 30, 240)]
    assert shares == sorted(shares, reverse=True)
    assert shares[0] == 1.0
    assert shares[2] == pytest.approx(np.exp(-10 / 15))


def test_meetings_in_which_infection_passed_are_the_longer_ones() -> None:
    rng = np.random.default_rng(1)
    hours = rng.exponential(0.25, 400_000)
    for least_h in (0.05, 0.25, 0.8):
        exact = (hours * (hours >= least_h)).sum() / hours.sum()
        assert counted(1.0, least_h, 0.25, True) == pytest.approx(exact, rel=0.02)
        assert counted(1.0, least_h, 0.25, True) > counted(1.0, least_h, 0.25, False)


def test_kinds_of_places_are_read_from_a_mapping_and_checked() -> None:
    raw = {"depth": 1, "close_min": {"restaurant": 15}, "near": {"bus": 0.1}}
    made = options.from_dict({"name": "x", "tracing": raw}).tracing
    assert (made.close_min, made.near) == ((("restaurant", 15.0),), (("bus", 0.1),))
    with pytest.raises(BadInput, match="'cinema'"):
        options.from_dict({"name": "x", "tracing": {"close_min": {"cinema": 15}}})
    with pytest.raises(BadInput, match="out of range"):
        options.from_dict({"name": "x", "tracing": {"near": {"bus": 1.5}}})
    with pytest.raises(BadInput, match="below zero"):
        options.from_dict({"name": "x", "tracing": {"close_min": {"bus": -1}}})
