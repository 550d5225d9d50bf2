"""The reverse questions on a province: who was there, where did he go, what have they in common.

`lines(tracer, province)` gives the rows for `benchmarks/results/tracing.json`; no goal is set.
"""

from __future__ import annotations

import functools
import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa

from benchmarks.cases import tracing as made
from benchmarks.cases.tracing_city import line
from zhongshu.engines.tracing import common, fast, model, questions, scans
from zhongshu.engines.tracing.placetree import PlaceTree
from zhongshu.kernel.random import stream

DAY_S, DAYS = 86_400, 7  # of exposure
UNTIL_S = int(made.UNTIL.timestamp())


def lines(tracer: fast.Tracer, province: made.Province) -> list[dict[str, Any]]:
    """Warm medians in ms, over the whole index of `tracer`."""
    source = scans.hot(tracer, until=made.UNTIL)
    tree = PlaceTree.of(province.places(), made.rules(degrees=1))
    counties = pa.table(
        {
            "place": pa.array(range(province.cities * made.CITY_PLACES), pa.int32()),
            "area": pa.array(np.repeat(np.arange(province.cities), made.CITY_PLACES), pa.int32()),
        }
    )
    rng = stream(made.SEED, "reverse questions", province.visits)
    busy = [int(city) * made.CITY_PLACES for city in rng.integers(0, province.cities, 11)]
    usual = rng.integers(0, province.cities * made.CITY_PLACES, 11).tolist()
    persons = (rng.integers(0, province.people, 11) + 1).tolist()
    hour = UNTIL_S - 3 * DAY_S - 11 * 3600

    def venue(place: int, hours: int) -> questions.Venue:
        return questions.venue(source, tree, [place], begin_s=hour, end_s=hour + hours * 3600)

    def went(person: int) -> questions.Timeline:
        begin = UNTIL_S - made.DAYS * DAY_S
        return questions.timeline(source, tree, person, begin_s=begin, end_s=UNTIL_S)

    def shared(cases: pa.Table, areas: pa.Table | None) -> common.Common:
        return common.common(source, tree, cases, areas=areas)

    five, twenty = _cases(province, 5), _cases(province, 20)
    rows: list[tuple[str, list[Callable[[], Any]]]] = [
        ("who was at a place, 2 h", [functools.partial(venue, p, 2) for p in usual]),
        ("who was at a city's busiest place, 2 h", [functools.partial(venue, p, 2) for p in busy]),
        (
            "who was at a city's busiest place, 24 h",
            [functools.partial(venue, p, 24) for p in busy],
        ),
        ("where a person went, 14 days", [functools.partial(went, p) for p in persons]),
        ("what 5 cases of a city have in common", [lambda: shared(five, counties)] * 3),
        ("what 20 cases of a city have in common", [lambda: shared(twenty, counties)] * 3),
        ("what 5 cases have in common, the province as background", [lambda: shared(five, None)]),
    ]
    return [line(f"{province.name}, {name}", _median_ms(asks), "ms") for name, asks in rows]


def _cases(province: made.Province, count: int) -> pa.Table:
    """People of the first city, with windows of seven days that end on different days."""
    rng = stream(made.SEED, "cluster", province.visits, count)
    end = UNTIL_S - rng.integers(0, 5, count) * DAY_S
    columns = [
        np.arange(count),
        rng.choice(made.CITY_PEOPLE, count, replace=False) + 1,
        pa.array(end - DAYS * DAY_S).cast(model.SECONDS),
        pa.array(end).cast(model.SECONDS),
    ]
    return pa.table(columns, schema=model.CASES)


def _median_ms(asks: list[Callable[[], Any]]) -> float:
    """Each asked once before it is timed."""
    seconds = []
    for ask in asks:
        ask()
        begin = time.perf_counter()
        ask()
        seconds.append(time.perf_counter() - begin)
    return statistics.median(seconds) * 1000
