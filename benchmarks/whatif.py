"""What if: `python -m benchmarks.whatif [--only PART ...]` -> benchmarks/results/whatif.json.

    counties     the county model beside NumPy, 14 and 180 days, and five options
    epydemix     the county model beside epydemix, in an environment of its own
    calibration  how often the intervals of a calibration hold the truth of synthetic outbreaks
    headquarters the outbreak model fitted to registered cases, as the headquarters does it
    outbreak     the outbreak model, five options over 5 million people
    covasim      the outbreak model beside Covasim, in an environment of its own
    matched      the same outbreak in both: infections by day, with and without tracing
    found        how soon rounds of tests find an outbreak nobody knows of
    biweekly     the same as the publication asks it: daily, twice a week, fortnightly
    yangzhou     a published outbreak again, without its rounds of tests (some minutes)
    assumed      the same under other assumptions
    xian         another, likewise
    larger, xian-larger   the two fitted on more people
    size         the first with the same figures on more people
    fujian       a third: how long it lasts

Rows of parts that were not run stay as they are.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.cases import (
    whatif_counties,
    whatif_headquarters,
    whatif_outbreak,
    whatif_outbreak_found,
    whatif_outbreak_matched,
    whatif_published_found,
    whatif_published_rows,
)

RESULTS = Path(__file__).parent / "results" / "whatif.json"
WORKS: dict[str, Callable[[], list[dict[str, Any]]]] = {
    "counties": whatif_counties.speed,
    "epydemix": whatif_counties.against_epydemix,
    "calibration": whatif_counties.recovery,
    "headquarters": whatif_headquarters.rows,
    "outbreak": whatif_outbreak.speed,
    "covasim": whatif_outbreak.against_covasim,
    "matched": whatif_outbreak_matched.against_covasim,
    "found": whatif_outbreak_found.speed_of_finding,
    "biweekly": whatif_published_found.days_to_find,
    "yangzhou": whatif_published_rows.yangzhou,
    "assumed": whatif_published_rows.assumed,
    "xian": whatif_published_rows.xian,
    "larger": whatif_published_rows.larger,
    "xian-larger": whatif_published_rows.xian_larger,
    "size": whatif_published_rows.size,
    "fujian": whatif_published_rows.fujian,
}


def keep(found: list[dict[str, Any]]) -> None:
    """Print the rows, and write them among those known."""
    for row in found:
        print(json.dumps(row, ensure_ascii=False), flush=True)
    names = {row["name"] for row in found}
    before = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.is_file() else []
    rows = [row for row in before if row["name"] not in names] + found
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def main() -> None:
    ask = argparse.ArgumentParser()
    ask.add_argument("--only", nargs="+", choices=WORKS, default=list(WORKS))
    for part in ask.parse_args().only:
        keep(WORKS[part]())


if __name__ == "__main__":
    main()
