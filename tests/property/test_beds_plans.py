"""Whatever the patients and hospitals: bed plans are valid, and as good as the readable twin's."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhongshu.engines.beds import ground, model, oracle, solve, validate

ON = dt.date(2022, 11, 8)
RULES = model.BedRules(
    days=3,
    severities=("severe", "mild"),
    tiers={"severe": ("designated",), "mild": ("fangcang", "designated")},
    pools={"severe": "icu", "mild": "ward"},
    worth={"severe": 900, "mild": 300},
    course={"severe": {"mild": 0.2}, "mild": {"severe": 0.1, "home": 0.2}},
    need_tiers={"dialysis": ("designated",)},
    offered_needs=frozenset({"child"}),
    concentrated=frozenset({"severe"}),
    centre_km=25.0,
    tier_km=10.0,
    move_km=15.0,
    change_km=12.0,
    max_km=60.0,
    reserve_share=0.1,
    near=9,
)
Tables = dict[str, pa.Table]


def tables(seed: int, *, groups: int, many: int = 4) -> Tables:
    """Few hospitals with few beds, so that somebody is left out often."""
    rng = np.random.default_rng(seed)
    hospitals = [
        {
            "hospital_id": f"H{n}",
            "tier": "designated" if n < 2 else "fangcang",
            "lon": 112.5 + float(rng.uniform(0, 0.6)),
            "lat": 37.8,
            "offers": "child" if rng.random() < 0.5 else None,
        }
        for n in range(many)
    ]
    pools = [
        {
            "hospital_id": row["hospital_id"],
            "pool": pool,
            "beds": int(rng.integers(1, 6)),
            "from_on": ON + dt.timedelta(days=1) if rng.random() < 0.2 else None,
        }
        for row in hospitals
        for pool in ("ward", "icu", "dialysis")
        if pool == "ward" or row["tier"] == "designated"
    ]
    asked = [
        {
            "group": f"G{n}",
            "persons": int(rng.integers(1, 4)),
            "severity": "severe" if rng.random() < 0.3 else "mild",
            "lon": None if rng.random() < 0.1 else 112.5 + float(rng.uniform(0, 0.6)),
            "lat": 37.8,
            "needs": str(rng.choice(["child", "dialysis", ""], p=[0.2, 0.1, 0.7])) or None,
            "at_hospital": f"H{rng.integers(many)}" if rng.random() < 0.25 else None,
            "arrives_on": ON + dt.timedelta(days=int(rng.integers(0, 2))),
            "divisible": bool(rng.random() < 0.3),
        }
        for n in range(groups)
    ]
    forecast = [
        {"date": ON + dt.timedelta(days=day), "severity": s, "lon": 112.6, "lat": 37.8,
         "persons": float(rng.uniform(0, 2))}
        for day in (1, 2)
        for s in RULES.severities
    ]  # fmt: skip
    words = [
        {"group": f"G{n}", "hospital_id": f"H{rng.integers(many)}", "word": word}
        for n in range(groups)
        for word in ("declined", "before")
        if rng.random() < 0.2
    ]
    both = (("groups", asked, [*model.GROUPS, *model.GROUP_EXTRAS]),
            ("hospitals", hospitals, [*model.HOSPITALS, *model.HOSPITAL_EXTRAS]),
            ("pools", pools, [*model.POOLS, *model.POOL_EXTRAS]),
            ("forecast", forecast, model.FORECAST), ("words", words, model.WORDS))  # fmt: skip
    return {name: pa.Table.from_pylist(rows, schema=pa.schema(of)) for name, rows, of in both}


@settings(max_examples=25)
@given(st.integers(0, 10**6))
def test_a_bed_plan_is_valid_and_the_best_there_is(seed: int) -> None:
    given_ = tables(seed, groups=7)
    plan = solve.plan(**given_, rules=RULES, on=ON)
    assert validate.check(plan, **given_, rules=RULES, on=ON) == []
    best = oracle.least_total(ground.read(**given_, rules=RULES, on=ON), RULES)
    assert plan.total == pytest.approx(best, rel=1e-3, abs=1e-2)
    assert plan.total_bound <= best * (1 + 1e-6) + 1e-4


@settings(max_examples=8)
@given(st.integers(0, 10**6))
def test_many_groups_are_near_the_bound_and_keep_every_rule(seed: int) -> None:
    given_ = tables(seed, groups=260)
    plan = solve.plan(**given_, rules=RULES, on=ON)
    assert validate.check(plan, **given_, rules=RULES, on=ON) == []
    assert plan.answer.bound is not None
    assert plan.total_bound <= plan.total


def test_one_declined_request_moves_few_others() -> None:
    given_ = tables(5, groups=40, many=6) | {"words": None}
    first = solve.plan(**given_, rules=RULES, on=ON)
    lying = [row for row in first.assignments.to_pylist() if row["move"] != "waits"]
    said = [
        {"group": row["group"], "hospital_id": row["hospital_id"], "word": "before"}
        for row in lying
    ]
    said.append({**said[0], "word": "declined"})
    words = pa.Table.from_pylist(said, schema=model.WORDS)
    again = solve.plan(**given_ | {"words": words}, rules=RULES, on=ON)
    assert validate.check(again, **given_ | {"words": words}, rules=RULES, on=ON) == []
    moved = {row["group"] for row in again.assignments.to_pylist() if row["changed"]}
    assert len(moved - {lying[0]["group"]}) <= 2
