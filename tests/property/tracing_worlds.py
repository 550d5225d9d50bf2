"""Random visits and questions for tracing: evenings over midnight, with floors and seats.

A coarse grid makes equal times, touching stays and duplicates common; odd seconds stay possible.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
from collections.abc import Callable
from typing import Any

import pyarrow as pa
from hypothesis import strategies as st

from zhongshu.engines.tracing import model
from zhongshu.kernel.random import stream

START = int(dt.datetime(2022, 11, 1, 12, tzinfo=dt.UTC).timestamp())  # 20:00 in Beijing
HORIZON = 12 * 3600  # over midnight
KINDS = ("market", "school")
WHOLES = [1, 1, 2, 2, 3, 4]  # place 3 is of a kind without figures, place 4 is not described
PARTS = [10, 11, 12, 13, 20, 21, 110, 111, 112]  # of 1, of 2, of 11
Pick = Callable[..., Any]  # one of its arguments


def world(pick: Pick, *, parts: bool) -> dict[str, Any]:
    """The tables and rules about places, kinds and pseudonyms; `parts`: with sub-places."""
    rows: list[dict[str, Any]] = [
        {"place": 1, "kind": "market"},
        {"place": 2, "kind": "school"},
        {"place": 3, "kind": "zoo"},
    ]
    for place in PARTS if parts else []:
        whole = place // 10
        # once in a while a part is of another kind than its whole, or not described at all
        kind = pick(*("school" if place in (2, 20, 21) else "market",) * 5, "school", "zoo")
        number = pick(place % 10, place % 10, place % 10, None)
        if pick(True, True, True, True, True, True, True, False):
            rows.append({"place": place, "kind": kind, "parent": whole, "number": number})
    merged = pick([], [], [(2, 1)], [(5, 3), (6, 3)], [(1, 900), (4, 5)])
    return {
        "places": table(rows, model.PLACES),
        "aliases": pick(
            None, table([dict(zip(model.ALIASES.names, one, strict=True)) for one in merged],
                         model.ALIASES),
        ),
        "rules": {
            "near_apart": {kind: pick(0, 1, 1, 3, math.inf) for kind in KINDS} if parts else {},
            "not_read": pick(*(frozenset[str](),) * 5, frozenset({"zoo"}), frozenset({"school"})),
            "households": pick(True, True, True, False),
        },
    }  # fmt: skip


moments = st.one_of(
    st.integers(0, HORIZON // 600).map(lambda n: START + n * 600),
    st.integers(START, START + HORIZON),
)
persons = st.integers(1, 6)
END = START + HORIZON


@st.composite
def scans(draw: st.DrawFn, places: list[int]) -> dict[str, Any]:
    begin = draw(moments)
    length = draw(
        st.one_of(st.none(), st.sampled_from([-600, 0, 1200, 3600, 3600, 5400, 9000, 18000]))
    )
    return {
        "person": draw(persons),
        "place": draw(st.sampled_from(places)),
        "time_in": begin,
        "time_out": None if length is None else begin + length,
        "recorded_at": begin + draw(st.sampled_from([0, 0, 0, 7200])),
    }


@st.composite
def questions(draw: st.DrawFn) -> dict[str, Any]:
    """Mostly crowded evenings, so that every rule has something to bite on; empty ones too."""
    until = draw(st.one_of(st.just(END), st.just(END), moments))
    fewest = draw(st.sampled_from([0, 12, 24]))
    parts = draw(st.booleans())
    where = WHOLES + PARTS if parts else WHOLES
    given = world(lambda *values: draw(st.sampled_from(values)), parts=parts)
    windows = draw(
        st.lists(
            st.tuples(
                persons, st.one_of(st.just(START), moments), st.one_of(st.just(END), moments)
            ),
            min_size=min(fewest, 1),
            max_size=3,
        )
    )
    return {
        "visits": table(draw(st.lists(scans(where), min_size=fewest, max_size=30)), model.VISITS),
        "cases": table(
            [
                {
                    "case_id": n,
                    "person": person,
                    "window_from": min(one, other),
                    "window_to": max(one, other),
                }
                for n, (person, one, other) in enumerate(windows)
            ],
            model.CASES,
        ),
        "households": table(
            [
                {"person": person, "household": draw(st.integers(1, 3))}
                for person in draw(st.sets(persons, max_size=3))
            ],
            model.HOUSEHOLDS,
        ),
        "isolations": table(
            [
                {"person": person, "isolated_from": draw(moments)}
                for person in draw(st.sets(persons, max_size=2))
            ],
            model.ISOLATIONS,
        ),
        "until": dt.datetime.fromtimestamp(until, dt.UTC),
        **given,
        "rules": dataclasses.replace(draw(rules()), **given["rules"]),
    }


@st.composite
def rules(draw: st.DrawFn) -> model.TraceRules:
    def by_kind(values: list[float]) -> dict[str, float]:
        return {kind: draw(st.sampled_from(values)) for kind in KINDS}

    return model.TraceRules(
        window_days_before=2,
        degrees=draw(st.sampled_from([1, 2, 2])),
        heavy_place_persons=draw(st.sampled_from([1, 2, 3, 10, 10, 10])),
        min_overlap_min=by_kind([0, 10, 30]),
        imputed_stay_min=by_kind([0, 30, 90, 90]),
        max_stay_min=by_kind([60, 200]),
        rule_ids={"market": "M", "school": "S", "household": "H"},
        second_rule_id="2",
        second_min_overlap_min=draw(st.sampled_from([None, None, {}, {"school": 20.0}])),
        second_lookback_days=draw(st.sampled_from([None, 0.1])),
        second_cap_per_case=draw(st.sampled_from([None, 1, 2])),
    )


def evening(seed: int) -> dict[str, Any]:
    """A dense random evening: enough meetings for every rule to bite (Hypothesis alone prefers
    near-empty tables)."""
    rng = stream(seed, "tracing evening")

    def moment() -> int:
        grid = START + 600 * int(rng.integers(0, HORIZON // 600))
        return grid + int(rng.integers(0, 600)) * int(rng.random() < 0.2)

    def pick(*values: Any) -> Any:
        return values[int(rng.integers(0, len(values)))]

    people = int(rng.integers(6, 20))
    parts = pick(True, True, False)
    where = WHOLES + PARTS if parts else WHOLES
    given = world(pick, parts=parts)
    rows = []
    for _ in range(int(rng.integers(20, 110 if parts else 60))):
        begin = moment()
        out = pick(None, -600, 0, 1200, 3600, 5400, 9000, 18000)
        rows.append(
            {
                "person": int(rng.integers(1, people + 1)),
                "place": pick(*where),
                "time_in": begin,
                "time_out": None if out is None else begin + out,
                "recorded_at": begin + pick(0, 0, 0, 0, 7200),
            }
        )
    again = [dict(row) for row in rows if rng.random() < 0.1]
    for row in again:
        row["time_out"] = pick(None, row["time_in"] + 3600)
    windows = [sorted((pick(START, moment()), pick(END, moment()))) for _ in range(3)]
    return {
        "visits": table(rows + again, model.VISITS),
        "cases": table(
            [
                {"case_id": n, "person": n + 1, "window_from": one, "window_to": other}
                for n, (one, other) in enumerate(windows[: int(rng.integers(1, 4))])
            ],
            model.CASES,
        ),
        "households": table(
            [
                {"person": person, "household": int(rng.integers(1, people))}
                for person in range(1, people, 2)
            ],
            model.HOUSEHOLDS,
        ),
        "isolations": table(
            [
                {"person": int(rng.integers(1, people + 1)), "isolated_from": moment()}
                for _ in range(2)
            ],
            model.ISOLATIONS,
        ),
        "until": dt.datetime.fromtimestamp(pick(END, END, moment()), dt.UTC),
        **given,
        "rules": model.TraceRules(
            **given["rules"],
            window_days_before=2,
            degrees=pick(1, 2, 2, 2),
            heavy_place_persons=pick(2, 4, 6, 30, 30),
            min_overlap_min={"market": pick(0, 10), "school": pick(0, 10, 30)},
            imputed_stay_min={"market": pick(0, 30, 90), "school": pick(30, 90)},
            max_stay_min={"market": pick(60, 200), "school": pick(60, 200)},
            rule_ids={"market": "M", "school": "S", "household": "H"},
            second_rule_id="2",
            second_min_overlap_min=pick(None, None, None, {}, {"school": 20.0}),
            second_lookback_days=pick(None, None, 0.1),
            second_cap_per_case=pick(None, 1, 2),
        ),
    }


def table(rows: list[dict[str, Any]], schema: pa.Schema) -> pa.Table:
    return pa.Table.from_pylist(rows, schema=schema)


PLACES = table(
    [{"place": 1, "kind": "market"}, {"place": 2, "kind": "school"}, {"place": 3, "kind": "zoo"}],
    model.PLACES,
)
