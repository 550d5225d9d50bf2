"""Vaccination from people's own doses, waning while it is simulated."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from outbreak_made import seeds, town

from zhongshu.engines.whatif.options import BASELINE
from zhongshu.engines.whatif.outbreak import population, solve, synthetic
from zhongshu.engines.whatif.outbreak.model import DAY_H, Mixing, Model, tables
from zhongshu.engines.whatif.outbreak.oracle import Twin
from zhongshu.engines.whatif.outbreak.population import Population
from zhongshu.engines.whatif.outbreak.protection import Vaccination
from zhongshu.kernel.disease.params import Vaccine
from zhongshu.kernel.errors import BadInput

PEOPLE = town(2000)
START = seeds([10, 400, 900, 1500], infected_day=-6, found_h=-1)


def vaccinated(*, half_life_d: float = 180.0, **effects: float) -> Model:
    return Model(
        mixing=Mixing(transmission=0.8),
        vaccination=Vaccination(
            vaccine=Vaccine(half_life_d=half_life_d, **effects), by_dose=(0.5, 0.8, 1.0)
        ),
    )


def dosed(days: list[int], share: float = 1.0) -> Population:
    """The first so many people of the town, each with a dose on each of the days."""
    who = np.arange(int(share * len(PEOPLE)))
    person, day = np.repeat(who, len(days)), np.tile(days, len(who))
    return synthetic.dosed(PEOPLE, person.astype(np.int32), day.astype(np.int32))


def infections(people: Population, model: Model, runs: int = 30) -> float:
    answer = solve.simulate(people, START, [BASELINE], model=model, days=25, runs=runs, seed=3)
    return float(answer.of("baseline", "infections").sum(axis=1).mean())


DAYS = st.lists(st.integers(-400, 30), max_size=5)


@settings(max_examples=60, deadline=None)
@given(
    given_on=DAYS,
    more=st.integers(-400, 30),
    day=st.integers(0, 60),
    half_life_d=st.floats(5.0, 500.0),
    shares=st.lists(st.floats(0.0, 1.0), min_size=1, max_size=4).map(sorted),
)
def test_another_dose_never_lowers_a_protection(
    given_on: list[int], more: int, day: int, half_life_d: float, shares: list[float]
) -> None:
    vaccine = Vaccine(infection=0.6, onward=0.3, severe=0.9, half_life_d=half_life_d)
    made = tables(Model(vaccination=Vaccination(vaccine, tuple(shares), takes_d=10)))

    def shield(days: list[int], which: int) -> float:
        who = np.zeros(len(days), dtype=np.int32)
        people = synthetic.dosed(PEOPLE, who, np.array(days, dtype=np.int32)).people
        return Twin(people, made, 1).shield(0, day * DAY_H, which)

    for which, most in enumerate((0.6, 0.3, 0.9)):
        assert 0.0 <= shield(given_on, which) <= shield([*given_on, more], which) <= most


def test_a_dose_takes_its_days_and_halves_from_then_on() -> None:
    vaccine = Vaccine(infection=0.8, half_life_d=100.0)
    made = tables(Model(vaccination=Vaccination(vaccine, takes_d=14)))
    twin = Twin(dosed([-4]).people, made, 1)
    told = [twin.shield(0, day * DAY_H, 0) for day in (9, 10, 110)]
    assert told == pytest.approx([0.0, 0.8, 0.4])


def test_more_doses_and_more_people_with_doses_have_fewer_infections() -> None:
    model = vaccinated(infection=0.6, onward=0.3)
    by_doses = [infections(dosed(days), model) for days in ([], [-300], [-300, -40])]
    by_share = [infections(dosed([-60, -30], share), model) for share in (0.0, 0.4, 0.8)]
    assert by_doses[0] > by_doses[1] > by_doses[2]
    assert by_share[0] > by_share[1] > by_share[2]


def test_protection_wanes_while_it_is_simulated() -> None:
    same_on_the_first_day = dosed([-14])
    lasting = infections(same_on_the_first_day, vaccinated(infection=0.9, half_life_d=1e6))
    waning = infections(same_on_the_first_day, vaccinated(infection=0.9, half_life_d=10.0))
    assert waning > 1.3 * lasting
    shares = np.tile(np.float32([0.9, 0.0, 0.0]), (len(PEOPLE), 1))
    known = synthetic.shielded(PEOPLE, shares)
    assert infections(known, vaccinated(half_life_d=10.0)) > 1.3 * infections(
        known, vaccinated(half_life_d=1e6)
    )


def test_doses_of_a_vaccine_without_effect_change_no_bit() -> None:
    model, asked = Model(), {"days": 10, "runs": 3, "seed": 5}
    plain, given_ = (
        solve.simulate(people, START, [BASELINE], model=model, **asked)
        for people in (PEOPLE, dosed([-100, -5]))
    )
    assert plain.runs.tobytes() == given_.runs.tobytes()


def table(doses: list[list[dt.date] | None]) -> dict[str, pa.Table]:
    count = len(doses)
    persons = {
        "person": [f"p{n}" for n in range(count)],
        "household": [f"h{9 - n}" for n in range(count)],
        "unit_code": ["140105001"] * count,
        "age": [40] * count,
        "doses": pa.array(doses, type=pa.list_(pa.date32())),
    }
    empty: dict[str, list[str]] = {"person": [], "group": [], "kind": []}
    visits = {"person": [], "place": [], "kind": [], "unit_code": [], "per_day": pa.array([], "f8")}
    return {
        "persons": pa.table(persons),
        "groups": pa.table(empty),
        "visits": pa.table({name: pa.array(row) for name, row in visits.items()}),
    }


def test_a_population_file_gives_the_dates_of_each_persons_doses() -> None:
    first = dt.date(2022, 11, 8)
    days = [[dt.date(2022, 6, 1), dt.date(2021, 7, 1)], None, [dt.date(2022, 11, 9)]]
    known = population.from_tables(**table(days), first_day=first)
    people = known.people
    told = {
        name: people.dose_day[people.dose_start[at] : people.dose_start[at + 1]].tolist()
        for at, name in enumerate(known.ids)
    }
    assert told == {"p0": [-495, -160], "p1": [], "p2": [1]}
    with pytest.raises(BadInput, match="give the first simulated day too"):
        population.from_tables(**table(days))
    with pytest.raises(BadInput, match="more than 8 doses"):
        population.from_tables(**table([[first] * 9]), first_day=first)


@pytest.mark.parametrize("by_dose", [(), (0.8, 0.5), (1.2,)])
def test_doses_that_cannot_be_are_refused(by_dose: tuple[float, ...]) -> None:
    with pytest.raises(BadInput, match="dose"):
        Vaccination(by_dose=by_dose)
