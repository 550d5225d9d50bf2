"""The synthetic people have the margins of the real ones."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from world_builders import SMALL, Ran, real_margins

from zhongshu.engines.world import statics
from zhongshu.engines.world.margins import AGE_FROM, Margins
from zhongshu.engines.world.model import WorldParams
from zhongshu.engines.world.people import geometry, population
from zhongshu.kernel.errors import BadInput

FOCUS = "140100000000"


def test_the_margins_are_those_of_the_census(margins: Margins) -> None:
    assert len(margins.county_codes) == 117
    assert int(margins.population.sum()) == 34_915_616
    assert margins.targets.household_share == pytest.approx(0.4705, abs=1e-4)
    assert margins.targets.serial_interval_median_d == 4.0
    assert margins.targets.serial_interval_mean_d == pytest.approx(5.09, abs=0.01)


def test_without_zone_hosts_the_people_of_zones_are_left_out() -> None:
    assert int(real_margins(zone_hosts=None).population.sum()) == 34_551_187


def test_three_quarters_live_in_the_focus_city_and_the_rest_by_census(margins: Margins) -> None:
    counts = population.people_per_county(margins, WorldParams())
    focus = np.array([code == FOCUS for code in margins.city_codes])
    assert counts.sum() == 200_000
    assert counts[focus].sum() == 150_000
    expected = margins.population[~focus] / margins.population[~focus].sum() * 50_000
    assert np.abs(counts[~focus] - expected).max() < 1


def test_a_focus_that_is_no_city_is_refused(margins: Margins) -> None:
    with pytest.raises(BadInput, match="focus"):
        population.people_per_county(margins, WorldParams(focus="140105000000"))


def test_every_county_has_the_ages_and_sexes_of_its_census(ran: Ran, margins: Margins) -> None:
    people = ran.world.statics.people
    band = np.searchsorted(AGE_FROM, people.age, side="right") - 1
    for county, code in enumerate(margins.county_codes):
        mine = people.county == county
        observed = np.zeros((19, 2))
        np.add.at(observed, (band[mine], 1 - people.male[mine]), 1)
        expected = margins.cells[county] / margins.cells[county].sum() * mine.sum()
        chi2 = ((observed - expected) ** 2 / np.maximum(expected, 1e-9)).sum()
        assert chi2 < 37 * 0.5, code  # rounding only: far below the 37 degrees of freedom
        assert np.abs(observed - expected).max() <= 1.0, code


def test_households_have_the_size_and_one_person_share_of_each_county(margins: Margins) -> None:
    people = population.make(margins, WorldParams(people=100_000))
    sizes = np.diff(people.household_start)
    county = people.county[people.household_start[:-1]]
    assert sizes.sum() == people.people == 100_000
    for index in np.flatnonzero(np.bincount(people.county, minlength=117) > 2_000):
        mine = sizes[county == index]
        assert mine.mean() == pytest.approx(margins.household_size[index], rel=0.01)
        assert (mine == 1).mean() == pytest.approx(margins.one_person[index], abs=0.01)
    small = sizes[np.bincount(people.county, minlength=117)[county] <= 2_000]
    assert small.mean() == pytest.approx(float(np.mean(margins.household_size)), rel=0.05)


def test_nobody_is_lost_or_doubled_when_households_are_formed(ran: Ran) -> None:
    people = ran.world.statics.people
    assert people.people == SMALL.people == len(people.age) == len(people.male)
    again = np.repeat(np.arange(people.households), np.diff(people.household_start))
    assert np.array_equal(people.household, again)
    assert (np.diff(people.county) >= 0).all()


def test_children_do_not_live_alone(ran: Ran) -> None:
    people = ran.world.statics.people
    eldest = np.maximum.reduceat(people.age, people.household_start[:-1])
    assert (eldest < 18).mean() < 0.002


def test_everybody_lives_inside_the_polygon_of_the_county(ran: Ran, margins: Margins) -> None:
    static = ran.world.statics
    county = static.people.county[static.people.household_start[:-1]]
    for points, of in (
        (static.settlement.household_point, county),
        (static.settlement.point, static.settlement.county),
        (static.places.point, static.places.county),
    ):
        for index, rings in enumerate(margins.polygons):
            mine = points[of == index]
            assert geometry.inside(mine[:, 0].copy(), mine[:, 1].copy(), rings).all()


def test_settled_villages_are_real_ones_of_the_right_county(ran: Ran, margins: Margins) -> None:
    live = ran.world.statics.settlement
    assert np.array_equal(margins.village_county[live.village], live.county)
    assert len(set(live.village.tolist())) == len(live.village)
    assert live.weight.min() > 0
    assert live.weight.sum() == SMALL.people


def test_identity_numbers_are_valid_unique_and_of_a_region_that_never_was(ran: Ran) -> None:
    static = ran.world.statics
    numbers = static.id_no.to_pylist()
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    assert len(set(numbers)) == SMALL.people
    for number, male, born in zip(numbers, static.people.male, static.born, strict=True):
        total = sum(int(digit) * w for digit, w in zip(number, weights, strict=False))
        assert number[17] == "10X98765432"[total % 11]
        assert number.startswith("99")
        assert int(number[16]) % 2 == male
        assert number[6:14] == (dt.date(1970, 1, 1) + dt.timedelta(int(born))).strftime("%Y%m%d")


def test_most_people_commute_within_their_county_and_some_to_a_neighbour(ran: Ran) -> None:
    static = ran.world.statics
    works = static.routines.role >= 2
    away = static.routines.base_county[works] != static.people.county[works]
    assert 0.05 < away.mean() < 0.25
    pairs = set(map(tuple, static.margins.neighbours.tolist()))
    moved = np.flatnonzero(works)[away]
    ways = zip(static.people.county[moved], static.routines.base_county[moved], strict=True)
    assert {(int(a), int(b)) for a, b in ways} <= pairs


def test_the_same_seed_makes_the_same_people_and_another_does_not(margins: Margins) -> None:
    params = WorldParams(people=10_000)
    one, two = statics.make(params, margins), statics.make(params, margins)
    other = statics.make(WorldParams(people=10_000, seed=7), margins)
    assert one.id_no.equals(two.id_no)
    assert one.name.equals(two.name)
    assert np.array_equal(one.settlement.household_point, two.settlement.household_point)
    assert not np.array_equal(one.people.age, other.people.age)
