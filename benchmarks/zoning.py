"""A province's day of zoning: `python -m benchmarks.zoning` -> benchmarks/results/zoning.json."""

from __future__ import annotations

import json
import time
from pathlib import Path

from benchmarks.cases import zoning as case
from zhongshu.engines.zoning import solve, validate

RESULTS = Path(__file__).parent / "results" / "zoning.json"
GOAL_S = 10.0  # a sixth of the cycle's minute


def main() -> None:
    day = case.province(cases=1500, exposures=30_000)
    began = time.perf_counter()
    result = solve.draw(**day, rules=case.RULES, on=case.ON)
    spent = time.perf_counter() - began
    tables = {name: day[name] for name in ("cases", "units", "zones")}
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
    print(line["name"], line["value"], "s,", result.areas.num_rows, "areas")
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.write_text(json.dumps([line], indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
