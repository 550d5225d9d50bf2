"""What tracing accepts as places, aliases and rules, and what it refuses."""

from __future__ import annotations

import json
import math

import pyarrow as pa
import pytest
from trace_builders import aliases, rules

from zhongshu.engines.tracing import model
from zhongshu.kernel.errors import BadInput


def test_places_without_sub_places_are_places() -> None:
    plain = pa.table({"place": pa.array([1], pa.int32()), "kind": ["market"]})
    assert model.checked_places(plain).to_pylist() == [
        {"place": 1, "kind": "market", "parent": None, "number": None}
    ]


@pytest.mark.parametrize(
    ("merged", "code"),
    [
        ([(1, None)], "tracing.alias_blank"),
        ([(1, 5), (1, 6)], "tracing.alias_twice"),
        ([(1, 2), (2, 3)], "tracing.alias_chain"),
        ([(1, 1)], "tracing.alias_chain"),
    ],
)
def test_mergers_that_do_not_name_one_person_are_refused(
    merged: list[tuple[int, int]], code: str
) -> None:
    with pytest.raises(BadInput) as refusal:
        model.checked_aliases(aliases(*merged))
    assert refusal.value.code == code


def test_parts_cannot_be_less_than_nothing_apart() -> None:
    with pytest.raises(BadInput, match="bus") as refusal:
        rules(near_apart={"bus": -1.0})
    assert refusal.value.code == "tracing.near_apart"


def test_a_run_card_tells_the_rules_in_plain_json() -> None:
    card = rules(near_apart={"bus": math.inf}, not_read=frozenset({"cell"})).as_json()
    plain = json.loads(json.dumps(card, allow_nan=False))
    assert plain["near_apart"] == {"bus": "everybody"}
    assert plain["not_read"] == ["cell"]
    assert plain["households"] is True
