"""The watch over prices against its readable twin and the validator."""

from __future__ import annotations

import dataclasses
import datetime as dt

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from zhongshu.engines.supply.prices import model, oracle, solve, validate

ON = dt.date(2022, 11, 8)
RULES = model.PriceRules(
    week_days=7,
    week_rise=0.1,
    month_days=30,
    month_rise=0.3,
    county_above=0.25,
    least_reports=2,
    missing_days=2,
    out_days=2,
)


def tables(seed: int) -> tuple[pa.Table, pa.Table]:
    rng = np.random.default_rng(seed)
    pairs = [
        {"point_id": f"p{n}", "county_code": f"c{n % 2}", "item": item}
        for n in range(5)
        for item in ("rice", "egg")
        if rng.random() < 0.9
    ]
    reports = [
        {
            "point_id": f"p{n}",
            "item": item,
            "date": ON - dt.timedelta(days=ago),
            "yuan": None if empty and rng.random() < 0.8 else float(rng.integers(8, 14)),
            "in_stock": not empty,
        }
        for n in range(5)
        for item in ("rice", "egg")
        for ago in range(9)
        if rng.random() < 0.6
        for empty in [bool(rng.random() < 0.3)]
    ]
    return (
        pa.Table.from_pylist(pairs, schema=model.WATCHED),
        pa.Table.from_pylist(reports, schema=model.REPORTS),
    )


@given(st.integers(0, 10**6))
def test_every_alarm_and_no_other_is_raised(seed: int) -> None:
    watched, reports = tables(seed)
    made = solve.watch(watched=watched, reports=reports, rules=RULES, on=ON)
    asked = {"watched": watched, "reports": reports, "rules": RULES, "on": ON}
    assert validate.check(made, **asked) == []
    told = {
        (r["point_id"], r["item"], r["why"], round(r["value"], 6))
        for r in made.findings.to_pylist()
    }
    assert told == oracle.findings(watched.to_pylist(), reports.to_pylist(), RULES, ON)


@given(st.integers(0, 10**6))
def test_the_validator_sees_a_finding_that_was_dropped_or_bent(seed: int) -> None:
    watched, reports = tables(seed)
    made = solve.watch(watched=watched, reports=reports, rules=RULES, on=ON)
    asked = {"watched": watched, "reports": reports, "rules": RULES, "on": ON}
    rows = made.findings.to_pylist()
    if rows:
        dropped = pa.Table.from_pylist(rows[1:], schema=model.FINDINGS)
        assert validate.check(dataclasses.replace(made, findings=dropped), **asked)
        rows[0]["value"] += 5.0
        bent = pa.Table.from_pylist(rows, schema=model.FINDINGS)
        assert validate.check(dataclasses.replace(made, findings=bent), **asked)
