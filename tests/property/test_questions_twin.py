"""The reverse questions equal their readable twins, from the hot index and from a table."""

from __future__ import annotations

import dataclasses
import datetime as dt
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhongshu.engines.tracing import (
    common,
    common_oracle,
    fast,
    model,
    questions,
    questions_oracle,
    scans,
)
from zhongshu.engines.tracing.placetree import PlaceTree
from zhongshu.engines.tracing.questions_oracle import World
from zhongshu.kernel.random import stream
from zhongshu.lake.hot.hot import HotLake

START = int(dt.datetime(2022, 11, 1, 12, tzinfo=dt.UTC).timestamp())  # 20:00 in Beijing
HORIZON = 12 * 3600  # over midnight
END = START + HORIZON
# 1 a market with floors 11 and 12, a stall 121 on the second; 2 a train with rows 21 to 24;
# 3 a school; 4 nobody described; 5 a mobile-phone cell
PLACES = [
    (1, "market", None, None), (11, "market", 1, 1), (12, "market", 1, 2),
    (121, "market", 12, None), (2, "train", None, None), (21, "train", 2, 1),
    (22, "train", 2, 2), (23, "train", 2, 4), (24, "train", 2, None),
    (3, "school", None, None), (5, "cell", None, None),
]  # fmt: skip
KEYS = [1, 11, 12, 121, 2, 21, 22, 23, 24, 3, 4, 5]
AREAS = {1: 1, 2: 2, 3: 1, 11: 9, 121: 9}  # what parts say of themselves does not count


def table(schema: pa.Schema, rows: list[Any]) -> pa.Table:
    return pa.Table.from_pylist(
        [dict(zip(schema.names, row, strict=True)) for row in rows], schema=schema
    )


def moment(second: int) -> dt.datetime:
    return dt.datetime.fromtimestamp(second, dt.UTC)


