"""How fast a synthetic province is made: ``python -m benchmarks.world [--people 1000000]``.

Always measures 200,000 people; with ``--people`` that size as well.  Peak memory is of a process
of its own for each size.  Writes benchmarks/results/world.json.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import resource
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from zhongshu.engines.world import solve
from zhongshu.engines.world.model import Margins, WorldParams
from zhongshu.reference import read

RESULTS = Path(__file__).parent / "results" / "world.json"
DEMO = 200_000
TIMED_DAYS = 7


def margins() -> Margins:
    return Margins.from_tables(
        divisions=read.table("divisions"),
        census=read.table("census"),
        adjacency=read.table("adjacency"),
        areas=read.table("areas"),
        boundaries=read.boundary("shanxi_counties"),
        pairs=read.table("transmission_pairs"),
        zone_hosts=read.table("zone_hosts"),
    )


def measure(people: int, answer: Any) -> None:
    """Runs in a process of its own; sends the figures of one size through `answer`."""
    real = margins()
    before_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    world = solve.build(WorldParams(people=people), real)
    who, stays = np.arange(people), np.zeros(people, dtype=np.bool_)
    world.statics.visits(0, who, stays)  # compiles, or loads what was compiled before
    began = time.perf_counter()
    visits = sum(len(world.statics.visits(day, who, stays)) for day in range(TIMED_DAYS))
    generate_s = time.perf_counter() - began
    with tempfile.TemporaryDirectory() as out:
        began = time.perf_counter()
        summary = solve.run(WorldParams(people=people), real, Path(out) / "world")
        run_s = time.perf_counter() - began
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    answer.send(
        {
            "visits_per_second": visits / generate_s,
            "run_s": run_s,
            "records": summary.records,
            "peak_mb": peak_mb,
            "margins_mb": before_mb,
        }
    )


def apart(people: int) -> dict[str, float]:
    """`measure` in a fresh process, so that its peak memory is its own."""
    context = multiprocessing.get_context("spawn")
    receive, send = context.Pipe(duplex=False)
    process = context.Process(target=measure, args=(people, send))
    process.start()
    figures: dict[str, float] = receive.recv()
    process.join()
    return figures


def figure(
    name: str, value: float, unit: str, goal: float, *, least: bool = False
) -> dict[str, Any]:
    met = value >= goal if least else value <= goal
    return {"name": name, "value": round(value, 3), "unit": unit, "peer": None, "ratio": None,
            "goal": goal, "met": met}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, help="a second size, e.g. 1000000")
    asked = parser.parse_args()
    results = []
    for people in [DEMO] if asked.people is None else [DEMO, asked.people]:
        found, scale = apart(people), people / 1_000_000
        results += [
            figure(
                f"visits_per_second_{people}", found["visits_per_second"], "1/s", 1e6, least=True
            ),
            figure(f"run_with_feeds_{people}", found["run_s"], "s", 40 * max(1, people / DEMO)),
            figure(f"peak_memory_{people}", found["peak_mb"], "MB", 4096 * scale),
        ]
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    for line in results:
        print(f"{line['name']:32} {line['value']:>16,.1f} {line['unit']:5} goal {line['goal']:,}")


if __name__ == "__main__":
    main()
