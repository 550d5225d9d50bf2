"""Rows of benchmarks/results/tracing.json, and how long something takes."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any

from benchmarks.cases.tracing_city import line as line  # noqa: PLC0414 - for those who read this

Line = dict[str, Any]


def timed(work: Callable[[], Any], times: int) -> tuple[float, Any]:
    """(median seconds, the answer), warm."""
    work()
    seconds = []
    for _ in range(times):
        begin = time.perf_counter()
        answer = work()
        seconds.append(time.perf_counter() - begin)
    return statistics.median(seconds), answer


def against(
    name: str, ours: float, theirs: float, *, peer: str, goal: float | None, unit: str
) -> Line:
    """A row with how many times faster (or smaller) ours is, and the ratio asked for.

    Times are seconds; with unit ms they are told as such.
    """
    scale = 1000 if unit == "ms" else 1
    ratio = theirs / ours
    told = {"name": peer, "value": round(theirs * scale, 4), "same_answer": True}
    return line(
        name,
        ours * scale,
        unit,
        peer=told,
        ratio=round(ratio, 2),
        goal=goal,
        met=None if goal is None else ratio >= goal,
    )


def below(name: str, value: float, unit: str, goal: float) -> Line:
    """A row whose value has to stay below the goal."""
    return line(name, value, unit, goal=goal, met=value < goal)
