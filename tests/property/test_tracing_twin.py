"""Tracing equals its readable twin on random visits."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tracing_worlds import HORIZON, PLACES, START, evening, questions, table

from zhongshu.engines.tracing import model, oracle, solve


def comparable(result: model.TraceResult) -> dict[str, list[dict[str, Any]]]:
    contacts = [row | {"reason": json.loads(row["reason"])} for row in result.contacts.to_pylist()]
    return {
        "contacts": contacts,
        "exposures": result.exposures.to_pylist(),
        "notices": result.notices.to_pylist(),
        "capped": result.capped.to_pylist(),
    }


@settings(
    max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
@given(questions())
def test_tracing_answers_what_its_readable_twin_answers(question: dict[str, Any]) -> None:
    _agree(question)


@settings(max_examples=120, deadline=None, derandomize=True)
@given(st.integers(0, 10**9))
def test_tracing_equals_its_twin_on_crowded_evenings(seed: int) -> None:
    _agree(evening(seed))


def _agree(question: dict[str, Any]) -> None:
    cases = question.pop("cases")
    fast = solve.trace(cases, threads=1, **question)
    slow = oracle.trace(cases, **question)
    assert comparable(fast) == comparable(slow)


def test_one_giant_place_where_everybody_is_at_once() -> None:
    visits = table(
        [
            {
                "person": n,
                "place": 1,
                "time_in": START + 60 * (n % 7),
                "time_out": None if n % 3 else START + 7200,
                "recorded_at": START,
            }
            for n in range(1, 120)
        ],
        model.VISITS,
    )
    cases = table(
        [
            {"case_id": n, "person": n, "window_from": START, "window_to": START + HORIZON}
            for n in (1, 2)
        ],
        model.CASES,
    )
    for heavy in (50, 500):
        question: dict[str, Any] = {
            "visits": visits,
            "places": PLACES,
            "households": model.HOUSEHOLDS.empty_table(),
            "until": dt.datetime.fromtimestamp(START + HORIZON, dt.UTC),
            "rules": model.TraceRules(
                2, 2, heavy, {"market": 10}, {"market": 60}, {"market": 600},
                {"market": "M", "household": "H"}, "2",
            ),
        }  # fmt: skip
        fast, slow = solve.trace(cases, **question), oracle.trace(cases, **question)
        assert comparable(fast) == comparable(slow)
        assert fast.contacts.num_rows == (0 if heavy == 50 else 2 * 118)
