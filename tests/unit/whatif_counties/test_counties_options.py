"""Options in the province: what each measure does, what is asked of it, and what is refused."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

from zhongshu.engines.whatif import options
from zhongshu.engines.whatif.counties import (
    answering,
    matched,
    measured,
    model,
    plan,
    risk,
    solve,
)
from zhongshu.kernel.disease.params import SYNTHETIC
from zhongshu.kernel.errors import BadInput

COURSE = matched.matched(SYNTHETIC, isolated_d=10.0, to_hospital_d=9.0, in_hospital_d=8.0)
SETTING = plan.Setting(household=0.3, venues=0.5, care_seeking=0.6, contacts_per_case=12.0)
DAYS = 30


def chain_of_counties(counties: int = 4) -> model.Province:
    """Counties in a row; five in a hundred go to each neighbour."""
    commuting = np.eye(counties) + 0.05 * (np.eye(counties, k=1) + np.eye(counties, k=-1))
    return model.Province(
        codes=tuple(f"C{n}" for n in range(counties)),
        people=np.full((counties, 2), 40_000),
        contacts=np.array([[6.0, 3.0], [3.0, 5.0]]),
        commuting=commuting / commuting.sum(axis=1, keepdims=True),
        susceptibility=np.ones(2),
        severe=np.array([0.01, 0.1]),
    )


PROVINCE = chain_of_counties()


def first_county(seeds: int = 40) -> model.I64:
    start = solve.empty_start(PROVINCE, COURSE)
    start[0, 0, 2] += seeds
    start[0, 0, 0] -= seeds
    return start


def compare(*several: options.Option, **given: Any) -> answering.Compared:
    return answering.compare(
        PROVINCE,
        COURSE,
        several,
        given.pop("start", first_county()),
        setting=given.pop("setting", SETTING),
        days=given.pop("days", DAYS),
        run=model.Run(runs=given.pop("runs", 30), seed=3),
        r0=given.pop("r0", 3.0),
        **given,
    )


def total(compared: answering.Compared, option: str, measure: str) -> float:
    return float(compared.answer.of(option, measure).sum(axis=1).mean())


LOCK = options.Option(name="lock", areas=(options.Area(units=("C0",), strictness=0.9),))
ROUNDS = options.Option(
    name="rounds",
    rounds=(
        options.Round(units=("C0", "C1"), every_d=3, count=5, pool_size=10, sensitivity=0.9,
                      coverage=0.95),
    ),
    isolation=options.Isolation(cases="central"),
    capacities=options.Capacities(rooms=(("near", 50), ("far", 200)), lab_hours=8),
    costs=(("tests", 2.0),),
)  # fmt: skip
TRACED = options.Option(
    name="traced",
    tracing=options.Tracing(depth=1, delay_h=24, recall=0.9),
    isolation=options.Isolation(contacts="central", days=7),
)


def test_each_measure_takes_infections_off_and_says_what_it_costs() -> None:
    compared = compare(options.BASELINE, LOCK, ROUNDS, TRACED)
    base = total(compared, "baseline", "infections")
    for name, most in (("lock", 0.6), ("rounds", 0.6), ("traced", 0.9)):
        assert total(compared, name, "infections") < most * base
    assert total(compared, "lock", "person_days_locked") == 80_000 * DAYS
    assert total(compared, "baseline", "person_days_locked") == 0
    assert total(compared, "rounds", "tests") == pytest.approx(5 * 160_000 * 0.95)
    assert total(compared, "rounds", "tubes") == pytest.approx(5 * 16_000 * 0.95)
    assert total(compared, "rounds", "cost") == pytest.approx(10 * 160_000 * 0.95)
    assert total(compared, "traced", "detected_in_quarantine") > 0
    assert total(compared, "baseline", "detected_in_quarantine") == 0
    assert compared.answer.label == "illustrative"


def test_the_answers_add_up() -> None:
    answer = compare(ROUNDS, TRACED).answer
    for name in answer.options:
        parts = answer.of(name, "detected_in_quarantine") + answer.of(name, "detected_community")
        assert (answer.of(name, "detected") == parts).all()
    near, far = answer.of("rounds", "rooms.near"), answer.of("rounds", "rooms.far")
    assert near.max() <= 50
    assert (far[near < 50] == 0).all()
    waited = np.cumsum(answer.of("rounds", "waiting"), axis=1) > 0
    assert waited.any()
    assert (answer.of("rounds", "p_rooms_out") == waited).all()
    assert set(np.unique(answer.of("rounds", "p_beds_out"))) == {0.0}
    assert np.isnan(answer.of("rounds", "p_transfers_out")).all()
    assert np.isnan(answer.of("rounds", "p_released")).all()
    assert answer.table().num_rows == 2 * DAYS * len(answer.measures)
    assert answer.compare("rounds").num_rows > 0


def test_an_option_that_changes_nothing_is_the_baseline_bit_for_bit() -> None:
    nothing = options.Option(
        name="nothing",
        areas=(options.Area(units=("C1",), strictness=0.0),),
        rounds=(options.Round(units=("C0",), count=3, coverage=0.0),),
        masks=options.Masks(share=0.9, effect=0.0),
    )
    runs = compare(options.BASELINE, nothing).answer.runs
    assert runs[0].tobytes() == runs[1].tobytes()


def test_counties_a_measure_cannot_reach_keep_their_luck() -> None:
    """Nobody commutes: locking C0 changes no bit of C2, where cases come from outside."""
    alone = dataclasses.replace(PROVINCE, commuting=np.eye(4))
    setting = dataclasses.replace(SETTING, imports=np.array([0.0, 0.0, 0.4, 0.0]))
    both = answering.compare(
        alone, COURSE, (options.BASELINE, LOCK), first_county(), setting=setting, days=DAYS,
        run=model.Run(runs=5, seed=1), r0=3.0,
    ).futures  # fmt: skip
    assert both[0].counted[:, :, 2].tobytes() == both[1].counted[:, :, 2].tobytes()
    assert both[0].counted[:, :, 0].tobytes() != both[1].counted[:, :, 0].tobytes()


def test_no_room_means_more_infections() -> None:
    few = dataclasses.replace(
        ROUNDS,
        name="few",
        capacities=options.Capacities(rooms=(("near", 4),)),
        isolation=dataclasses.replace(ROUNDS.isolation, home_outside=0.8),
    )
    many = dataclasses.replace(
        few, name="many", capacities=options.Capacities(rooms=(("near", 40_000),))
    )
    compared = compare(few, many)
    assert total(compared, "few", "infections") > 1.05 * total(compared, "many", "infections")
    assert total(compared, "few", "waiting") > total(compared, "many", "waiting") == 0


def test_a_restriction_ends_by_itself_after_its_clean_days_and_people_are_free() -> None:
    area = options.Area(units=("C0", "C1"), from_hour=48, strictness=0.9, release_clear_d=3)
    itself = options.Option(name="itself", areas=(area,), costs=(("person_days_locked", 1.0),))
    whole = options.Option(name="whole", areas=(LOCK.areas[0],), clear_d=3)
    compared = compare(LOCK, itself, whole, start=first_county(6), r0=0.3)
    futures = dict(zip(compared.answer.options, compared.futures, strict=True))
    for name, counties, first, people in (("itself", 2, 2, 160_000), ("whole", 4, 0, 80_000)):
        found = futures[name].counted[:, :, :counties, model.FOUND].sum(axis=2)
        locked = compared.answer.of(name, "person_days_locked")
        released = compared.answer.of(name, "p_released")
        early = 0
        for run in range(30):
            clean = [d for d in range(first + 2, DAYS) if not found[run, d - 2 : d + 1].any()]
            last = min(clean, default=DAYS)
            assert (locked[run, first : last + 1] == locked[run, first]).all()
            assert (locked[run, last + 1 :] == 0).all()
            assert (released[run] == (np.arange(DAYS) >= last)).all()
            early += last < DAYS - 1
        assert locked[0, first] == people
        assert early > 20
    assert total(compared, "itself", "cost") == total(compared, "itself", "person_days_locked")
    assert (compared.answer.of("lock", "p_released") == 0).all()


def test_a_restriction_that_can_never_end_is_one_without_an_end() -> None:
    """No case-free stretch is long enough: to the bit what the same area is without a release."""
    never = dataclasses.replace(
        LOCK, name="never", areas=(dataclasses.replace(LOCK.areas[0], release_clear_d=DAYS + 1),)
    )
    runs = compare(LOCK, never).answer.runs
    assert runs[0].tobytes() == runs[1].tobytes()


def test_contacts_wait_for_rooms_before_cases_do() -> None:
    """More people named, none of them infected: more wait, and nobody is infected by it."""
    option = dataclasses.replace(
        TRACED,
        isolation=options.Isolation(contacts="central", cases="central", days=7, home_outside=0.9),
        capacities=options.Capacities(rooms=(("near", 60),)),
    )
    few = compare(option)
    many = compare(option, setting=dataclasses.replace(SETTING, contacts_per_case=60.0))
    for name in ("infections", "detected", "severe"):
        assert (few.answer.of("traced", name) == many.answer.of("traced", name)).all()
    assert total(many, "traced", "waiting") > 2 * total(few, "traced", "waiting") > 0
    cases = many.futures[0].counted[..., model.ISOLATED].sum(axis=2)
    rooms = many.answer.of("traced", "rooms.near")
    assert (rooms <= 60).all()
    assert (rooms[cases >= 200] > 0).all()


def test_no_more_contacts_are_kept_apart_than_there_are_people() -> None:
    option = dataclasses.replace(
        TRACED, isolation=dataclasses.replace(TRACED.isolation, home_outside=1.0)
    )
    setting = dataclasses.replace(SETTING, contacts_per_case=20_000.0)
    compared = compare(option, setting=setting, start=first_county(400))
    assert compared.answer.of("traced", "rooms.room").max() <= PROVINCE.people.sum()
    newly, inside = measured.contacts(option, PROVINCE, setting, compared.futures[0])
    assert inside.max() > 0.9 * 80_000
    for day in range(7, DAYS):
        assert (newly[:, day - 6 : day + 1].sum(axis=1) <= 80_000).all()


def test_a_full_laboratory_finds_later() -> None:
    slow = dataclasses.replace(ROUNDS, name="slow", capacities=options.Capacities(lab_tubes_h=80.0))
    fast = dataclasses.replace(ROUNDS, name="fast", capacities=options.Capacities())
    compared = compare(slow, fast)
    assert total(compared, "slow", "infections") > total(compared, "fast", "infections")
    assert compared.answer.of("slow", "lab_hours").max() > 100
    assert total(compared, "slow", "tests") == total(compared, "fast", "tests")


def test_risk_falls_with_distance_and_with_closed_borders() -> None:
    baseline, shut = compare(
        options.BASELINE,
        options.Option(name="shut", areas=(options.Area(units=("C0",), kind="static"),)),
        start=first_county(3), days=12,
    ).futures  # fmt: skip
    table = risk.arrivals(PROVINCE, baseline).to_pydict()
    assert table["p_reached"][0] > 0.8
    assert table["p_reached"][1] >= table["p_reached"][2] >= table["p_reached"][3]
    assert table["first_day_q50"][0] < table["first_day_q50"][1]
    assert risk.arrivals(PROVINCE, shut)["p_reached"].to_pylist()[1:] == [0.0, 0.0, 0.0]
    assert risk.arrivals(PROVINCE, shut)["first_day_q50"].to_pylist()[1:] == [None] * 3


def test_hours_become_shares_of_days() -> None:
    assert plan.share_of_days(4, 12, 60).tolist() == [0.5, 1.0, 0.5, 0.0]
    assert plan.share_of_days(2, 30, None).tolist() == [0.0, 0.75]


def test_symptoms_find_the_share_that_seeks_care() -> None:
    """The hazard of being found competes with getting well through all stages of illness."""
    hazard = plan.by_symptoms(COURSE, SETTING)[model.ILL]
    on = len(COURSE.ill_weights) / COURSE.ill_d
    missed = (on / (on + hazard)) ** len(COURSE.ill_weights)
    assert 1 - missed == pytest.approx(SETTING.care_seeking)


def test_the_matched_course_keeps_the_disease_s_means() -> None:
    profile = np.array(SYNTHETIC.profile)
    assert COURSE.early_weight * COURSE.early_d == pytest.approx(profile[:2].sum())
    assert np.mean(COURSE.ill_weights) * COURSE.ill_d == pytest.approx(profile[2:].sum())
    assert COURSE.latent_d + COURSE.early_d == pytest.approx(
        3.4 * np.exp(0.78**2 / 2), rel=0.06
    )  # the disease cuts its incubation at 21 days


def test_what_the_model_cannot_follow_stands_on_the_answer() -> None:
    option = dataclasses.replace(LOCK, clear_d=7, tracing=options.Tracing(depth=2))
    note = compare(option, runs=2, days=3).answer.note
    assert "contacts of contacts" in note
    late = compare(LOCK, runs=2, days=9, calibrated=True, calibrated_days=5).answer
    assert "calibrated on 5" in late.note
    assert late.label == "calibrated"


def test_bad_questions_are_refused_in_a_sentence() -> None:
    empty = solve.empty_start(PROVINCE, COURSE)
    with pytest.raises(BadInput, match="Nobody is infected"):
        compare(options.BASELINE, start=empty)
    with pytest.raises(BadInput, match="XX"):
        compare(options.Option(name="x", areas=(options.Area(units=("XX",)),)))
    with pytest.raises(BadInput, match="same name"):
        compare(LOCK, LOCK)
    with pytest.raises(BadInput, match="below zero"):
        compare(options.from_dict({"name": "x", "capacities": {"rooms": {"near": -1}}}))
