"""The closed loop: `python -m benchmarks.drill [--only headline|map] [--r0 4 ...]` -> drill.json.

headline: our policy against locking the county, over seeds on which nothing was developed.
map: the same over R0, share of visits recorded and sensitivity of the tests, over other seeds.
All of it is synthetic.  `ratio` is ours over the peer's; the goal is a ratio no larger.
Parts that are not run keep their lines; what is run is written as it comes.
"""

from __future__ import annotations

import argparse
import dataclasses
import itertools
import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from zhongshu.cli import worldbuild
from zhongshu.engines.world.margins import Margins
from zhongshu.service.drills import facade as drills
from zhongshu.service.drills.facade import Scenario, Score

RESULTS = Path(__file__).parent / "results" / "drill.json"
DEVELOPED_ON = range(101, 121)  # the policy was chosen on these; never scored
UNSEEN = range(621, 641)
MAP_SEEDS = range(701, 704)
COUNTY = Scenario(people=20_000)
OURS, LOCK, LOCK_TRACED = "ours", "county-lockdown", "county-lockdown-traced"
POLICIES = (OURS, LOCK, LOCK_TRACED, "trace-only")
R0, COVERAGE, SENSITIVITY = (2.0, 4.0, 8.0), (0.5, 0.75, 1.0), (0.7, 0.95)
INFECTIONS, PERSON_DAYS = 1.0, 0.1  # goals: ours over locking the county
PARTS = ("headline", "map")
HEADLINE, MAP = "drill ", "drill-map"  # how the lines of a part begin

Line = dict[str, Any]
Scores = dict[str, list[Score]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=PARTS)
    parser.add_argument("--r0", type=float, nargs="*", default=R0, help="of the map, one by one")
    asked = parser.parse_args()
    margins = worldbuild.margins()
    if asked.only in (None, "headline"):
        put(headline(margins), instead_of=HEADLINE)
    if asked.only in (None, "map"):
        for cell in itertools.product(asked.r0, COVERAGE, SENSITIVITY):
            title = cell_title(*cell)
            put(map_cell(margins, *cell), instead_of=f"{title}:")


def put(lines: list[Line], *, instead_of: str) -> None:
    """Writes lines in the place of those whose names begin so."""
    for line in lines:
        print(*(line[key] for key in ("name", "value", "unit", "peer", "ratio", "goal", "met")))
    old = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else []
    kept = [line for line in old if not line["name"].startswith(instead_of)]
    told = sorted(kept + lines, key=lambda line: str(line["name"]).startswith(MAP))
    RESULTS.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
    print(end="", flush=True)


def scored(
    scenario: Scenario, margins: Margins, names: Sequence[str], seeds: Sequence[int]
) -> Scores:
    found: Scores = {name: [] for name in names}
    chosen = [drills.named(name) for name in names]
    for score in drills.run(scenario, margins, policies=chosen, seeds=seeds):
        found[score.policy].append(score)
    return found


def headline(margins: Margins) -> list[Line]:
    began = time.perf_counter()
    scores = scored(COUNTY, margins, POLICIES, UNSEEN)
    spent = time.perf_counter() - began
    title = f"drill {len(UNSEEN)} unseen seeds"
    lines = [
        line
        for peer in (LOCK, LOCK_TRACED)
        for line in (
            *against(f"{title}, ours by {peer}", scores, peer),
            difference(f"{title}, ours less {peer}", scores, peer),
        )
    ]
    for name in POLICIES:
        lines += told(f"{title}, {name}", scores[name])
    lines.append(row(f"{title}, {len(POLICIES)} policies, time", spent, "s"))
    return lines


def cell_title(r0: float, coverage: float, sensitivity: float) -> str:
    seeds = f"seeds {MAP_SEEDS[0]} to {MAP_SEEDS[-1]}"
    return f"{MAP} {seeds}, R0 {r0:g}, coverage {coverage:.0%}, sensitivity {sensitivity:g}"


def map_cell(margins: Margins, r0: float, coverage: float, sensitivity: float) -> list[Line]:
    scenario = dataclasses.replace(COUNTY, r0=r0, coverage=coverage, sensitivity=sensitivity)
    scores = scored(scenario, margins, (OURS, LOCK), MAP_SEEDS)
    title = cell_title(r0, coverage, sensitivity)
    return [*against(title, scores, LOCK), difference(f"{title}: ours less {LOCK}", scores, LOCK)]


def against(title: str, scores: Scores, peer: str) -> list[Line]:
    """Infections and person-days of ours by those of the peer; means over the seeds."""
    lines = []
    for figure, unit, goal in (
        ("infections", "persons", INFECTIONS),
        ("person_days", "person-days", PERSON_DAYS),
    ):
        mine, theirs = mean(scores[OURS], figure), mean(scores[peer], figure)
        ratio = mine / theirs
        lines.append(
            row(f"{title}: {figure}", mine, unit)
            | {"peer": round(theirs, 1), "ratio": round(ratio, 3)}
            | {"goal": goal, "met": ratio <= goal}
        )
    return lines


def difference(title: str, scores: Scores, peer: str) -> Line:
    """Mean of the paired differences in infections, its 95 % interval in the name."""
    found = drills.paired(scores[OURS], scores[peer], "infections")
    assert found is not None
    name = f"{title}: infections (95 % interval {found.low:.1f} to {found.high:.1f})"
    return row(name, found.mean, "persons")


def told(title: str, scores: list[Score]) -> list[Line]:
    """Every figure of a policy with its interval in the name."""
    lines = []
    for figure, one in drills.summary(scores).items():
        if one is not None:
            span = f"(95 % interval {one.low:.1f} to {one.high:.1f}, {one.count} seeds)"
            lines.append(row(f"{title}: {figure} {span}", one.mean, ""))
    return lines


def mean(scores: list[Score], figure: str) -> float:
    return sum(float(getattr(score, figure)) for score in scores) / len(scores)


def row(name: str, value: float, unit: str) -> Line:
    return {"name": name, "value": round(value, 1), "unit": unit} | dict.fromkeys(
        ("peer", "ratio", "goal", "met")
    )


if __name__ == "__main__":
    main()
