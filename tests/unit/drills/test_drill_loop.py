"""A drill: what is known comes late and dirty, what is decided acts the next day."""

from __future__ import annotations

import ast
import dataclasses
import math
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from zhongshu.engines.world import feeds, mess, reproduction
from zhongshu.engines.world.days.epidemic import NEVER
from zhongshu.engines.world.margins import Margins
from zhongshu.engines.world.model import DayResult, Isolation, Measures
from zhongshu.engines.world.statics import make
from zhongshu.kernel.errors import BadInput, NotFound
from zhongshu.service.drills import county, loop, policies, propose, score
from zhongshu.service.drills import known as known_module
from zhongshu.service.drills.known import Known
from zhongshu.service.drills.loop import Room
from zhongshu.service.drills.model import DAY_S, Case, Contact, Decision, Proposals, Scenario, Score

NO_MESS = mess.Rates(**dict.fromkeys((one.name for one in dataclasses.fields(mess.Rates)), 0.0))
AIMS = propose.Aims()
NAMES = ("nothing", "trace-only", "county-lockdown", "ours")


@pytest.fixture(scope="module")
def scores(room: Room) -> dict[str, Score]:
    return {name: loop.run(room, policies.named(name)) for name in NAMES}


def test_the_same_seed_and_policy_give_the_same_score(room: Room, scores: dict[str, Score]) -> None:
    assert loop.run(room, policies.named("ours")) == scores["ours"]


def test_doing_nothing_restricts_nobody_and_infects_most(scores: dict[str, Score]) -> None:
    nothing = scores["nothing"]
    assert nothing.person_days == 0
    assert nothing.rounds == nothing.peak_rooms == 0
    for name in NAMES[1:]:
        assert scores[name].infections < nothing.infections / 3
        assert scores[name].rounds >= 3


def test_all_begin_on_the_evening_of_the_first_case(scores: dict[str, Score]) -> None:
    assert len({one.started_day for one in scores.values()}) == 1
    assert len({one.infections - one.later for one in scores.values()}) == 1


def test_each_policy_restricts_as_it_says(room: Room, scores: dict[str, Score]) -> None:
    locked, traced, ours = scores["county-lockdown"], scores["trace-only"], scores["ours"]
    assert locked.home_pd == locked.central_pd == 0
    assert locked.area_pd > room.scenario.people
    assert traced.area_pd == 0
    assert 0 < traced.peak_rooms <= room.rooms
    assert ours.area_pd > 0
    assert ours.person_days < locked.person_days / 3


class Watching:
    """Does what another policy does, and remembers what it was shown."""

    def __init__(self, policy: policies.Automatic) -> None:
        self.policy = policy
        self.name, self.asks = policy.name, policy.asks
        self.seen: list[Proposals] = []

    def decide(self, proposals: Proposals) -> Decision:
        self.seen.append(proposals)
        return self.policy.decide(proposals)


def test_a_person_could_decide_in_place_of_a_policy(room: Room, scores: dict[str, Score]) -> None:
    person = Watching(policies.named("ours"))
    assert loop.run(room, person) == scores["ours"]
    first = person.seen[0]
    assert first.day == scores["ours"].started_day
    assert first.round_due
    assert first.areas
    assert any(one.contacts for one in person.seen)


def test_nothing_is_known_before_its_day(
    room: Room,
) -> None:
    world = room.world.fork()
    known = Known(room.register, world.statics.params.start, keep_days=8)
    for day in range(12):
        result = world.step()
        known.take(day, loop.sent(world, result))
        late = (day + 1) * DAY_S
        assert all(case.confirmed_s < late for case in known.cases.values())
    found = world.course["person"][world.course["confirmed_s"] < NEVER]
    assert set(known.cases) <= set(found.tolist())
    visits = known.visits()
    assert (
        visits["recorded_at"].to_numpy() < np.datetime64(known.until(11).replace(tzinfo=None))
    ).all()


