"""Accuracy of tracing on worlds with known truth: `python -m benchmarks.accuracy`.

Several seeds; for each, the same visits are traced as they would be seen with scans missing, times
out missing and clocks wrong (`benchmarks/cases/tracing_accuracy.py`).  The shares are means over
the seeds, with the smallest and the largest.  Writes benchmarks/results/accuracy.json.  Synthetic.
"""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from benchmarks.cases import tracing_accuracy as made
from benchmarks.cases.tracing_accuracy import Score, Trouble

RESULTS = Path(__file__).parent / "results" / "accuracy.json"
SEEDS = (20221019, 7, 41)
AS_SENT = Trouble(missing=0.15, no_exit=0.3)  # what the synthetic world sends by itself
TROUBLES = (
    Trouble(),
    *(Trouble(missing=share) for share in (0.1, 0.2, 0.3, 0.5)),
    *(Trouble(no_exit=share) for share in (0.3, 1.0)),
    *(Trouble(skew_min=minutes) for minutes in (2.0, 5.0, 15.0)),
    AS_SENT,
    Trouble(missing=0.3, no_exit=0.3, skew_min=5.0),
)
Line = dict[str, Any]


def measure() -> dict[Trouble, list[tuple[list[Score], tuple[int, float]]]]:
    """What was found under each trouble, a seed at a time."""
    told: dict[Trouble, list[tuple[list[Score], tuple[int, float]]]] = {one: [] for one in TROUBLES}
    for seed in SEEDS:
        began = time.perf_counter()
        world = made.known(seed)
        real = made.truth(world)
        for trouble in TROUBLES:
            found = made.trace(world, made.seen(world, trouble), world.rules)
            told[trouble].append(
                (made.scores(world, real, found), made.infections(world, real, found))
            )
        print(f"seed {seed}: {world.cases.num_rows} cases, {real.height} true exposures, "
              f"{time.perf_counter() - began:.0f} s")  # fmt: skip
    return told


def line(name: str, values: Iterable[float], **more: Any) -> Line:
    """A row: mean over the seeds, with the ends of the range."""
    got = list(values)
    row = {"name": name, "value": round(statistics.mean(got), 4), "unit": "share"}
    ends = {"least": round(min(got), 4), "most": round(max(got), 4), "seeds": len(got)}
    return row | {"peer": None, "ratio": None, "goal": None, "met": None} | ends | more


def lines(trouble: Trouble, found: list[tuple[list[Score], tuple[int, float]]]) -> list[Line]:
    """Recall and precision over all, the infected reached, and by kind for the world as sent."""
    rows = []
    for kind in sorted({score.kind for scores, _ in found for score in scores}):
        if kind and trouble not in {TROUBLES[0], AS_SENT}:
            continue
        mine = [score for scores, _ in found for score in scores if score.kind == kind]
        of = f"{trouble.name}: {kind or 'all exposures'}"
        rows += [
            line(f"{of}, recall named", (s.named for s in mine), true=sum(s.true for s in mine)),
            line(f"{of}, recall named or told", (s.found for s in mine)),
            line(f"{of}, precision", (s.precise for s in mine), listed=sum(s.listed for s in mine)),
        ]
    pairs = sum(count for _, (count, _) in found)
    rows.append(
        line(
            f"{trouble.name}: infected by a case, named or told",
            (share for _, (_, share) in found),
            true=pairs,
        )
    )
    return rows


def main() -> None:
    rows = [row for trouble, found in measure().items() for row in lines(trouble, found)]
    for row in rows:
        print(f"{row['name']:<100} {row['value']:.1%}  ({row['least']:.1%} to {row['most']:.1%})")
    RESULTS.write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
