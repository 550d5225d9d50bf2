"""A county that passes the threshold goes on as persons, and the answer is made of both."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

import numpy as np
import pytest

from zhongshu.engines.whatif import answers, options
from zhongshu.engines.whatif.counties import (
    answering,
    begun,
    couple,
    couple_match,
    couple_persons,
    matched,
    model,
    plan,
)
from zhongshu.engines.whatif.outbreak import model as outbreak
from zhongshu.engines.whatif.outbreak import plan as outbreak_plan
from zhongshu.engines.whatif.outbreak import solve as outbreak_solve
from zhongshu.engines.whatif.outbreak.population import Population
from zhongshu.engines.whatif.outbreak.synthetic import Margins, synthetic
from zhongshu.kernel.disease.params import SYNTHETIC
from zhongshu.kernel.errors import BadInput

COURSE = matched.matched(SYNTHETIC, isolated_d=10.0, to_hospital_d=9.0, in_hospital_d=8.0)
PROVINCE = model.Province(
    codes=("A", "B", "C"), people=np.full((3, 2), 12_000), contacts=np.full((2, 2), 5.0),
    commuting=np.full((3, 3), 0.02) + 0.94 * np.eye(3), susceptibility=np.ones(2),
    severe=np.array([0.05, 0.2]),
)  # fmt: skip
SETTING = plan.Setting(household=0.3, venues=0.4, care_seeking=0.8, contacts_per_case=12.0)
DAYS, RUNS, EARLY = 16, 8, 5
TRACED = options.Option(
    name="traced",
    areas=(options.Area(units=("A", "B"), from_hour=60, to_hour=300, strictness=0.5),),
    rounds=(options.Round(units=("A",), start_hour=36, every_d=3, count=3, sensitivity=0.9),),
    tracing=options.Tracing(depth=1, delay_h=24, recall=0.5),
    isolation=options.Isolation(contacts="central", days=5, case_days=10, tests_d=(1, 3)),
    capacities=options.Capacities(
        rooms=(("near", 30), ("far", 300)), beds=(("bed", 60),), tests_per_day=18_000,
        lab_tubes_h=90.0, transfers_per_day=40,
    ),
    costs=(("tests", 2.0), ("person_days_locked", 1.0)),
)  # fmt: skip
OPTIONS = (options.BASELINE, TRACED)
ASKED = couple.Asked(PROVINCE, COURSE, SETTING, OPTIONS)


@pytest.fixture(scope="module")
def people() -> Population:
    margins = Margins(
        codes=("A",), ages=np.array([[12_000, 12_000]]), age_from=np.array([0, 40]),
        household_size=np.array([2.8]), one_person=np.array([0.2]),
    )  # fmt: skip
    return synthetic(margins, seed=1)


@pytest.fixture(scope="module")
def compared() -> answering.Compared:
    start = begun.start(PROVINCE, COURSE, np.array([9.0, 3.0, 0.0]), unfound=2)
    return answering.compare(
        PROVINCE, COURSE, OPTIONS, start, setting=SETTING, days=DAYS,
        run=model.Run(runs=RUNS, seed=2), r0=3.0,
    )  # fmt: skip


class Listener:
    """Says ones for every measure it knows, and keeps what it heard."""

    def __init__(self, *counties: str) -> None:
        self.counties = counties
        self.heard: list[couple.Handover] = []

    def levelled(self, handovers: Sequence[couple.Handover]) -> Listener:
        return self

    def take_over(self, handover: couple.Handover) -> Mapping[str, model.F64]:
        self.heard.append(handover)
        left = handover.days - handover.day
        return {name: np.ones(left) for name in (*answers.MEASURES, "rooms.near", "beds.bed")}


def test_what_is_handed_over_is_what_was_found_and_who_is_kept_apart(
    compared: answering.Compared,
) -> None:
    listener = Listener("A", "B")
    registered = {"A": np.array([-3, -1])}
    coupled = couple.hand_over(
        ASKED, compared, listener, threshold=EARLY, registered=registered, threads=1
    )
    assert len(listener.heard) == (coupled.handed >= 0).sum() > RUNS
    for one in listener.heard:
        county = PROVINCE.codes.index(one.county)
        at = [option.name for option in OPTIONS].index(one.option.name)
        counted = compared.futures[at].counted[one.run, :, county]
        known = counted[:, model.FOUND] + counted[:, model.TRACED]
        before = registered.get(one.county, np.zeros(0))
        assert coupled.handed[at, one.run, county] == one.day > 0
        assert known[: one.day].sum() + len(before) >= EARLY
        assert known[: one.day - 1].sum() + len(before) < EARLY
        assert sorted(one.found_d) == sorted(
            [*(before - one.day), *np.repeat(np.arange(one.day) - one.day, known[: one.day])]
        )
        if at == 0:
            assert one.kept_d.size == 0
        elif one.kept_d.size:  # their cases are traced, and their days are not over
            assert one.kept_d.max() < -1
            assert one.kept_d.min() >= -one.day
        assert one.at_large == (counted[one.day - 1, model.AT_LARGE] if one.day else 0)
    assert any(one.kept_d.size for one in listener.heard)
    assert (coupled.handed[:, :, 2] == couple.NOT_HANDED).all()


def test_the_answer_is_the_rest_of_the_counties_and_what_the_persons_say(
    compared: answering.Compared,
) -> None:
    coupled = couple.hand_over(ASKED, compared, Listener("A"), threshold=EARLY)
    for at, option in enumerate(OPTIONS):
        futures = compared.futures[at]
        for run in range(RUNS):
            day = coupled.handed[at, run, 0]
            cut = DAYS if day < 0 else day
            told = coupled.answer.of(option.name, "infections")[run]
            counted = futures.counted[run, :, :, model.INFECTIONS]
            assert (told[:cut] == counted[:cut].sum(axis=1)).all()
            assert (told[cut:] == counted[cut:, 1:].sum(axis=1) + 1).all()
            locked = coupled.answer.of(option.name, "person_days_locked")[run]
            whole = compared.answer.of(option.name, "person_days_locked")[run]
            assert locked[cut:] == pytest.approx(whole[cut:] / 2 + 1)
    sums = {name: coupled.answer.of("traced", name) for name in ("tests", "person_days_locked")}
    cost = 2 * sums["tests"] + sums["person_days_locked"]
    assert coupled.answer.of("traced", "cost") == pytest.approx(cost, rel=1e-5)


def test_a_county_registered_beyond_the_threshold_is_handed_over_on_the_first_day(
    compared: answering.Compared,
) -> None:
    listener = Listener("B")
    registered = {"A": np.full(40, -2), "B": np.full(40, -2)}
    coupled = couple.hand_over(ASKED, compared, listener, threshold=30, registered=registered)
    assert (coupled.handed[:, :, 1] == 0).all()
    assert (coupled.passed[:, :, 0] == 0).all()
    assert (coupled.handed[:, :, [0, 2]] == couple.NOT_HANDED).all()
    assert {one.found_d.size for one in listener.heard} == {40}


def test_a_county_below_the_threshold_is_left_alone(compared: answering.Compared) -> None:
    coupled = couple.hand_over(ASKED, compared, Listener("A", "B", "C"), threshold=10**6)
    assert (coupled.handed == couple.NOT_HANDED).all()
    assert coupled.answer.runs.tobytes() == compared.answer.runs.tobytes()
    with pytest.raises(BadInput, match="first case"):
        couple.hand_over(ASKED, compared, Listener(), threshold=0)


def test_a_county_s_part_has_its_areas_its_share_of_means_and_the_hours_of_the_question() -> None:
    part, places = couple.own_part(TRACED, PROVINCE, 0)
    assert part.areas[0].units == ("A",)
    assert (part.areas[0].from_hour, places) == (60, {0: 0})
    assert part.capacities.rooms == (("near", 10), ("far", 100))
    assert part.capacities.beds == (("bed", 20),)
    assert (part.capacities.tests_per_day, part.capacities.lab_tubes_h) == (18_000, 90.0)
    assert part.capacities.transfers_per_day == 13
    other, places = couple.own_part(TRACED, PROVINCE, 2)
    assert (other.areas, other.rounds, places) == ((), (), {})
    assert (other.capacities.tests_per_day, other.capacities.lab_tubes_h) == (0, 0.0)


def test_hours_are_shifted_to_the_handover_and_what_had_ended_has_ended(people: Population) -> None:
    part, _ = couple.own_part(TRACED, PROVINCE, 0)
    made = outbreak_plan.plan(part, people, DAYS)
    moved = couple_persons.shifted(made, 4 * 24)
    assert moved.area[0, :2].tolist() == [60 - 96, 300 - 96]
    assert moved.round_start.tolist() == [36 - 96, 108 - 96, 180 - 96]
    open_end = dataclasses.replace(part, areas=(options.Area(units=("A",), from_hour=8),))
    kept = couple_persons.shifted(outbreak_plan.plan(open_end, people, DAYS), 48)
    assert kept.area[0, :2].tolist() == [-40, outbreak.NEVER]
    assert made.area[0, 0] == 60


def persons(people: Population, **given: object) -> couple_persons.OutbreakModel:
    return couple_persons.OutbreakModel(
        populations={"A": people},
        model=outbreak.Model(),
        seed=5,
        **given,  # type: ignore[arg-type]
    )


def handover(option: options.Option, day: int = 0, **given: object) -> couple.Handover:
    part, _ = couple.own_part(option, PROVINCE, 0)
    known = {
        "county": "A", "run": 0, "option": part, "day": day, "days": DAYS,
        "found_d": np.repeat(np.arange(-8, 0), 3), "kept_d": np.zeros(0, dtype=np.int64),
        "ended": {},
    } | given  # fmt: skip
    return couple.Handover(**known)  # type: ignore[arg-type]


def test_a_handover_on_the_first_day_is_the_outbreak_model_itself(people: Population) -> None:
    """Registered persons, no hour shifted: to the bit what the model of persons says alone."""
    who = np.arange(0, 800, 40, dtype=np.int32)
    unknown = np.full(who.size, outbreak.NEVER, dtype=np.int32)
    start = outbreak.Start(
        person=who, infected_day=unknown, onset_day=unknown, found_h=-24 - who % 90
    )
    one = persons(people, starts={"A": start})
    told = one.take_over(handover(TRACED))
    key = one._key(handover(TRACED))
    part, _ = couple.own_part(TRACED, PROVINCE, 0)
    rows = outbreak_solve.infections(people, start, part, model=one.model, days=DAYS, key=key)
    days = np.bincount(rows[rows[:, 1] >= 0, 1] // 24, minlength=DAYS)
    assert told["infections"].tolist() == days.tolist()
    assert days.sum() > 0


def test_what_was_in_force_before_the_handover_held_back_before_it_too(
    people: Population,
) -> None:
    """A lockdown of ten days leaves fewer unfound on the day of the handover."""
    lock = options.Option(name="lock", areas=(options.Area(units=("A",), strictness=0.95),))
    sums = {}
    for name, option in (("free", options.BASELINE), ("lock", lock)):
        each = [
            persons(people).take_over(handover(option, 10, run=run))["severe"][:4].sum()
            for run in range(40)
        ]
        sums[name] = sum(each)
    assert sums["lock"] < 0.7 * sums["free"]


def test_rooms_taken_before_the_handover_are_taken(people: Population) -> None:
    kept = np.repeat(np.arange(-4, -1), 12)
    told = persons(people).take_over(handover(TRACED, 9, kept_d=kept))
    rooms = told["rooms.near"] + told["rooms.far"]
    assert rooms[0] >= 24  # those of four days ago leave on the next
    assert told["rooms.near"].max() <= 10
    assert told["beds.bed"].max() <= 20
    assert told["transfers"][0] < 24
    assert len(told["infections"]) == DAYS - 9


def test_matched_persons_go_on_as_the_county_would(people: Population) -> None:
    """Same r0, nothing done: the infections after the handover are those of the counts, where one
    case infects few (many unfound descend from nobody registered) as where one infects many."""
    match = couple_match.match(people, outbreak.Model(), PROVINCE, COURSE, SETTING, seed=1)
    assert (np.diff(match.persons) > 0).all()
    assert (np.diff(match.counties) > 0).all()
    runs = 40
    found = {}
    for r0 in (2.0, 3.5):
        start = begun.start(PROVINCE, COURSE, np.array([12.0, 0.0, 0.0]), unfound=2)
        before = answering.compare(
            PROVINCE, COURSE, (options.BASELINE,), start, setting=SETTING, days=21,
            run=model.Run(runs=runs, seed=4), r0=r0,
        )  # fmt: skip
        factor = match.transmission(np.full(runs, r0))
        turns = {"A": np.column_stack((factor, np.full(runs, 0.8)))}
        one = dataclasses.replace(persons(people), turns=turns)
        asked = dataclasses.replace(ASKED, several=(options.BASELINE,))
        after = couple.hand_over(asked, before, one, threshold=12)
        late = slice(12, None)
        found[r0] = [
            each.of("baseline", "infections")[:, late].sum()
            for each in (before.answer, after.answer)
        ]
        assert (after.handed[:, :, 0] > 0).sum() > runs / 4
    for counted, persons_say in found.values():
        assert 0.8 < persons_say / counted < 1.3


def test_persons_begin_with_as_many_at_large_as_the_counts_have(people: Population) -> None:
    """Of the same cases: more where the counts have more, fewer where they have fewer."""
    one = persons(people)
    asked = [handover(options.BASELINE, 10, run=run, at_large=0) for run in range(20)]
    bare = sum(one._at_large(each, couple_persons.Level()) for each in asked)
    for wanted in (bare // 2, 2 * bare):
        several = [dataclasses.replace(each, at_large=wanted // 20) for each in asked]
        level = one.levelled(several).levels["A"]
        there = sum(one._at_large(each, level) for each in several)
        assert there == pytest.approx(wanted, rel=0.25)
    first = one.levelled([handover(options.BASELINE, 0)])
    assert first.levels == {}  # as registered


def test_contacts_of_a_case_are_matched_to_those_persons_name(people: Population) -> None:
    each = couple_match.contacts_per_case(people, outbreak.Model(), TRACED, SETTING, seed=1)
    assert each > 0
    nobody = couple_match.contacts_per_case(
        people, outbreak.Model(), options.BASELINE, SETTING, seed=1
    )
    assert nobody == SETTING.contacts_per_case


def test_a_county_without_enough_people_is_refused(people: Population) -> None:
    many = handover(options.BASELINE, 5, found_d=np.full(len(people) + 1, -1))
    with pytest.raises(BadInput, match="only 24000 people"):
        persons(people).take_over(many)
    tiny = synthetic(
        Margins(codes=("A",), ages=np.array([[400]]), age_from=np.array([0]),
                household_size=np.array([2.8]), one_person=np.array([0.2])), seed=1,
    )  # fmt: skip
    with pytest.raises(BadInput, match="too few to match"):
        couple_match.registered(tiny, seed=1)