def test_mistyped_rows_are_counted_and_doubled_cases_are_one(room: Room) -> None:
    world = room.world.fork()
    clean, dirty = (Known(room.register, world.statics.params.start, keep_days=8) for _ in range(2))
    bad = mess.Rates(twice=0.4, mistyped_id=0.4, visits_twice=0.1, visits_mistyped=0.1)
    for day in range(14):
        result = world.step()
        tables = {"visits": feeds.visits(world, result), "cases": feeds.cases(world, result)}
        clean.take(day, mess.dirty(tables, seed=1, day=day, rates=NO_MESS, by_hand=NO_MESS))
        dirty.take(day, mess.dirty(tables, seed=1, day=day, rates=bad, by_hand=bad))
    assert clean.rejected == 0
    assert dirty.rejected > 0.05 * clean.visits().num_rows
    assert clean.cases == dirty.cases
    assert len(clean.cases) > 5
    assert dirty.visits().num_rows > clean.visits().num_rows  # tracing joins doubled scans itself


def test_an_order_begins_at_its_hour_and_then_holds_all_day(room: Room) -> None:
    orders = loop.Orders(room)
    contact = Contact(person=17, degree=1, last_day=4, score=1.0)
    area = room.register.area_id[0].as_py()
    decision = Decision(isolate=(contact,), areas=(area,))
    first, second = orders.of(decision, day=6), orders.of(decision, day=7)
    assert [one.from_hour for one in first.isolations] == [room.scenario.from_hour]
    assert [one.from_hour for one in first.closures] == [room.scenario.from_hour]
    assert [one.from_hour for one in second.isolations] == [0.0]
    assert [one.from_hour for one in second.closures] == [0.0]
    assert first.isolations[0].people == (room.register.id_no[17].as_py(),)
    assert orders.of(Decision(), day=8) == Measures()
    assert orders.since_s == {}


def test_a_contact_stays_for_the_days_of_the_edition(room: Room) -> None:
    """Twenty measures: five days centrally, three at home, from the last contact."""
    contact = Contact(person=1, degree=1, last_day=10, score=1.0)
    stays = [propose.stay(contact, room.figures, day=day) for day in range(11, 20)]
    assert stays == ["central"] * 5 + ["home"] * 3 + [None]


def case(day: int, *, isolated: bool = False) -> Case:
    return Case(day, day * DAY_S, day * DAY_S, day * DAY_S, day, isolated)


def test_rounds_go_on_until_three_are_clean_then_pause_and_end(room: Room) -> None:
    """Three days in a row, three days of pause, one more; a case begins it anew."""
    cases = {1: case(5), 2: case(8, isolated=True)}
    held: list[int] = []
    for day in range(5, 20):
        if propose.round_due(cases, held, room.figures, day=day):
            held.append(day + 1)
    assert held == [6, 7, 8, 12]
    assert propose.round_due({**cases, 3: case(20)}, held, room.figures, day=20)
    assert not propose.round_due({}, [], room.figures, day=3)


def test_a_county_opens_after_the_clean_days(room: Room) -> None:
    cases = {1: case(5), 2: case(9, isolated=True)}
    last = 5 + room.figures.clean_days - 1
    assert propose.locked(cases, room.figures, day=last)
    assert not propose.locked(cases, room.figures, day=last + 1)


def test_r0_is_how_many_the_imported_infect(margins: Margins) -> None:
    """Set to 3, measured again with other luck."""
    scenario = Scenario(people=6_000, r0=3.0)
    hashed = county.hashed(margins)
    factor = county.factor(3.0, 6_000, scenario.county, hashed)
    params = county.params(scenario, seed=9, rooms_per_10000=0.0)
    static = make(reproduction.index_cases(params), county.alone(scenario.county, hashed))
    few, right, many = (reproduction.reproduction(static, factor * by) for by in (0.5, 1.0, 2.0))
    assert few < right < many
    assert right == pytest.approx(3.0, rel=0.4)  # 48 people whose luck differs


