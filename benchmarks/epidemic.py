"""Rt beside EpiEstim, nowcasts and forecasts scored: `python -m benchmarks.epidemic`."""

from __future__ import annotations

import json
from pathlib import Path

from benchmarks.cases import forecast, nowcast, rt_reference, rt_today

RESULTS = Path(__file__).parent / "results" / "epidemic.json"


def main() -> None:
    rows = []
    if rt_reference.there():
        rows += rt_reference.lines()
    else:
        print("Not compared with R: install r-cran-epiestim and run this again.")
    rows += rt_today.lines() + nowcast.lines() + forecast.lines()
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n")
    for row in rows:
        print(json.dumps(row, ensure_ascii=False))


if __name__ == "__main__":
    main()
