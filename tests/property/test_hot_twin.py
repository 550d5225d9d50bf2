"""Tracing over the hot index equals tracing in DuckDB and the readable twin, row by row."""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest
import tracing_worlds as worlds
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_tracing_twin import comparable

from zhongshu.engines.tracing import fast, model, oracle, solve
from zhongshu.lake.hot.hot import HotLake

SLOW = [HealthCheck.too_slow]


def hot(question: dict[str, Any], *, sealed: int) -> fast.Tracer:
    """The visits known at the moment asked: the first `sealed` rows in segments, the rest in the
    tail, in two batches."""
    known = pc.less_equal(question["visits"]["recorded_at"], pa.scalar(question["until"]))
    visits = question["visits"].filter(known)
    with tempfile.TemporaryDirectory() as folder:
        lake = HotLake(Path(folder))
        lake.seal(visits.slice(0, sealed))
        rest = visits.slice(sealed)
        half = rest.num_rows // 2
        for batch in (rest.slice(0, half), rest.slice(half)):
            if batch.num_rows:
                lake.append(batch)
        snapshot = lake.snapshot()
        return fast.prepare(
            snapshot,
            places=question["places"],
            households=question["households"],
            aliases=question["aliases"],
            rules=question["rules"],
            threads=1,
        )


def _agree(question: dict[str, Any], *, sealed: int, against: Any) -> None:
    tracer = hot(question, sealed=sealed)
    found = tracer.trace(
        question["cases"], until=question["until"], isolations=question["isolations"]
    )
    given_ = {name: value for name, value in question.items() if name != "cases"}
    known = against.trace(question["cases"], **given_)
    for name in ("contacts", "exposures", "notices", "capped"):
        assert getattr(found, name).schema == getattr(model, name.upper())
    assert comparable(found) == comparable(known)
    if against is solve:
        crowded = "crowded_stays_left_out"
        assert found.card.parameters[crowded] == known.card.parameters[crowded]


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=SLOW)
@given(worlds.questions(), st.sampled_from([1000, 1000, 10, 0]))
def test_the_hot_index_answers_what_the_readable_twin_answers(
    question: dict[str, Any], sealed: int
) -> None:
    _agree(question, sealed=sealed, against=oracle)


@settings(max_examples=120, deadline=None, derandomize=True)
@given(st.integers(0, 10**9), st.sampled_from([1000, 1000, 20, 0]))
def test_the_hot_index_equals_the_twin_on_crowded_evenings(seed: int, sealed: int) -> None:
    _agree(worlds.evening(seed), sealed=sealed, against=oracle)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(st.integers(0, 10**9))
def test_the_hot_index_equals_duckdb_on_crowded_evenings(seed: int) -> None:
    _agree(worlds.evening(seed), sealed=1000, against=solve)


@pytest.mark.parametrize("heavy", [50, 500])
def test_one_giant_place_over_midnight_with_empty_days_around(heavy: int) -> None:
    late = worlds.START + 3 * 3600
    scans = [
        {
            "person": n,
            "place": 1,
            "time_in": late + 60 * (n % 7),
            "time_out": None if n % 3 else late + 7200,
            "recorded_at": late,
        }
        for n in range(1, 120)
    ]
    scans += [row | {"time_in": row["time_in"] - 9 * 86_400} for row in scans[:5]]
    cases = [
        {"case_id": n, "person": n, "window_from": late - 12 * 86_400, "window_to": worlds.END}
        for n in (1, 2)
    ]
    question = worlds.evening(1) | {
        "visits": worlds.table(scans, model.VISITS),
        "cases": worlds.table(cases, model.CASES),
        "until": dt.datetime.fromtimestamp(worlds.END, dt.UTC),
        "rules": model.TraceRules(
            2, 2, heavy, {"market": 10}, {"market": 60}, {"market": 600},
            {"market": "M", "household": "H"}, "2",
        ),
    }  # fmt: skip
    for sealed in (1000, 60, 0):
        _agree(question, sealed=sealed, against=oracle)
