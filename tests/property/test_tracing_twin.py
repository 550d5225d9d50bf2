"""Tracing equals its readable twin on random visits."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pyarrow as pa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zhongshu.engines.tracing import model, oracle, solve
from zhongshu.kernel.random import stream

START = int(dt.datetime(2022, 11, 1, 12, tzinfo=dt.UTC).timestamp())  # 20:00 in Beijing
HORIZON = 12 * 3600  # over midnight
KINDS = ("market", "school")

# A coarse grid makes equal times, touching stays and duplicates common; odd seconds stay possible.
moments = st.one_of(
    st.integers(0, HORIZON // 600).map(lambda n: START + n * 600),
    st.integers(START, START + HORIZON),
)
persons = st.integers(1, 6)
END = START + HORIZON


@st.composite
def scans(draw: st.DrawFn) -> dict[str, Any]:
    begin = draw(moments)
    length = draw(
        st.one_of(st.none(), st.sampled_from([-600, 0, 1200, 3600, 3600, 5400, 9000, 18000]))
    )
    return {
        "person": draw(persons),
        "place": draw(st.sampled_from([1, 1, 2, 2, 3, 4])),  # place 4 is not described
        "time_in": begin,
        "time_out": None if length is None else begin + length,
        "recorded_at": begin + draw(st.sampled_from([0, 0, 0, 7200])),
    }


@st.composite
def questions(draw: st.DrawFn) -> dict[str, Any]:
    """Mostly crowded evenings, so that every rule has something to bite on; empty ones too."""
    until = draw(st.one_of(st.just(END), st.just(END), moments))
    fewest = draw(st.sampled_from([0, 12, 24]))
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
        "visits": _table(draw(st.lists(scans(), min_size=fewest, max_size=30)), model.VISITS),
        "cases": _table(
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
        "households": _table(
            [
                {"person": person, "household": draw(st.integers(1, 3))}
                for person in draw(st.sets(persons, max_size=3))
            ],
            model.HOUSEHOLDS,
        ),
        "isolations": _table(
            [
                {"person": person, "isolated_from": draw(moments)}
                for person in draw(st.sets(persons, max_size=2))
            ],
            model.ISOLATIONS,
        ),
        "until": dt.datetime.fromtimestamp(until, dt.UTC),
        "rules": draw(rules()),
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
    rows = []
    for _ in range(int(rng.integers(20, 60))):
        begin = moment()
        out = pick(None, -600, 0, 1200, 3600, 5400, 9000, 18000)
        rows.append(
            {
                "person": int(rng.integers(1, people + 1)),
                "place": pick(1, 1, 2, 2, 3, 4),
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
        "visits": _table(rows + again, model.VISITS),
        "cases": _table(
            [
                {"case_id": n, "person": n + 1, "window_from": one, "window_to": other}
                for n, (one, other) in enumerate(windows[: int(rng.integers(1, 4))])
            ],
            model.CASES,
        ),
        "households": _table(
            [
                {"person": person, "household": int(rng.integers(1, people))}
                for person in range(1, people, 2)
            ],
            model.HOUSEHOLDS,
        ),
        "isolations": _table(
            [
                {"person": int(rng.integers(1, people + 1)), "isolated_from": moment()}
                for _ in range(2)
            ],
            model.ISOLATIONS,
        ),
        "until": dt.datetime.fromtimestamp(pick(END, END, moment()), dt.UTC),
        "rules": model.TraceRules(
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


def _table(rows: list[dict[str, Any]], schema: pa.Schema) -> pa.Table:
    return pa.Table.from_pylist(rows, schema=schema)


PLACES = _table(
    [{"place": 1, "kind": "market"}, {"place": 2, "kind": "school"}, {"place": 3, "kind": "zoo"}],
    model.PLACES,
)


def _comparable(result: model.TraceResult) -> dict[str, list[dict[str, Any]]]:
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
    fast = solve.trace(cases, places=PLACES, threads=1, **question)
    slow = oracle.trace(cases, places=PLACES, **question)
    assert _comparable(fast) == _comparable(slow)


def test_one_giant_place_where_everybody_is_at_once() -> None:
    visits = _table(
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
    cases = _table(
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
        assert _comparable(fast) == _comparable(slow)
        assert fast.contacts.num_rows == (0 if heavy == 50 else 2 * 118)
