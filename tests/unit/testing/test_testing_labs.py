"""Laboratories in small tables: which runs, who waits, what is left and why."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from typing import Any

import pyarrow as pa
import pytest

from zhongshu.engines.testing.labs import model, solve, validate
from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.time import BEIJING

START = dt.datetime(2022, 11, 8, 8, tzinfo=BEIJING)
RULES = model.LabRules(
    due_h=24, late_weight=4, horizon_h=48, report_h=1, carry_max_h=4, courier_kmh=40,
    detour_factor=1.3,
)  # fmt: skip
LIMIT = model.Limit(moves=2000, steps=60)


def load(name: str = "B1", tubes: int = 50, hour: float = 2, lon: float | None = 112.5) -> Any:
    ready = START + dt.timedelta(hours=hour)
    return {"load": name, "lon": lon, "lat": 37.8, "tubes": tubes, "ready_at": ready}


def lab(name: str = "L1", machines: int = 1, lon: float | None = 112.5, **more: Any) -> Any:
    place = {"lab_id": name, "lon": lon, "lat": 37.8, "machines": machines}
    return place | {"batch": 94, "run_h": 2.0, "opens_h": None, "closes_h": None} | more


def plan(loads: list[Any], labs: list[Any], rules: model.LabRules = RULES) -> model.LabPlan:
    given = {
        "loads": pa.Table.from_pylist(loads, schema=model.LOADS),
        "labs": pa.Table.from_pylist(labs, schema=pa.schema([*model.LABS, *model.LAB_EXTRAS])),
    }
    made = solve.plan(**given, rules=rules, start=START, limit=LIMIT)
    assert validate.check(made, **given, rules=rules, start=START) == []
    return made


def hours(moment: dt.datetime) -> float:
    return (moment - START).total_seconds() / 3600


def test_one_load_is_run_when_it_arrives_and_that_is_proven_best() -> None:
    made = plan([load()], [lab()])
    row = made.runs.to_pylist()[0]
    assert (hours(row["starts_at"]), hours(row["ends_at"]), row["tubes"]) == (2, 4, 50)
    assert (made.mean_h, made.answer.value) == (3.0, 150.0)
    assert made.answer.gap == pytest.approx(0, abs=1e-6)
    assert made.last_at == made.last_bound_at == START + dt.timedelta(hours=5)


def test_a_single_machine_waits_for_the_tubes_that_come_soon() -> None:
    made = plan([load("B1", 10, 2.0), load("B2", 84, 2.2)], [lab()])
    assert made.runs["tubes"].to_pylist() == [94]


def test_a_machine_to_spare_starts_at_once() -> None:
    made = plan([load("B1", 10, 2.0), load("B2", 84, 2.2)], [lab(machines=2)])
    assert made.runs["tubes"].to_pylist() == [10, 84]
    assert sorted(made.runs["machine"].to_pylist()) == [1, 2]


def test_a_load_larger_than_a_run_is_divided_over_runs() -> None:
    made = plan([load(tubes=200)], [lab()])
    assert made.runs["tubes"].to_pylist() == [94, 94, 12]
    assert [hours(at) for at in made.runs["starts_at"].to_pylist()] == [2, 4, 6]


def test_a_queue_sends_tubes_to_a_farther_laboratory() -> None:
    loads = [load(f"B{n}", 94, 2.0) for n in range(4)]
    made = plan(loads, [lab("L1"), lab("L2", lon=112.8)])
    assert set(made.assigned["lab_id"].to_pylist()) == {"L1", "L2"}


def test_a_laboratory_works_within_its_hours_in_the_zone_of_the_start() -> None:
    made = plan([load(hour=10)], [lab(opens_h=8.0, closes_h=19.0)])  # 18:00: no run of 2 h fits
    assert made.runs["starts_at"].to_pylist() == [START + dt.timedelta(hours=24)]
    night = plan([load(hour=10)], [lab(opens_h=20.0, closes_h=6.0)])
    assert night.runs["starts_at"].to_pylist() == [START + dt.timedelta(hours=12)]


def test_what_is_left_is_told_with_what_binds() -> None:
    loads = [load("B1", 30, lon=None), load("B2", 40, lon=119.0), load("B3", 500)]
    rules = dataclasses.replace(RULES, horizon_h=7)
    made = plan([*loads, load("B4", 0)], [lab(), lab("L2", machines=0)], rules)
    assert made.answer.binding == {
        "no_run_before_horizon": 500 - 2 * 94,
        "no_laboratory_in_reach": 40,
        "no_coordinates": 30,
    }


def test_late_tubes_are_counted_and_dear() -> None:
    made = plan([load(tubes=94)], [lab()], dataclasses.replace(RULES, due_h=4))
    assert (made.late_tubes, made.mean_h) == (94, 3.0)
    assert made.answer.value == pytest.approx(94 * (3 + 4 * 1))


def test_where_everybody_waits_the_plan_is_still_proven_to_be_near_the_best() -> None:
    loads = [load(f"B{n:02d}", 90, 2 + n / 10) for n in range(60)]
    made = plan(loads, [lab("L1", 4), lab("L2", 4)])
    assert made.answer.gap is not None
    assert made.answer.gap < 0.1


def test_the_same_seed_gives_the_same_plan() -> None:
    loads = [load(f"B{n}", 20 + 7 * n, n * 0.4, 112.5 + n * 0.02) for n in range(12)]
    labs = [lab("L1"), lab("L2", lon=112.7), lab("L3", lon=112.6, batch=46)]
    one, two = plan(loads, labs), plan(loads, labs)
    assert one.contents == two.contents
    assert one.answer.bound == two.answer.bound
    assert json.dumps(one.answer.as_json())


def test_without_loads_or_laboratories_there_is_an_empty_plan() -> None:
    assert plan([], [lab()]).last_at is None
    assert plan([load()], []).answer.binding == {"no_laboratory_in_reach": 50}


@pytest.mark.parametrize(
    ("loads", "labs", "rules", "code"),
    [
        ([load(tubes=-1)], [lab()], RULES, "input.negative"),
        ([load(), load()], [lab()], RULES, "testing.double"),
        ([load(hour=-1)], [lab()], RULES, "testing.ready_before_start"),
        ([load()], [lab(lon=None)], RULES, "testing.no_coordinates"),
        ([load()], [lab(batch=0)], RULES, "testing.bad_machines"),
        ([load()], [lab(run_h=0.0)], RULES, "testing.bad_machines"),
        ([load()], [lab(opens_h=8.0)], RULES, "testing.bad_hours"),
        ([load()], [lab(opens_h=8.0, closes_h=25.0)], RULES, "testing.bad_hours"),
        ([load()], [lab()], dataclasses.replace(RULES, courier_kmh=0), "testing.bad_rates"),
        ([load()], [lab()], dataclasses.replace(RULES, report_h=-1), "testing.bad_rates"),
    ],
)
def test_tables_that_make_no_sense_are_refused(
    loads: list[Any], labs: list[Any], rules: model.LabRules, code: str
) -> None:
    with pytest.raises(BadInput) as refusal:
        plan(loads, labs, rules)
    assert refusal.value.code == code


def test_a_start_without_a_zone_is_refused() -> None:
    with pytest.raises(BadInput, match="time zone"):
        solve.plan(
            loads=pa.Table.from_pylist([], schema=model.LOADS),
            labs=pa.Table.from_pylist([], schema=model.LABS),
            rules=RULES,
            start=START.replace(tzinfo=None),
        )


def test_the_validator_sees_a_run_that_starts_before_its_tubes() -> None:
    made = plan([load()], [lab()])
    early = made.runs.to_pylist()
    early[0]["starts_at"] -= dt.timedelta(hours=1)
    early[0]["ends_at"] -= dt.timedelta(hours=1)
    spoilt = dataclasses.replace(made, runs=pa.Table.from_pylist(early, schema=model.RUNS))
    faults = validate.check(
        spoilt,
        loads=pa.Table.from_pylist([load()], schema=model.LOADS),
        labs=pa.Table.from_pylist([lab()], schema=model.LABS),
        rules=RULES,
        start=START,
    )
    assert any("before load B1 is there" in fault for fault in faults)


def test_the_validator_sees_a_bound_its_prices_do_not_prove() -> None:
    given = {
        "loads": pa.Table.from_pylist(
            [load(f"B{n:02d}", 90, 2 + n / 10) for n in range(30)], schema=model.LOADS
        ),
        "labs": pa.Table.from_pylist([lab("L1", 2), lab("L2", 1)], schema=model.LABS),
    }
    made = solve.plan(**given, rules=RULES, start=START, limit=LIMIT)
    assert made.answer.bound is not None
    more = dataclasses.replace(made.answer, bound=made.answer.bound * 1.001)
    told = {"a bound": dataclasses.replace(made, answer=more)}
    for factor in (0.9, 1.1):
        other = [made.prices["load"], [factor * p for p in made.prices["price_h"].to_pylist()]]
        prices = pa.table(other, schema=model.PRICES)
        told[f"prices times {factor}"] = dataclasses.replace(made, prices=prices)
    told["no prices"] = dataclasses.replace(made, prices=made.prices.slice(1))
    for what, spoilt in told.items():
        faults = validate.check(spoilt, **given, rules=RULES, start=START)
        assert any("prices" in fault for fault in faults), what


def test_of_runs_shorter_than_the_slots_of_the_bound_nothing_is_proven() -> None:
    made = plan([load()], [lab(run_h=0.02)])
    assert made.answer.bound == 0
