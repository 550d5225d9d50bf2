"""People move, meet and infect one another along the visits that are reported."""

from __future__ import annotations

import numpy as np
import pytest
from world_builders import SMALL, Ran

from zhongshu.engines.world import measure, solve
from zhongshu.engines.world.days.epidemic import (
    DAY_S,
    NEVER,
    SETTING_HOUSEHOLD,
    SETTING_IMPORT,
    SETTING_PLACE,
)
from zhongshu.engines.world.model import Margins, Measures, Round, WorldParams
from zhongshu.engines.world.state import World
from zhongshu.kernel.errors import BadInput, Refused


def test_nobody_is_in_two_places_at_once(ran: Ran) -> None:
    for day in ran.days:
        visits = day.visits
        same = visits.person[1:] == visits.person[:-1]
        assert (visits.time_in[1:][same] >= visits.time_out[:-1][same]).all()
        assert (visits.time_out > visits.time_in).all()


def test_visits_are_heavy_tailed_over_places(ran: Ran) -> None:
    static = ran.world.statics
    busy = np.zeros(len(static.places), dtype=np.int64)
    for day in ran.days:
        busy += np.bincount(day.visits.place, minlength=len(busy))
    assert 0.10 < measure.top_share(busy) < 0.40
    assert measure.top_share(busy, 0.2) > 0.6


def test_fewer_visits_on_a_weekend(ran: Ran) -> None:
    weekend = [len(day.visits) for day in ran.days if day.date.weekday() >= 5]
    weekday = [len(day.visits) for day in ran.days if day.date.weekday() < 5]
    assert max(weekend) < min(weekday)


def test_coverage_missing_ends_and_late_records_are_as_asked(ran: Ran) -> None:
    made = sum(len(day.visits) for day in ran.days[:-4])
    early = [day.records[day.records["time_in"] < (SMALL.days - 4) * DAY_S] for day in ran.days]
    rows = np.concatenate(early)
    assert len(rows) / made == pytest.approx(SMALL.movement.scan_coverage, abs=0.01)
    assert (rows["time_out"] < 0).mean() == pytest.approx(0.30, abs=0.01)
    wait_h = (rows["recorded"] - np.maximum(rows["time_in"], rows["time_out"])) / 3600
    assert wait_h.min() >= 0
    assert (wait_h > 0.75).mean() == pytest.approx(SMALL.movement.late_share, abs=0.02)


def test_a_days_facts_were_known_when_it_ended_and_not_before(ran: Ran) -> None:
    for day in ran.days:
        begin, end = day.day * DAY_S, (day.day + 1) * DAY_S
        for rows, known in (
            (day.records, "recorded"),
            (day.samples, "reported_s"),
            (day.cases, "reported_s"),
            (day.counts, "reported_s"),
        ):
            assert ((rows[known] >= begin) & (rows[known] < end)).all()


def test_every_infection_has_its_infector_present_at_the_place_and_time(ran: Ran) -> None:
    world, course = ran.world, ran.world.course
    people = world.statics.people
    imported = course["setting"] == SETTING_IMPORT
    assert imported.sum() == SMALL.imported_seeds
    assert (course["source"][~imported] >= 0).all()
    home = course[course["setting"] == SETTING_HOUSEHOLD]
    assert np.array_equal(people.household[home["person"]], people.household[home["source"]])
    met = course[course["setting"] == SETTING_PLACE]
    assert len(met) > 50
    for row in met:
        for who in (row["person"], row["source"]):
            assert _is_there(ran, int(who), int(row["place"]), int(row["infected_s"]))


def _is_there(ran: Ran, who: int, place: int, moment: int) -> bool:
    for day in ran.days:
        visits = day.visits
        low, high = np.searchsorted(visits.person, [who, who + 1])
        at = day.day * DAY_S
        there = (
            (visits.place[low:high] == place)
            & (visits.time_in[low:high] + at <= moment)
            & (moment <= visits.time_out[low:high] + at)
        )
        if there.any():
            return True
    return False


def test_nobody_is_infected_twice_or_infects_before_being_infectious(ran: Ran) -> None:
    course = ran.world.course
    assert len(set(course["person"].tolist())) == len(course)
    passed = course[course["source"] >= 0]
    source = course[ran.world.record_of[passed["source"]]]
    assert (passed["infected_s"] > source["infected_s"]).all()
    since_onset = passed["infected_s"] // DAY_S - source["onset_s"] // DAY_S
    assert since_onset.min() >= -2


