"""Zoning: `python -m benchmarks.zoning [--only day|planning]` -> benchmarks/results/zoning.json.

day: a province's day of zoning.  planning: zones of least social cost, see cases/zoning_plan_lines.
Parts that are not run keep their lines.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from typing import Any

from benchmarks.cases import zoning as case
from benchmarks.cases import zoning_plan_lines
from zhongshu.engines.zoning import solve, validate

RESULTS = Path(__file__).parent / "results" / "zoning.json"
GOAL_S = 10.0  # a sixth of the cycle's minute
PLANNING = "zoning-plan"  # how the lines of that part begin


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=("day", "planning"))
    only = parser.parse_args().only
    old = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else []
    lines = day() if only != "planning" else [x for x in old if not _planned(x)]
    lines += zoning_plan_lines.lines() if only != "day" else [x for x in old if _planned(x)]
    for line in lines:
        print(line["name"], line["value"], line["unit"], "goal", line["goal"], "met", line["met"])
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.write_text(json.dumps(lines, indent=2) + "\n", encoding="utf-8")


def _planned(line: dict[str, Any]) -> bool:
    return str(line["name"]).startswith(PLANNING)


def day() -> list[dict[str, Any]]:
    table = case.province(cases=1500, exposures=30_000)
    began = time.perf_counter()
    result = solve.draw(**table, rules=case.RULES, on=case.ON)
    spent = time.perf_counter() - began
    tables = {name: table[name] for name in ("cases", "units", "zones")}
    faults = validate.check(result, **tables, rules=case.RULES, on=case.ON)
    if faults:
        raise SystemExit("The validator found: " + "; ".join(faults[:5]))
    line = {
        "name": "zoning-21895-villages-1500-cases-30000-exposures time",
        "value": round(spent, 3),
        "unit": "s",
        "peer": None,
        "ratio": None,
        "goal": GOAL_S,
        "met": spent <= GOAL_S,
    }
    return [line]


if __name__ == "__main__":
    main()