def test_scores_of_seeds_become_means_with_intervals(scores: dict[str, Score]) -> None:
    one = scores["ours"]
    three = [dataclasses.replace(one, seed=k, infections=n) for k, n in enumerate((10, 20, 30))]
    told = score.summary(three)["infections"]
    assert told is not None
    assert told.mean == 20
    assert told.high == pytest.approx(20 + 4.303 * 10 / 3**0.5, abs=0.01)  # Student's t, 2 degrees
    other = [dataclasses.replace(item, infections=item.infections + 5) for item in three]
    paired = score.paired(three, other[::-1], "infections")
    assert paired is not None
    assert (paired.mean, paired.low, paired.high) == (-5, -5, -5)
    assert score.ratio(three, other, "infections") == 60 / 75
    assert score.interval([]) is None


def test_what_makes_no_sense_is_refused(margins: Margins) -> None:
    with pytest.raises(BadInput, match="people"):
        Scenario(people=100)
    with pytest.raises(BadInput, match="share"):
        Scenario(sensitivity=1.5)
    with pytest.raises(BadInput, match="R0"):
        Scenario(r0=0.0)
    with pytest.raises(BadInput, match="no policy"):
        policies.named("hope")
    with pytest.raises(BadInput, match="no county"):
        loop.prepare(Scenario(county="999999000000"), margins, seed=1)
    with pytest.raises(NotFound):
        loop.prepare(Scenario(pack="no-such-pack"), margins, seed=1)


def test_the_score_counts_what_the_days_restricted(room: Room) -> None:
    """Person-days are the sum over persons and days of the shares the world tells."""
    world, days = room.world.fork(), []
    tally = score.Tally(world)
    orders = loop.Orders(room)
    decision = Decision(isolate=(Contact(3, 1, 2, 1.0), Contact(4, 1, 2, 0.5)), lock=True)
    for day in range(4):
        result: DayResult = world.step(orders.of(decision, day=day))
        tally.add(result, world)
        days.append(result.restricted.sum(axis=1))
    known = Known(room.register, world.statics.params.start, keep_days=8)
    told = tally.score(world, policy="by hand", known=known, contacts=())
    shares = [told.area_pd, told.home_pd, told.central_pd, told.place_pd]
    assert shares == pytest.approx(sum(days).tolist())
    assert told.peak_rooms == 2
    so_far = tally.so_far()
    assert so_far.person_days == pytest.approx(told.person_days)
    assert (so_far.tests, so_far.rounds, so_far.rooms) == (told.tests, told.rounds, 2)


def test_everybody_stays_on_the_day_of_the_first_round_and_no_longer(room: Room) -> None:
    first = {1: case(5)}
    held = [propose.first_round(first, room.figures, day=day) for day in (5, 6, 7)]
    assert held == [True, False, False]
    shown = Proposals(
        day=5, contacts={}, areas=("a",), places=("p",), county=True, round_due=True, still=True
    )
    rest = {"protect": True, "places": ("p",)}
    traced = {"standing": (1, 2), **rest}
    decided = {name: policies.named(name).decide for name in ("ours", "trace-only")}
    assert decided["ours"](shown) == Decision(areas=("a",), lock=True, round_=True, **traced)
    later = dataclasses.replace(shown, still=False, round_due=False)
    assert decided["ours"](later) == Decision(areas=("a",), **traced)
    assert decided["trace-only"](shown) == Decision(round_=True, **traced)
    assert policies.named("county-lockdown").decide(later) == Decision(lock=True, **rest)
    over = dataclasses.replace(later, county=False)
    assert decided["trace-only"](over) == Decision(standing=(1, 2))
    assert policies.named("nothing").decide(shown) == Decision()


