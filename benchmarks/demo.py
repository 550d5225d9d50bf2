"""The whole demonstration, from an empty folder: ``python -m benchmarks.demo``.

Seconds of the first and the second `zhongshu demo --once` (environment and console excluded),
of the cycle alone, peak memory of the process, and what tracing found of the synthetic truth.
Writes benchmarks/results/demo.json.
"""

from __future__ import annotations

import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results" / "demo.json"
COMMAND = [sys.executable, "-m", "zhongshu.config.entry", "demo", "--once"]
STEPS = ("detect", "trace", "notices", "estimate", "zone", "isolate", "test", "supply", "propose")


def run(var: str) -> tuple[float, str]:
    """(seconds, what it printed) of one demonstration in `var`."""
    began = time.perf_counter()
    done = subprocess.run(
        COMMAND, env=os.environ | {"ZHONGSHU_VAR": var}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)
    return time.perf_counter() - began, done.stdout


def cycle_seconds(said: str) -> float:
    """The sum over the steps, as the run's own record has them."""
    return sum(float(_number(rf"│{step} *│ done *│ *([\d.]+)", said)) for step in STEPS)


def _number(pattern: str, said: str) -> str:
    found = re.search(pattern, said)
    if found is None:
        raise SystemExit(f"no {pattern} in:\n{said}")
    return found.group(1)


def row(name: str, value: float, unit: str, goal: float, *, most: bool = True) -> dict[str, Any]:
    met = value <= goal if most else value >= goal
    shown = round(value, 3)
    return {
        "name": name, "value": shown, "unit": unit, "peer": None, "ratio": None,
        "goal": goal, "met": met,
    }  # fmt: skip


def main() -> None:
    with tempfile.TemporaryDirectory() as var:
        first_s, said = run(var)
        second_s, again = run(var)
    assert "Nothing new came in" in again, again
    peak_mb = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    recall = float(_number(r"sharing a household or a recorded visit *│.*│ ([\d.]+)%", said))
    rows = [
        row("first_run", first_s, "s", 300),
        row("second_run", second_s, "s", 60),
        row("cycle", cycle_seconds(said), "s", 60),
        row("peak_memory", peak_mb, "MB", 3 * 1024),
        row("trace_recall", recall, "%", 95, most=False),
    ]
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    for one in rows:
        mark = "met" if one["met"] else "MISSED"
        print(f"{one['name']:16} {one['value']:>10} {one['unit']:4} goal {one['goal']:>6} {mark}")


if __name__ == "__main__":
    main()
