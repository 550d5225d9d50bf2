"""How far the list depends on the clocks: the exact range, and the count over whole evenings."""

from __future__ import annotations

import itertools
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest
import tracing_worlds as worlds
from hypothesis import given, settings
from hypothesis import strategies as st
from test_hot_twin import hot

from zhongshu.engines.tracing import kernels_sensitivity, sensitivity, sensitivity_oracle
from zhongshu.kernel.errors import BadInput

STEP_S = 600
spans = st.tuples(st.integers(0, 8), st.integers(1, 8)).map(lambda s: (2 * s[0], 2 * sum(s)))


@settings(max_examples=300, deadline=None, derandomize=True)
@given(spans, spans, spans, st.integers(0, 4))
def test_the_range_of_an_overlap_is_what_moving_the_clocks_shows(
    a: tuple[int, int], b: tuple[int, int], window: tuple[int, int], off: int
) -> None:
    moved = [
        min(a[1] + one, b[1] + other, window[1]) - max(a[0] + one, b[0] + other, window[0])
        for one, other in itertools.product(range(-off, off + 1), repeat=2)
    ]
    assert kernels_sensitivity.range_of(*a, *b, *window, off) == (min(moved), max(moved))


def on_a_grid(question: dict[str, Any]) -> dict[str, Any]:
    """The same with all times at full ten minutes, so that trying clocks by five is exact."""

    def rounded(table: pa.Table, *names: str) -> pa.Table:
        for name in names:
            at = table.schema.get_field_index(name)
            seconds = pc.cast(table[name], pa.int64())
            full = pc.multiply(pc.divide(seconds, STEP_S), STEP_S)
            table = table.set_column(at, table.schema.field(at), full.cast(table.schema.types[at]))
        return table

    return question | {
        "visits": rounded(question["visits"], "time_in", "time_out", "recorded_at"),
        "cases": rounded(question["cases"], "window_from", "window_to"),
        "until": question["until"].replace(minute=0, second=0),
    }


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.integers(0, 10**9), st.sampled_from([0, 10, 20]))
def test_sure_listed_and_possible_contacts_are_those_of_the_readable_twin(
    seed: int, tolerance_min: int
) -> None:
    question = on_a_grid(worlds.evening(seed))
    tracer = hot(question, sealed=1000)
    found = sensitivity.of(
        tracer, question["cases"], until=question["until"], tolerance_min=tolerance_min
    )
    del question["isolations"]
    cases = question.pop("cases")
    twin = sensitivity_oracle.of(cases, tolerance_min=tolerance_min, step_s=STEP_S // 2, **question)
    assert found.schema == sensitivity.SENSITIVITY
    assert found.to_pylist() == twin
    contacts = tracer.trace(cases, until=question["until"]).contacts
    near = contacts.filter(pc.equal(contacts["degree"], 1))["case_id"].to_pylist()
    for row in found.to_pylist():
        assert row["sure"] <= row["listed"] <= row["possible"]
        assert row["listed"] == near.count(row["case_id"])
        if tolerance_min == 0:
            assert row["sure"] == row["possible"]


def test_a_tolerance_below_nothing_is_refused() -> None:
    question = worlds.evening(1)
    with pytest.raises(BadInput, match="less than 0") as refusal:
        sensitivity.of(
            hot(question, sealed=9), question["cases"], until=question["until"], tolerance_min=-1
        )
    assert refusal.value.code == "tracing.tolerance"
