"""One-case questions while 2,000 visits a second arrive, each seeing all that is acknowledged.

Who appends is another thread of the asking process or another process, as in use.  Run as a
module it is that other process: `python -m benchmarks.cases.tracing_arrive ROOT PEOPLE SECONDS`.
"""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa

from benchmarks.cases import tracing as made
from benchmarks.cases.tracing_lines import Line, below, line
from zhongshu.engines.tracing import fast, model
from zhongshu.lake.hot.hot import HotLake

GOAL_MS = 20
A_SECOND, BATCH = 2_000, 200
_NEW = 0.01  # of people nobody has seen
_LAST = int(made.UNTIL.timestamp()) - 1


def arrive(lake: HotLake, people: int, go_on: Callable[[], bool], *, seed: int) -> None:
    """Batches at their moment, until told to stop."""
    rng = np.random.default_rng(seed)
    begin, n = time.perf_counter(), 0
    while go_on():
        moments = pa.array(np.full(BATCH, _LAST)).cast(model.SECONDS)
        person = rng.integers(1, people, BATCH)
        person[rng.random(BATCH) < _NEW] += people
        place = rng.integers(0, 1000, BATCH).astype(np.int32)
        nothing = pa.nulls(BATCH, model.SECONDS)
        lake.append(pa.table([person, place, moments, nothing, moments], schema=model.VISITS))
        n += 1
        time.sleep(max(0.0, begin + n * BATCH / A_SECOND - time.perf_counter()))


def ask(
    lake: HotLake, tracer: fast.Tracer, province: made.Province, seconds: float
) -> tuple[list[float], int]:
    """(how long each question took, visits that came meanwhile)."""
    took: list[float] = []
    cases = [province.cases(1, seed=seed) for seed in range(50)]
    for one in cases:  # warm
        tracer.trace(one, until=made.UNTIL)
    before = lake.snapshot().rows
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        begin = time.perf_counter()
        tracer.at(lake.snapshot()).trace(cases[len(took) % 50], until=made.UNTIL)
        took.append(time.perf_counter() - begin)
        time.sleep(0.02)
    return took, lake.snapshot().rows - before


def lines(
    lake: HotLake, tracer: fast.Tracer, province: made.Province, *, seconds: float = 10
) -> list[Line]:
    """The goal holds for both ways; a run in which fewer visits came than should is no run."""
    stop = threading.Event()
    writer = threading.Thread(
        target=arrive,
        args=(lake, province.people, lambda: not stop.is_set()),
        kwargs={"seed": 1},
    )
    still, _ = ask(lake, tracer, province, seconds / 2)
    writer.start()
    try:
        thread, first = ask(lake, tracer, province, seconds)
    finally:
        stop.set()
        writer.join()
    args = [sys.executable, "-m", "benchmarks.cases.tracing_arrive", str(lake.root)]
    root = Path(__file__).parents[2]
    with subprocess.Popen(
        [*args, str(province.people), str(seconds + 4)], cwd=root, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        other.stdout.readline()  # it has begun
        process, second = ask(lake, tracer, province, seconds)
    assert other.returncode == 0
    least = 0.8 * A_SECOND * seconds
    assert min(first, second) > least, f"only {first} and {second} visits came in {seconds} s"
    name = f"{province.name}, one case, whole answer of degree 1"
    return [
        line(f"{name}, p99 while none arrive", _p99(still), "ms"),
        below(f"{name}, p99 while 2,000 visits/s arrive", _p99(process), "ms", GOAL_MS),
        below(
            f"{name}, p99 while 2,000 visits/s arrive in the same process",
            _p99(thread),
            "ms",
            GOAL_MS,
        ),
    ]


def _p99(took: list[float]) -> float:
    return float(np.quantile(took, 0.99)) * 1000


def main() -> None:
    root, people, seconds = Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
    lake = HotLake(root)
    lake.snapshot()
    end = time.perf_counter() + seconds
    print("begun", flush=True)
    arrive(lake, people, lambda: time.perf_counter() < end, seed=2)


if __name__ == "__main__":
    main()