def test_the_confirmed_infect_nobody_from_the_next_day_on(ran: Ran) -> None:
    course = ran.world.course
    passed = course[course["source"] >= 0]
    source = course[ran.world.record_of[passed["source"]]]
    night = 6 * 3600  # household infections are dated to the night after the day
    found = source["confirmed_s"] < NEVER
    last = (source["confirmed_s"][found] // DAY_S + 1) * DAY_S + night
    assert (passed["infected_s"][found] < last).all()


def test_household_share_and_serial_interval_are_near_the_real_pairs(margins: Margins) -> None:
    """Three worlds together, so that chance does not decide the test."""
    worlds = []
    for seed in (1, 2, 3):
        world = solve.build(WorldParams(people=60_000, seed=seed), margins)
        for _ in range(21):
            world.step()
        worlds.append(world)
    interval = np.concatenate([measure.serial_intervals(world) for world in worlds])
    course = np.concatenate([world.course for world in worlds])
    targets = margins.targets
    assert len(interval) > 500
    assert measure.household_share(course) == pytest.approx(targets.household_share, abs=0.06)
    assert interval.mean() == pytest.approx(targets.serial_interval_mean_d, abs=0.6)
    assert abs(np.median(interval) - targets.serial_interval_median_d) <= 1
    quartiles = np.quantile(measure.passive_delays(course), [0.25, 0.5, 0.75])
    assert quartiles == pytest.approx([2, 4, 8], rel=0.15)


def test_a_day_can_be_made_again_for_a_few_people(ran: Ran) -> None:
    who = np.arange(100, 4_000, 37)
    for day in (0, 9, 20):
        again = ran.world.visits_again(day, who)
        true = ran.days[day].visits
        true = true.take(np.isin(true.person, who))
        assert np.array_equal(again.person, true.person)
        assert np.array_equal(again.place, true.place)
        assert np.array_equal(again.time_out, true.time_out)


def test_equal_seeds_give_equal_worlds(ran: Ran, margins: Margins) -> None:
    world = solve.build(SMALL, margins)
    for _ in range(SMALL.days):
        world.step()
    assert solve.truth_hash(world) == solve.truth_hash(ran.world)


def test_a_fork_goes_its_own_way_and_leaves_the_world_as_it_was(fresh: World) -> None:
    for _ in range(5):
        fresh.step()
    before = solve.truth_hash(fresh)
    twin = fresh.fork()
    left, right = twin.step(), fresh.fork().step()
    assert solve.truth_hash(fresh) == before
    assert np.array_equal(left.records, right.records)
    assert np.array_equal(left.infections, right.infections)


def test_a_world_ends_after_its_last_day(ran: Ran) -> None:
    with pytest.raises(Refused, match="ends after 21 days"):
        ran.world.fork().step()


def test_isolated_people_make_no_visits_and_nobody_else_changes(fresh: World) -> None:
    static = fresh.statics
    isolated = tuple(static.id_no.slice(0, 300).to_pylist())
    plain, held = fresh.fork().step(), fresh.fork().step(Measures(isolated=isolated))
    assert not (held.visits.person < 300).any()
    others = plain.visits.take(plain.visits.person >= 300)
    assert np.array_equal(held.visits.person, others.person)
    assert np.array_equal(held.visits.time_in, others.time_in)


def test_residents_of_a_closed_village_stay_and_a_closed_place_is_empty(fresh: World) -> None:
    static = fresh.statics
    village = static.village_codes()[3].as_py()
    place = int(np.argmax(np.bincount(fresh.fork().step().visits.place)))
    measures = Measures(closed_villages=(village,), closed_places=(static.place_id[place].as_py(),))
    world = fresh.fork()
    day = world.step(measures)
    assert not (static.village_of_person[day.visits.person] == 3).any()
    assert not (day.visits.place == place).any()
    assert not (world.visits_again(0, np.arange(10_000)).place == place).any()


def test_isolating_the_exposed_makes_the_outbreak_smaller(margins: Margins) -> None:
    """Households and visited colleagues of known cases are isolated from the day they are known."""
    world = solve.build(WorldParams(people=40_000), margins)
    free = world.fork()
    static = world.statics
    for day in range(21):
        free.step()
        known = world.course["person"][world.course["confirmed_s"] < day * DAY_S]
        near = np.isin(static.people.household, static.people.household[known])
        base = static.routines.base
        near |= (base >= 0) & np.isin(base, base[known])
        world.step(Measures(isolated=tuple(static.id_no.filter(near).to_pylist())))
    assert len(world.course) < 0.75 * len(free.course)


def test_closing_all_villages_leaves_only_households_to_infect(fresh: World) -> None:
    static = fresh.statics
    closed = Measures(closed_villages=tuple(static.village_codes().to_pylist()))
    days = [fresh.step(closed) for _ in range(10)]
    assert sum(len(day.visits) for day in days) == 0
    assert set(fresh.course["setting"].tolist()) <= {SETTING_HOUSEHOLD, SETTING_IMPORT}


def test_a_test_round_finds_infections_that_nobody_knew(fresh: World) -> None:
    for _ in range(8):
        fresh.step()
    villages = tuple(fresh.statics.village_codes().to_pylist())
    screened, free = fresh.fork(), fresh.fork()
    screened.step(Measures(rounds=(Round(villages=villages),)))
    free.step()
    found = screened.course["confirmed_s"] < NEVER
    assert found.sum() > (free.course["confirmed_s"] < NEVER).sum()
    assert (screened.course["found_by"][found] == 3).any()
    tested = screened.step().samples
    assert (tested["method"] == 2).sum() > 5_000


def test_measures_that_name_the_unknown_are_refused(fresh: World) -> None:
    with pytest.raises(BadInput, match="no person"):
        fresh.step(Measures(isolated=("990001190001010000",)))
    with pytest.raises(BadInput, match="no village"):
        fresh.step(Measures(closed_villages=("140105998998",)))


def test_the_ill_show_in_the_counts_of_the_sites(ran: Ran) -> None:
    """Fever clinics of the focus city see more in the last week than in the first."""
    world = ran.world
    focus = np.array([code == SMALL.focus for code in world.statics.margins.city_codes])
    rows = np.concatenate([day.counts for day in ran.days])
    rows = rows[(rows["stream"] == 0) & focus[rows["county"]]]
    week = rows["day"] // 7
    assert rows["part"][week == 2].sum() > 1.05 * rows["part"][week == 0].sum()


def test_every_county_reports_every_stream(ran: Ran) -> None:
    rows = np.concatenate([day.counts for day in ran.days])
    for stream in range(3):
        assert len(set(rows["county"][rows["stream"] == stream].tolist())) == 117


def test_the_outbreak_reaches_beyond_one_county(ran: Ran) -> None:
    county = ran.world.statics.people.county[ran.world.course["person"]]
    assert len(set(county.tolist())) >= 5
