"""A round whose laboratories have machines: every tube has a run, or is listed."""

from __future__ import annotations

import dataclasses
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.property.test_testing_round import RULES, START, areas

from zhongshu.engines.testing import model, solve, spread, validate
from zhongshu.engines.testing.labs import model as labs
from zhongshu.kernel.errors import BadInput

BY = labs.LabRules(
    due_h=24,
    late_weight=2,
    horizon_h=72,
    report_h=1,
    carry_max_h=4,
    courier_kmh=40,
    detour_factor=1.3,
)
QUICK = dataclasses.replace(RULES, pool_options=())


@settings(max_examples=15, deadline=None)
@given(areas(villages=8), st.data())
def test_every_round_with_machines_passes_the_independent_validator(
    area: dict[str, pa.Table], data: st.DataObject
) -> None:
    halls: list[dict[str, Any]] = [
        {
            **{key: row[key] for key in ("lab_id", "lon", "lat")},
            "machines": data.draw(st.integers(0, 3)),
            "batch": data.draw(st.sampled_from([24, 94])),
            "run_h": data.draw(st.sampled_from([2.0, 2.5])),
            "opens_h": data.draw(st.sampled_from([None, 8.0])),
        }
        for row in area["labs"].to_pylist()
    ]
    for row in halls:
        row["closes_h"] = None if row["opens_h"] is None else 20.0
    schema = pa.schema([*labs.LABS, *labs.LAB_EXTRAS])
    area["labs"] = pa.Table.from_pylist(halls, schema=schema)
    plan = solve.plan_round(**area, rules=QUICK, start=START, machines=BY)
    assert validate.check(plan, **area, rules=QUICK, machines=BY) == []
    assert plan.laboratories is not None
    left = sum(plan.laboratories.answer.unserved["amount"].to_pylist())
    assert plan.tubes == plan.laboratories.tubes + left
    _expected(plan)


def _expected(plan: model.RoundPlan) -> None:
    """Without chance the last result is the plan's; a slower world is never over sooner."""

    def last(*varies: float) -> spread.Expected | None:
        by = spread.Spread(*varies)
        return spread.last_result(plan, QUICK, by, start=START, seed=1, machines=BY, draws=20)

    sure, chance = last(0, 0, 0), last(0.2, 0.3, 0.1)
    if plan.finish_at is None:
        assert sure is chance is None
        return
    assert sure is not None
    assert chance is not None
    assert abs((sure.mean_at - plan.finish_at).total_seconds()) <= 2  # moments are whole seconds
    assert sure.low_at == sure.high_at
    assert chance.low_at <= chance.mean_at <= chance.high_at


@settings(max_examples=10, deadline=None)
@given(areas())
def test_the_interval_of_the_last_result_is_in_the_answer(area: dict[str, pa.Table]) -> None:
    varies = spread.Spread(0.2, 0.2, 0.1)
    plan = solve.plan_round(**area, rules=QUICK, start=START, varies=varies)
    notes = [note for note in plan.answer.notes if note.startswith("last_result_between:")]
    assert len(notes) == (plan.finish_at is not None)
    if plan.expected is not None:
        assert plan.expected.low_at <= plan.expected.mean_at <= plan.expected.high_at


def test_naming_no_machines_is_told_as_a_missing_column() -> None:
    with pytest.raises(BadInput, match="machines"):
        solve.plan_round(
            villages=pa.table({"unit_code": ["A"], "people": [1], "lon": [1.0], "lat": [1.0]}),
            candidates=pa.table({"point_id": ["P"], "lon": [1.0], "lat": [1.0], "desks_max": [1]}),
            labs=pa.table({"lab_id": ["L"], "lon": [1.0], "lat": [1.0]}),
            rules=QUICK,
            start=START,
            machines=BY,
        )