def evening(seed: int, *, late: bool) -> World:
    """A dense random evening: equal times, touching stays, duplicates; late: some of it was known
    only afterwards."""
    rng = stream(seed, "questions evening")

    def pick(*values: Any) -> Any:
        return values[int(rng.integers(0, len(values)))]

    def time() -> int:
        return START + 600 * int(rng.integers(0, HORIZON // 600)) + pick(0, 0, 0, 7)

    people = int(rng.integers(3, 14))
    visits = []
    for _ in range(int(rng.integers(0, 70))):
        begun = time()
        out = pick(None, None, -600, 0, 1200, 3600, 5400, 9000, 18000)
        known = begun + (pick(0, 0, 7200) if late else 0)
        for _ in range(pick(1, 1, 1, 2)):
            visits.append(
                (int(rng.integers(1, people + 1)), pick(*KEYS), moment(begun),
                 None if out is None else moment(begun + out), moment(known))
            )  # fmt: skip
    merged = [(2, 1), (101, 3)] if pick(True, False) else []
    rules = model.TraceRules(
        window_days_before=2,
        degrees=1,
        heavy_place_persons=40,
        min_overlap_min={"market": 0, "school": 10, "train": 0},
        imputed_stay_min={"market": pick(0, 30, 90), "school": 60, "train": pick(30, 200)},
        max_stay_min={"market": pick(60, 200), "school": 120, "train": 240},
        rule_ids=dict.fromkeys(("market", "school", "train", "household"), "R"),
        second_rule_id="2",
        near_apart={"train": pick(0.0, 1.0, np.inf)},
        not_read=frozenset({"cell"}),
    )
    until = moment(time()) if late else moment(END)
    return World(
        table(model.VISITS, visits),
        table(model.PLACES, PLACES),
        table(model.ALIASES, merged),
        rules,
        until,
    )


class Asked:
    """One evening, its twin and both sources."""

    def __init__(self, seed: int, *, late: bool) -> None:
        self.world = evening(seed, late=late)
        self.tree = PlaceTree.of(self.world.places, self.world.rules)
        self.rng = stream(seed, "questions asked")
        until, aliases = self.world.until, self.world.aliases
        self.sources: list[scans.Source] = [
            scans.over_table(self.world.visits, until=until, aliases=aliases)
        ]
        if not late:
            with tempfile.TemporaryDirectory() as folder:
                lake = HotLake(Path(folder))
                lake.seal(self.world.visits)
                tracer = fast.prepare(
                    lake.snapshot(),
                    places=self.world.places,
                    households=model.HOUSEHOLDS.empty_table(),
                    rules=self.world.rules,
                    threads=1,
                )
            self.sources.append(scans.hot(tracer, until=until, aliases=aliases))

    def time(self) -> tuple[int, int]:
        one, other = (START + int(self.rng.integers(-3600, HORIZON + 3600)) for _ in range(2))
        return min(one, other), max(one, other) + 1


seeds = st.integers(0, 10**6)
EXAMPLES = settings(max_examples=120)


@EXAMPLES
@given(seed=seeds, late=st.booleans())
def test_who_was_at_a_place_equals_its_twin(seed: int, late: bool) -> None:
    asked = Asked(seed, late=late)
    begin, end = asked.time()
    keys = [key for key in KEYS if key != 5]
    places = asked.rng.choice(keys, int(asked.rng.integers(1, 3))).tolist()
    known = questions_oracle.venue(asked.world, places, begin_s=begin, end_s=end)
    for source in asked.sources:
        found = questions.venue(source, asked.tree, places, begin_s=begin, end_s=end)
        assert found.persons.to_pylist() == known.persons.to_pylist()
        assert found.stays.to_pylist() == known.stays.to_pylist()


@EXAMPLES
@given(seed=seeds, late=st.booleans())
def test_where_a_person_went_equals_its_twin(seed: int, late: bool) -> None:
    asked = Asked(seed, late=late)
    begin, end = asked.time()
    for person in (1, 3, 4):
        known = questions_oracle.timeline(asked.world, person, begin_s=begin, end_s=end)
        for source in asked.sources:
            found = questions.timeline(source, asked.tree, person, begin_s=begin, end_s=end)
            assert found.stays.to_pylist() == known.stays.to_pylist()
            assert found.gaps.to_pylist() == known.gaps.to_pylist()


@EXAMPLES
@given(
    seed=seeds, late=st.booleans(), divided=st.booleans(), least=st.sampled_from([None, None, 1, 3])
)
def test_what_cases_have_in_common_equals_its_twin(
    seed: int, late: bool, divided: bool, least: int | None
) -> None:
    asked = Asked(seed, late=late)
    persons = asked.rng.choice([1, 2, 3, 4, 5, 6, 7], int(asked.rng.integers(1, 6)), replace=False)
    windows = [asked.time() if asked.rng.random() < 0.5 else (START, END) for _ in persons]
    cases = table(
        model.CASES,
        [
            (n, person, moment(one), moment(other))
            for n, (person, (one, other)) in enumerate(zip(persons.tolist(), windows, strict=True))
        ],
    )
    areas = table(common.AREAS, list(AREAS.items())) if divided else None
    known = common_oracle.common(asked.world, cases, areas=AREAS if divided else None, least=least)
    for source in asked.sources:
        found = common.common(source, asked.tree, cases, areas=areas, least=least)
        assert (found.asked, found.seen, found.tested) == (known.asked, known.seen, known.tested)
        assert _exact(found) == _exact(known)
        for name in ("expected", "p", "p_adjusted"):
            assert found.places[name].to_pylist() == pytest.approx(known.places[name].to_pylist())
        ranked = [row["p"] for row in found.places.to_pylist()]
        assert ranked == sorted(ranked)


def _exact(answer: common.Common) -> tuple[list[Any], list[Any]]:
    """What has to agree to the last digit, whatever the order among equal chances."""
    places = answer.places.select(["place", "cases", "persons"]).to_pylist()
    visits = answer.visits.sort_by([(name, "ascending") for name in answer.visits.column_names])
    return sorted(places, key=lambda row: row["place"]), visits.to_pylist()


def test_the_evenings_bite() -> None:
    """Enough is found in them for equality to mean something."""
    worlds = [Asked(seed, late=False) for seed in range(30)]
    venues = [questions_oracle.venue(one.world, [1], begin_s=START, end_s=END) for one in worlds]
    went = [
        questions_oracle.timeline(one.world, 1, begin_s=START, end_s=END).stays for one in worlds
    ]
    assert sum(one.persons.num_rows for one in venues) > 60
    assert {row["imputed"] for one in venues for row in one.persons.to_pylist()} == {True, False}
    assert {row["doubted"] for one in went for row in one.to_pylist()} == {True, False}


@given(
    chances=st.lists(st.fractions(0, 1, max_denominator=50), min_size=1, max_size=7),
    k=st.integers(1, 7),
)
def test_the_tail_is_exact(chances: list[Any], k: int) -> None:
    if not any(chances):
        return
    known = float(common_oracle.at_least(chances, k))
    found = common.at_least(np.array([[float(one) for one in chances]]), np.array([k]))
    assert found[0] == pytest.approx(known, rel=1e-9)


@given(p=st.lists(st.floats(0, 1), max_size=30))
def test_holm_never_lowers_a_chance_and_keeps_the_order(p: list[float]) -> None:
    adjusted = common.holm(np.array(p))
    assert all(adjusted >= np.array(p))
    assert all(np.diff(adjusted[np.argsort(p, kind="stable")]) >= 0)
    if p:
        assert adjusted.min() == pytest.approx(min(1.0, min(p) * len(p)))


def test_worlds_know_what_was_recorded_late() -> None:
    late = [evening(seed, late=True) for seed in range(20)]
    assert any(
        row["recorded_at"] > world.until for world in late for row in world.visits.to_pylist()
    )
    assert dataclasses.replace(late[0]).until.tzinfo is not None