def test_everybody_stays_again_after_an_evening_with_many_at_large(room: Room) -> None:
    known = Known(room.register, room.world.statics.params.start, keep_days=8)
    aims = propose.Aims(still_per_10000=5.0)
    people = len(room.register.id_no)
    many = math.ceil(5.0 * people / 10_000)
    known.cases = {n: dataclasses.replace(case(9), person=n) for n in range(many)}
    known.cases[many] = case(2)
    assert propose.still(known, room.figures, aims, day=9)
    assert not propose.still(known, room.figures, aims, day=8)
    known.cases[0] = dataclasses.replace(known.cases[0], isolated=True)
    assert not propose.still(known, room.figures, aims, day=9)


def test_fewer_are_many_while_few_results_of_the_first_round_have_come(room: Room) -> None:
    known = Known(room.register, room.world.statics.params.start, keep_days=8)
    aims = propose.Aims(still_per_10000=10.0, still_first_per_10000=5.0)
    some = math.ceil(5.0 * len(room.register.id_no) / 10_000)
    known.cases = {n: dataclasses.replace(case(9), person=n) for n in range(some)}
    known.cases[some] = case(8)
    assert propose.still(known, room.figures, aims, day=9)
    known.cases[some] = case(7)
    assert not propose.still(known, room.figures, aims, day=9)


@pytest.mark.parametrize(
    ("evenings", "held"),
    [
        pytest.param([1, 0, 9, 9, 9, 1, 0], "-------", id="many before it counts"),
        pytest.param([1, 0, 9, 9, 9, 9, 0, 0, 0], "-----BB--", id="many late"),
        pytest.param([1, 0, 9, 9, 1, 9, 1, 9, 1], "---------", id="never two in a row"),
        pytest.param(
            [1, 0, 0, 0, 0, 3, 3, 1, 0, 1, 0, 0], "------BBBBB-", id="as many as it takes"
        ),
        pytest.param([1, 0, 0, 0, 0, 2, 2, 2, 2], "---------", id="too few"),
        pytest.param([1, 0, 0, 0, 3, 3, 0, 0, 3, 3, 0, 0], "-----BB--BB-", id="again"),
        pytest.param([4], "-", id="the first evening"),
    ],
)
def test_tracing_is_behind_while_many_at_large_still_come_late(
    evenings: list[int], held: str
) -> None:
    """Three of 20,000 on two evenings in a row, the fifth or later; over after two without any."""
    told = [propose.behind(evenings[: at + 1], 20_000, AIMS) for at in range(len(evenings))]
    assert "".join("B" if one else "-" for one in told) == held


def test_everybody_stays_at_home_while_tracing_is_behind(room: Room) -> None:
    """Cases whom isolation had are none at large, and what came in an evening counts there."""
    known = Known(room.register, room.world.statics.params.start, keep_days=8)
    few = math.ceil(AIMS.behind_per_10000 * len(room.register.id_no) / 10_000)
    days = [2, *[8] * few, *[9] * few, 10]
    known.cases = {n: dataclasses.replace(case(day), person=n) for n, day in enumerate(days)}
    held = [propose.still(known, room.figures, AIMS, day=day) for day in range(3, 13)]
    assert held == [False] * 6 + [True] * 3 + [False]
    known.cases[1] = dataclasses.replace(known.cases[1], isolated=True)
    assert not propose.still(known, room.figures, AIMS, day=9)


def test_the_rest_of_the_county_wears_masks_and_eats_at_home(room: Room) -> None:
    orders = loop.Orders(room)
    crowded = room.register.place_id[0].as_py()
    decision = Decision(protect=True, places=(crowded,))
    first, second = orders.of(decision, day=6), orders.of(decision, day=7)
    assert first.masks.share == room.scenario.masked
    assert {one.places for one in first.closures} == {room.register.restaurants, (crowded,)}
    assert {one.from_hour for one in first.closures} == {room.scenario.from_hour}
    assert {one.from_hour for one in second.closures} == {0.0}
    assert orders.of(Decision(), day=8) == Measures()


