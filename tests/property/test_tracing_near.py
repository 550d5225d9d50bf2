"""The pairs of near places are those that the definition, read place by place, says."""

from __future__ import annotations

import itertools
import math
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhongshu.engines.tracing import model, near, oracle_stays
from zhongshu.kernel.errors import BadInput

KINDS = ("bus", "market", "school")


def rules(apart: dict[str, float]) -> model.TraceRules:
    every = dict.fromkeys(KINDS, 10.0)
    names = {kind: kind for kind in (*KINDS, "household")}
    return model.TraceRules(2, 1, 9, every, every, every, names, "2", near_apart=apart)


@st.composite
def forests(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Places in no order, each part of an earlier one or of nothing, some described twice."""
    keys = draw(st.permutations(range(12)))
    rows = []
    for at, key in enumerate(keys):
        wholes = st.sampled_from([None, *keys[:at], 99])  # 99 is not described
        for _ in range(draw(st.sampled_from([1, 1, 1, 2]))):
            rows.append(
                {
                    "place": key,
                    "kind": draw(st.sampled_from([*KINDS, "zoo", None])),
                    "parent": draw(wholes),
                    "number": draw(st.one_of(st.none(), st.integers(-2, 5))),
                }
            )
    return rows


@settings(max_examples=200, deadline=None, derandomize=True)
@given(
    forests(), st.dictionaries(st.sampled_from(KINDS), st.sampled_from([0.0, 1.0, 2.5, math.inf]))
)
def test_near_pairs_are_those_of_the_definition(
    rows: list[dict[str, Any]], apart: dict[str, float]
) -> None:
    asked = rules(apart)
    table = pa.Table.from_pylist(rows, schema=model.PLACES)
    places = oracle_stays.Places.of(rows, asked)
    keys = sorted({row["place"] for row in rows} | {99})
    expected = [
        (one, other)
        for one, other in itertools.product(keys, keys)
        if one != other and places.near(one, other)
    ]
    found = near.pairs(table, asked)
    assert found.schema == near.PAIRS
    assert list(zip(*found.to_pydict().values(), strict=True)) == expected


def test_a_place_that_is_part_of_itself_is_refused() -> None:
    rows = [
        {"place": 1, "kind": "bus", "parent": 2, "number": None},
        {"place": 2, "kind": "bus", "parent": 1, "number": None},
    ]
    with pytest.raises(BadInput, match="part of a place that is part of it") as refusal:
        near.pairs(pa.Table.from_pylist(rows, schema=model.PLACES), rules({}))
    assert refusal.value.code == "tracing.place_in_itself"
