"""Questions of one case while 2,000 visits a second arrive, each seeing all that is acknowledged.

Who appends is another thread of the asking process or another process, as in use.  Run as a
module with ROOT PEOPLE SECONDS SEED it is that other process.
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
_PAUSE_S = 0.02  # between questions
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


def plain(tracer: fast.Tracer, case: pa.Table) -> None:
    """The question of the warm rows and of their peers."""
    tracer.overlaps(case, until=made.UNTIL)


def whole(tracer: fast.Tracer, case: pa.Table) -> None:
    """With merged stays, estimated ends, scores, reasons and notices."""
    tracer.trace(case, until=made.UNTIL)


QUESTIONS = {"degree 1 overlaps": plain, "whole answer of degree 1": whole}


def ask(
    lake: HotLake,
    tracer: fast.Tracer,
    province: made.Province,
    question: Callable[[fast.Tracer, pa.Table], None],
    seconds: float,
) -> tuple[list[float], int]:
    """(how long each question took, visits that came meanwhile)."""
    took: list[float] = []
    cases = [province.cases(1, seed=seed) for seed in range(50)]
    for one in cases:  # warm
        question(tracer, one)
    before = lake.snapshot().rows
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        begin = time.perf_counter()
        question(tracer.at(lake.snapshot()), cases[len(took) % 50])
        took.append(time.perf_counter() - begin)
        time.sleep(_PAUSE_S)
    return took, lake.snapshot().rows - before


def machine(work_s: float, seconds: float) -> list[float]:
    """How long `work_s` of processor time took, asked for at the same pace: what the machine adds
    by itself."""
    took: list[float] = []
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        begin, used = time.perf_counter(), time.thread_time()
        while time.thread_time() - used < work_s:
            pass
        took.append(time.perf_counter() - begin)
        time.sleep(_PAUSE_S)
    return took


def lines(
    lake: HotLake, tracer: fast.Tracer, province: made.Province, *, seconds: float = 10
) -> list[Line]:
    """The goal holds for both questions and both ways; a run in which fewer visits came than
    should is no run."""
    found: list[Line] = []
    for n, (words, question) in enumerate(QUESTIONS.items()):  # no visit comes twice
        name = f"{province.name}, one case, {words}, p99 while"
        still, _ = ask(lake, tracer, province, question, seconds / 2)
        other = _beside_process(lake, tracer, province, question, seconds, seed=2 * n)
        own = _beside_thread(lake, tracer, province, question, seconds, seed=2 * n + 1)
        idle = machine(float(np.median(still)), seconds / 2)
        found += [
            line(f"{name} none arrive", _p99(still), "ms"),
            line(f"{name} none arrive, a loop of its median", _p99(idle), "ms"),
            below(f"{name} 2,000 visits/s arrive", _p99(other), "ms", GOAL_MS),
            below(f"{name} 2,000 visits/s arrive in the same process", _p99(own), "ms", GOAL_MS),
        ]
    return found


def _beside_thread(
    lake: HotLake,
    tracer: fast.Tracer,
    province: made.Province,
    question: Callable[[fast.Tracer, pa.Table], None],
    seconds: float,
    *,
    seed: int,
) -> list[float]:
    stop = threading.Event()
    writer = threading.Thread(
        target=arrive,
        args=(lake, province.people, lambda: not stop.is_set()),
        kwargs={"seed": seed},
    )
    writer.start()
    try:
        return _enough(*ask(lake, tracer, province, question, seconds), seconds)
    finally:
        stop.set()
        writer.join()


def _beside_process(
    lake: HotLake,
    tracer: fast.Tracer,
    province: made.Province,
    question: Callable[[fast.Tracer, pa.Table], None],
    seconds: float,
    *,
    seed: int,
) -> list[float]:
    args = [sys.executable, "-m", "benchmarks.cases.tracing_arrive", str(lake.root)]
    root = Path(__file__).parents[2]
    with subprocess.Popen(
        [*args, str(province.people), str(seconds + 4), str(seed)], cwd=root, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        other.stdout.readline()  # it has begun
        found = ask(lake, tracer, province, question, seconds)
    assert other.returncode == 0
    return _enough(*found, seconds)


def _enough(took: list[float], came: int, seconds: float) -> list[float]:
    assert came > 0.8 * A_SECOND * seconds, f"only {came} visits came in {seconds} s"
    return took


def _p99(took: list[float]) -> float:
    return float(np.quantile(took, 0.99)) * 1000


def main() -> None:
    root, people, seconds = Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
    seed = int(sys.argv[4])
    lake = HotLake(root)
    lake.snapshot()
    end = time.perf_counter() + seconds
    print("begun", flush=True)
    arrive(lake, people, lambda: time.perf_counter() < end, seed=seed)


if __name__ == "__main__":
    main()
