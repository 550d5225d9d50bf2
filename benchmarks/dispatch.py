"""The planners of dispatch: `python -m benchmarks.dispatch [--only PART ...]`.

    rooms      1,159 people to eight sites, against the proven bound
    transfer   500 and 3,000 homes, against the best known of ten minutes (about two minutes)
    replan     one event of each kind on the day of 500 homes
    peers      PyVRP, VROOM and OR-Tools on the day of 500 homes, the latter in environments
    testing    a round of 1,000 villages, and the points of a city of 5 million
    tours      couriers of 200 points and teams of 500 homes, against longer searches
    labs       3,000 loads on 40 laboratories, from quiet to too much
    supplies   40 goods over 14 days in 117 counties
    beds       5,000 groups of patients, with beds enough and not, against the proven bound
    teams      a week's roster of 40 and of 200 people, against the proven bound

Each line of benchmarks/results/dispatch.json: name, value, unit, peer (what it is held against),
ratio (value / peer), goal (of that ratio, or of the value where there is no peer), met.
Every plan goes through the independent validator first; a fault stops the run.  Rows of parts that
were not run stay as they are.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path

from benchmarks.cases import (
    dispatch_beds,
    dispatch_labs,
    dispatch_mile_rows,
    dispatch_rooms,
    dispatch_supplies_rows,
    dispatch_teams,
    dispatch_testing_rows,
    dispatch_testing_tours,
    dispatch_transfer,
    dispatch_transfer_peers,
)
from benchmarks.cases.dispatch_lines import Line

RESULTS = Path(__file__).parent / "results" / "dispatch.json"
WORKS: dict[str, Callable[[], list[Line]]] = {
    "rooms": dispatch_rooms.rows,
    "transfer": dispatch_transfer.rows,
    "replan": dispatch_transfer.replans,
    "peers": dispatch_transfer_peers.rows,
    "testing": dispatch_testing_rows.rows,
    "tours": dispatch_testing_tours.rows,
    "labs": dispatch_labs.rows,
    "supplies": dispatch_supplies_rows.rows,
    "mile": dispatch_mile_rows.rows,
    "beds": dispatch_beds.rows,
    "teams": dispatch_teams.rows,
}


def keep(found: list[Line]) -> None:
    """Print the rows, and write them among those known."""
    for row in found:
        print(json.dumps(row, ensure_ascii=False), flush=True)
    names = {row["name"] for row in found}
    before = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.is_file() else []
    rows = [row for row in before if row["name"] not in names] + found
    RESULTS.parent.mkdir(exist_ok=True)
    text = json.dumps(rows, indent=2, ensure_ascii=False)
    RESULTS.write_text(text + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="+", choices=WORKS, default=list(WORKS))
    for part in parser.parse_args().only:
        keep(WORKS[part]())


if __name__ == "__main__":
    main()
