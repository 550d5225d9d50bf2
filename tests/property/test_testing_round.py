"""Whatever the villages, points and laboratories: the round is valid and its bound is one."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from zhongshu.engines.testing import chain, model, oracle, solve, validate
from zhongshu.kernel import geo
from zhongshu.kernel.time import BEIJING

START = dt.datetime(2022, 11, 8, 20, tzinfo=BEIJING)
RULES = model.RoundRules(
    round_h=24,
    people_per_point_max=3000,
    per_desk_h=75,
    setup_h=5,
    sampling_h=8,
    pool_size=10,
    pool_max=20,
    walk_max_km=3,
    detour_factor=1.3,
    courier_every_h=4,
    courier_kmh=40,
    lab_turnaround_h=4,
    point_cost_km=300,
    pool_options=(5, 10, 20),
)
OPENS = START + dt.timedelta(hours=RULES.setup_h)
NO_WORDS = st.just({"word": None, "from_at": None, "until_at": None})
WORDS = st.fixed_dictionaries(
    {
        "word": st.sampled_from([None, "forbid"]),
        "from_at": st.sampled_from([None, OPENS + dt.timedelta(hours=2)]),
        "until_at": st.sampled_from(
            [None, OPENS - dt.timedelta(hours=1), OPENS + dt.timedelta(hours=4)]
        ),
    }
)
LON, LAT = st.floats(112.50, 112.56), st.floats(37.80, 37.86)


@st.composite
def areas(
    draw: st.DrawFn, *, villages: int = 20, people: int = 4000, worded: bool = False
) -> dict[str, pa.Table]:
    words = WORDS if worded else NO_WORDS

    def rows(most: int, make: Any) -> list[dict[str, Any]]:
        return [
            {"lon": draw(LON), "lat": draw(LAT), **make(n)}
            for n in range(draw(st.integers(1, most)))
        ]

    homes = rows(villages, lambda n: {"unit_code": f"V{n}", "people": draw(st.integers(0, people))})
    if people > 100 and draw(st.booleans()):
        homes[0] = {**homes[0], "lon": None}
    points = rows(
        8,
        lambda n: {
            "point_id": f"P{n}",
            "desks_max": draw(st.integers(0, 6)),
            "township": draw(st.sampled_from([None, "T1", "T2"])),
            **draw(words),
        },
    )
    for row in points if worded else []:
        able = row["desks_max"] and (row["until_at"] is None or row["until_at"] > OPENS)
        if able and row["word"] is None and draw(st.booleans()):
            row["word"] = "pin"
    labs = rows(3, lambda n: {"lab_id": f"L{n}", "tubes_per_day": draw(st.integers(0, 3000))})
    return {
        "villages": pa.Table.from_pylist(homes, schema=model.VILLAGES),
        "candidates": pa.Table.from_pylist(
            points, schema=pa.schema([*model.CANDIDATES, *model.CANDIDATE_EXTRAS])
        ),
        "labs": pa.Table.from_pylist(labs, schema=model.LABS),
    }


@settings(max_examples=80, deadline=None)
@given(st.booleans().flatmap(lambda worded: areas(worded=worded)))
def test_every_round_passes_the_independent_validator(area: dict[str, pa.Table]) -> None:
    for floor in (0, 2):
        rules = dataclasses.replace(RULES, points_per_township=floor)
        plan = solve.plan_round(**area, rules=rules, start=START)
        assert validate.check(plan, **area, rules=rules) == []


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_trying_every_siting_lies_between_bound_and_plan(data: st.DataObject) -> None:
    area = data.draw(areas(villages=2, people=3))
    area["candidates"] = area["candidates"].slice(0, 3)
    shut = data.draw(st.lists(st.sampled_from([None, "pin", "forbid"]), min_size=3, max_size=3))
    rooms = area["candidates"]["desks_max"].to_pylist()
    words = ["forbid" if w == "pin" and not room else w
             for w, room in zip(shut, rooms, strict=False)]  # fmt: skip
    at = area["candidates"].schema.get_field_index("word")
    area["candidates"] = area["candidates"].set_column(at, "word", pa.array(words, pa.string()))
    # One desk that samples 1 person an hour for 2 hours: points of at most 2 people.
    changes = {"per_desk_h": 1.0, "sampling_h": 2.0, "people_per_point_max": 2, "walk_max_km": 4.0}
    rules = model.RoundRules(**{**vars(RULES), **changes, "point_cost_km": 1.5})
    plan = solve.plan_round(**area, rules=rules, start=START)
    homes, points = area["villages"].to_pylist(), area["candidates"].to_pylist()
    km = [
        [float(geo.haversine_km(h["lon"], h["lat"], p["lon"], p["lat"])) * 1.3 for p in points]
        for h in homes
    ]
    served = {h["unit_code"]: 0 for h in homes}
    for row in plan.walks.to_pylist():
        served[row["unit_code"]] += row["people"]
    everybody = [h["people"] for h in homes]
    sizes = [min(2, 2 * p["desks_max"]) * (p["word"] != "forbid") for p in points]
    limits = {
        "walk_max_km": rules.walk_max_km,
        "point_cost_km": rules.point_cost_km,
        "pinned": [p["word"] == "pin" for p in points],
    }
    left, _ = oracle.best_siting(everybody, sizes, km, **limits)
    assert sum(plan.unserved["people"].to_pylist()) == left
    none, cost = oracle.best_siting(list(served.values()), sizes, km, **limits)
    assert none == 0
    assert cost <= plan.value + 1e-6
    assert plan.bound <= cost + 1e-6


@settings(max_examples=40, deadline=None)
@given(
    people=st.lists(st.integers(1, 3000), min_size=1, max_size=6),
    per_hour=st.integers(50, 2000),
    km=st.floats(1, 60),
)
@example(people=[347], per_hour=57, km=4.0)
def test_a_laboratory_run_minute_by_minute_agrees(
    people: list[int], per_hour: int, km: float
) -> None:
    count = np.array(people)
    labs = chain.Labs(np.array([float(per_hour)]), np.full((len(count), 1), km))
    run = chain.run(count, np.full(len(count), 4), labs, RULES, pool_size=10)
    batches = [
        (leave + km / RULES.courier_kmh, tubes)
        for n, c in zip(run.tubes, run.closes_h, strict=True)
        for leave, tubes in chain.pickups(int(n), float(c), RULES)
    ]
    slow = oracle.last_result_h(batches, tubes_per_hour=per_hour, turnaround_h=4)
    # The twin may lose a minute whenever the laboratory waits for the next courier, and at the end.
    assert run.finish_h == pytest.approx(slow, abs=(len(batches) + 1) / 60)


@settings(max_examples=40, deadline=None)
@given(areas())
def test_the_95_percent_walk_is_that_of_lining_everybody_up(area: dict[str, pa.Table]) -> None:
    plan = solve.plan_round(**area, rules=RULES, start=START)
    walks = [(row["walk_km"], row["people"]) for row in plan.walks.to_pylist()]
    if walks:
        assert plan.walk_p95_km == pytest.approx(oracle.walk_share_km(walks, 0.95))


@settings(max_examples=30, deadline=None)
@given(areas())
def test_larger_pools_never_need_more_tubes(area: dict[str, pa.Table]) -> None:
    table = solve.plan_round(**area, rules=RULES, start=START).alternatives.to_pylist()
    by_pool = sorted((row["pool_size"], row["tubes"]) for row in table)
    assert [tubes for _, tubes in by_pool] == sorted((t for _, t in by_pool), reverse=True)
