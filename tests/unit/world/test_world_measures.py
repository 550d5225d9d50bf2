"""What measures do to a world: nothing when there are none, all they say when there are."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from zhongshu.engines.world import solve
from zhongshu.engines.world.days import schedule
from zhongshu.engines.world.days.curbs import AREA, CENTRAL, HOME, PLACE
from zhongshu.engines.world.days.epidemic import (
    HOUR_S,
    NEVER,
    SETTING_HOUSEHOLD,
    SETTING_IMPORT,
    SETTING_PLACE,
)
from zhongshu.engines.world.model import (
    Closure,
    Isolation,
    Margins,
    Masks,
    Measures,
    Round,
    WorldParams,
)
from zhongshu.engines.world.people.places import RESTAURANT
from zhongshu.engines.world.state import World
from zhongshu.kernel.errors import BadInput

DAY = 6


@pytest.fixture(scope="module")
def begun(margins: Margins) -> World:
    """A world of 10,000 people whose outbreak is six days old; tests fork it."""
    world = solve.build(WorldParams(people=10_000, days=30), margins)
    for _ in range(DAY):
        world.step()
    return world


def ids(world: World, who: np.ndarray) -> tuple[str, ...]:
    return tuple(world.statics.id_no.take(who).to_pylist())


def everywhere(world: World) -> tuple[str, ...]:
    return tuple(world.statics.village_codes().to_pylist())


def test_measures_that_forbid_nothing_change_nothing_bit_for_bit(begun: World) -> None:
    idle = Measures(
        isolations=(Isolation((), central=True),),
        closures=(Closure(everywhere(begun), strictness=0.0), Closure(compliance=0.0)),
        rooms=0,
    )
    plain, none, held = begun.fork(), begun.fork(), begun.fork()
    for _ in range(4):
        free, *others = plain.step(), none.step(Measures()), held.step(idle)
        for day in others:
            assert np.array_equal(day.visits.time_in, free.visits.time_in)
            assert day.records.tobytes() == free.records.tobytes()
            assert day.samples.tobytes() == free.samples.tobytes()
        assert free.restricted.shape == (4, 0)
    assert solve.truth_hash(plain) == solve.truth_hash(none) == solve.truth_hash(held)


def test_a_full_lockdown_leaves_only_households_to_infect(begun: World) -> None:
    world = begun.fork()
    before = len(world.course)
    for _ in range(6):
        day = world.step(Measures(closures=(Closure(everywhere(world)),)))
        assert len(day.visits) == 0
        counted = day.restricted[AREA].sum() + (day.restricted.sum(axis=0) == 0).sum()
        assert counted == world.statics.people.people  # all but those in hospital
    new = world.course[before:]
    assert len(new)
    assert set(new["setting"].tolist()) <= {SETTING_HOUSEHOLD, SETTING_IMPORT}


def test_isolating_all_the_infected_in_rooms_ends_it(begun: World) -> None:
    world = begun.fork()
    infected = world.course["person"].copy()
    held = Measures(isolations=(Isolation(ids(world, infected), central=True),))
    for _ in range(12):
        world.step(held)
    assert len(world.course) == len(infected)


def test_isolation_at_home_still_reaches_the_household_and_only_it(begun: World) -> None:
    world = begun.fork()
    infected = world.course["person"].copy()
    for _ in range(8):
        world.step(Measures(isolations=(Isolation(ids(world, infected)),)))
    new = world.course[len(infected) :]
    assert (new["setting"][np.isin(new["source"], infected)] == SETTING_HOUSEHOLD).all()
    assert np.isin(new["source"], infected).any()


def test_isolation_begins_at_its_hour(begun: World) -> None:
    who = np.arange(3_000)
    plain, held = begun.fork(), begun.fork()
    free = plain.step()
    day = held.step(Measures(isolations=(Isolation(ids(begun, who), from_hour=12.0),)))
    mine = day.visits.person < 3_000
    assert 0 < mine.sum() < (free.visits.person < 3_000).sum()
    assert (day.visits.time_in[mine] < 12 * HOUR_S).all()
    assert (day.visits.time_out[mine] <= 12 * HOUR_S).all()
    again = held.visits_again(DAY, who)
    assert np.array_equal(again.time_out, day.visits.time_out[mine])
    in_hospital = (day.restricted.sum(axis=0) == 0) & (np.arange(10_000) < 3_000)
    assert day.restricted[HOME].sum() == pytest.approx((3_000 - in_hospital.sum()) / 2)


def test_strictness_and_compliance_multiply_and_a_stricter_closure_takes_more(
    begun: World,
) -> None:
    whole = len(begun.fork().step().visits)
    kept = {}
    for strictness, compliance in ((0.5, 1.0), (0.9, 1.0), (0.9, 0.6)):
        held = Closure(everywhere(begun), strictness=strictness, compliance=compliance)
        day = begun.fork().step(Measures(closures=(held,)))
        kept[strictness, compliance] = set(
            zip(day.visits.person.tolist(), day.visits.time_in.tolist(), strict=True)
        )
        assert len(day.visits) / whole == pytest.approx(1 - strictness * compliance, abs=0.02)
    assert kept[0.9, 1.0] < kept[0.5, 1.0]
    assert kept[0.9, 1.0] < kept[0.9, 0.6]


def test_a_closed_building_holds_its_residents_and_a_closed_place_its_visitors(
    begun: World,
) -> None:
    static = begun.statics
    building, of_person = static.cells
    place = int(np.argmax(np.bincount(begun.fork().step().visits.place)))
    closures = (
        Closure((building[5].as_py(),)),
        Closure(places=(static.place_id[place].as_py(),)),
    )
    day = begun.fork().step(Measures(closures=closures))
    assert not (of_person[day.visits.person] == 5).any()
    assert not (day.visits.place == place).any()
    assert day.restricted[AREA].sum() == (day.restricted[AREA][of_person == 5]).sum() > 0


def test_rooms_go_to_the_first_and_the_others_stay_at_home(begun: World) -> None:
    first, later = np.arange(100, 160), np.arange(500, 540)
    held = Measures(
        isolations=(
            Isolation(ids(begun, first), central=True),
            Isolation(ids(begun, later), central=True),
        ),
        rooms=70,
    )
    day = begun.fork().step(held)
    sick = day.restricted.sum(axis=0) == 0
    assert day.restricted[CENTRAL].sum() == 70
    assert (day.restricted[CENTRAL][first] + sick[first] == 1).all()
    assert day.restricted[HOME].sum() == 100 - 70 - sick[[*first, *later]].sum()


def test_people_and_person_days_are_conserved(begun: World) -> None:
    """However measures overlap, nobody is restricted for more than the day."""
    static = begun.statics
    who = ids(begun, np.arange(0, 2_000, 3))
    held = Measures(
        isolated=ids(begun, np.arange(50)),
        closed_villages=everywhere(begun)[:2],
        isolations=(Isolation(who, 6.0, central=True), Isolation(who, 3.0)),
        closures=(Closure(everywhere(begun), from_hour=8.0),),
    )
    world = begun.fork()
    for _ in range(3):
        day = world.step(held)
        total = day.restricted.sum(axis=0)
        assert day.restricted.min() >= 0
        assert total.max() <= 1.0 + 1e-12
        assert day.restricted.sum() == pytest.approx(sum(total.tolist()))
        assert len(np.unique(world.course["person"])) == len(world.course)
        assert (world.record_of[world.course["person"]] == np.arange(len(world.course))).all()
    inside = static.residents(everywhere(begun)[:2])
    assert (day.restricted[AREA][inside] + day.restricted[HOME][inside] > 0).any()


def test_a_laboratory_that_takes_longer_reports_later(begun: World) -> None:
    waits = []
    for hours in ((2.0, 4.0), (30.0, 40.0)):
        world = begun.fork()
        held = Round(everywhere(world), turnout=1.0, sensitivity=1.0, result_h=hours)
        world.step(Measures(rounds=(held,)))
        found = world.course[world.course["found_by"] == 3]
        assert len(found)
        waits.append((found["confirmed_s"] - found["sampled_s"]) / HOUR_S)
    assert waits[0].max() <= 4.0
    assert waits[1].min() >= 30.0
    assert (found["confirmed_s"] < NEVER).all()


def test_measures_that_make_no_sense_are_refused(begun: World) -> None:
    with pytest.raises(BadInput, match="between 0 and 24"):
        Isolation((), from_hour=25.0)
    with pytest.raises(BadInput, match="strictness"):
        Closure(strictness=1.2)
    with pytest.raises(BadInput, match="rooms"):
        Measures(rooms=-1)
    with pytest.raises(BadInput, match="no building"):
        begun.fork().step(Measures(closures=(Closure(("140105001001-99999",)),)))


def test_masks_take_away_hazard_but_not_where_people_eat(begun: World) -> None:
    """All masked and all effect: only homes and restaurants still infect."""
    world = begun.fork()
    for _ in range(3):
        new = world.step(Measures(masks=Masks(share=1.0, effect=1.0))).infections
        out = new["place"][new["setting"] == SETTING_PLACE]
        assert (world.statics.places.kind[out] == RESTAURANT).all()
    assert Masks(share=0.5, effect=0.5).left == pytest.approx(0.75**2)
    with pytest.raises(BadInput):
        Masks(share=1.5)


def test_shut_places_count_by_the_hours_they_took_from_the_free(begun: World) -> None:
    world = begun.fork()
    shut = world.statics.place_id.filter(pa.array(world.statics.places.kind == RESTAURANT))
    plain = begun.fork().step().visits
    result = world.step(Measures(closures=(Closure(places=tuple(shut.to_pylist())),)))
    assert not (world.statics.places.kind[result.visits.place] == RESTAURANT).any()
    people = world.statics.people.people
    before, after = (schedule.hours(one, people) for one in (plain, result.visits))
    found = result.restricted[PLACE]
    went = (before > 0) & (result.restricted[:PLACE].sum(axis=0) == 0)
    ill = world.course["person"]
    went[ill] = False  # whose visits end when they are found
    assert found[went] == pytest.approx(1 - after[went] / before[went])
    assert 0 < found.sum() < people