def test_contacts_named_by_day_are_isolated_within_the_hours_of_the_pack(room: Room) -> None:
    """A standing order: the hours count from when the case came in, and the evening keeps them."""
    orders, near, far = loop.Orders(room), Contact(3, 1, 5, 1.0), Contact(4, 2, 5, 1.0)
    orders.of(Decision(standing=(1,)), day=6)
    orders.add([near, far], since_s=6 * DAY_S + 16 * 3600)
    (isolation,) = orders.measures(6).isolations
    assert isolation.from_hour == 16.0
    assert isolation.people == (room.register.id_no[3].as_py(),)
    orders.add([near], since_s=6 * DAY_S + 20 * 3600)
    (again,) = orders.of(Decision(isolate=(near,)), day=7).isolations
    assert again.from_hour == 0.0
    assert orders.since_s == {3: 6 * DAY_S + 16 * 3600}


def test_rooms_go_first_to_those_who_would_endanger_most_at_home(room: Room) -> None:
    """Days old counts less, and whoever lives alone comes last however much he met."""
    size = room.register.home_size[room.register.home]
    alone = int(np.flatnonzero(size == 1)[0])
    first, second, third = np.flatnonzero(size > 1)[:3].tolist()
    orders = loop.Orders(room)
    shown = [(alone, 6, 1.0), (first, 6, 0.2), (second, 3, 0.9), (third, 6, 0.9)]
    contacts = [Contact(person, 1, last, score) for person, last, score in shown]
    (isolation,) = orders.of(Decision(isolate=tuple(contacts)), day=7).isolations
    wanted = [third, second, first, alone]
    assert list(isolation.people) == room.register.id_no.take(pa.array(wanted)).to_pylist()


def test_the_household_is_fetched_with_its_case(room: Room, monkeypatch: Any) -> None:
    """Sooner than the hours the pack gives for contacts, but not in the early morning."""
    began: dict[int, list[int]] = {}

    def add(self: loop.Orders, named: list[Contact], *, since_s: int) -> None:
        for one in named:
            began.setdefault(one.person, []).append(since_s)
        plain(self, named, since_s=since_s)

    plain = loop.Orders.add
    monkeypatch.setattr(loop.Orders, "add", add)
    loop.run(room, policies.named("trace-only"))
    twice = [since for since in began.values() if len(since) > 1]
    assert twice
    assert all(since[0] <= since[1] for since in twice)
    assert all(s % DAY_S >= loop.FETCH_FROM_H * 3600 for since in twice for s in since[:1])


def test_what_is_found_by_day_hangs_on_the_day_alone(room: Room) -> None:
    """Isolating people during a day moves no case of that day, so it may be looked at ahead."""
    world = room.world.fork()
    for _ in range(6):
        world.step()
    ids = tuple(room.register.id_no.to_pylist()[:500])
    apart = Measures(isolations=(Isolation(ids, from_hour=9.0),))
    plain, held = world.fork().step(), world.fork().step(apart)
    assert plain.cases.tolist() == held.cases.tolist()


def test_what_proposes_and_decides_cannot_read_the_truth() -> None:
    """Neither sees the world: only the loop steps it, and only the score opens it."""
    for module in (propose, policies, known_module):
        tree = ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))
        named = [one.module for one in ast.walk(tree) if isinstance(one, ast.ImportFrom)]
        assert len(named) > 2
        assert not [name for name in named if name and name.startswith("zhongshu.engines.world")]


def test_the_days_of_an_outcome_add_up_to_its_score(room: Room, scores: dict[str, Score]) -> None:
    told = loop.outcome(room, policies.named("ours"))
    assert told.score == scores["ours"]
    assert sum(told.infected) == told.score.infections
    assert sum(told.restricted) == pytest.approx(told.score.person_days)
    assert len(told.restricted) <= room.scenario.days
