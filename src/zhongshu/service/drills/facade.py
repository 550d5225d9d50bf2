"""What others may import: run policies over seeds, and tell what came of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from zhongshu.engines.world.margins import Margins
from zhongshu.kernel.errors import BadInput
from zhongshu.service.drills import loop
from zhongshu.service.drills.model import Decision, Policy, Proposals, Scenario, Score
from zhongshu.service.drills.policies import ALL, named
from zhongshu.service.drills.score import Interval, interval, paired, ratio, summary

__all__ = [
    "ALL",
    "Decision",
    "Interval",
    "Policy",
    "Proposals",
    "Scenario",
    "Score",
    "interval",
    "named",
    "paired",
    "ratio",
    "run",
    "seeds_of",
    "summary",
]

MOST_SEEDS = 1_000


def run(
    scenario: Scenario, margins: Margins, *, policies: Sequence[Policy], seeds: Sequence[int]
) -> Iterator[Score]:
    """The scores, seed by seed and for each seed policy by policy: every policy meets the same
    county, the same people and the same luck."""
    for seed in seeds:
        room = loop.prepare(scenario, margins, seed=seed)
        for policy in policies:
            yield loop.run(room, policy)


def seeds_of(text: str) -> tuple[int, ...]:
    """``1..20``, ``7`` or ``1,4,9..12``; refuses (BadInput) anything else."""
    try:
        found = [seed for part in text.split(",") for seed in _range(part)]
    except ValueError:
        found = []
    if not found or len(found) > MOST_SEEDS or min(found) < 0:
        raise BadInput(
            "drill.seeds",
            f"'{text}' names no seeds; write 1..20, 7 or 1,4,9..12, at most {MOST_SEEDS} of them.",
            seeds=text,
        )
    return tuple(dict.fromkeys(found))


def _range(part: str) -> range:
    first, _, last = part.partition("..")
    low, high = int(first), int(last or first)
    if high - low >= MOST_SEEDS:
        raise ValueError(part)
    return range(low, high + 1)
