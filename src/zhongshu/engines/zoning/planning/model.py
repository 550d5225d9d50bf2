"""What choosing zones takes and gives.

A *cell* is the smallest piece of ground that can be closed (a building, a compound, a square of a
grid); cells that one household or building spans are joined first and never parted.  The *closed*
cells fall into *zones*: their connected parts.  Two zones therefore never touch inside one unit of
the largest kind the pack allows, and no zone reaches across the border of such a unit.
Every cost is in person-days of restriction, or in what the headquarters holds equal to them.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from zhongshu.kernel.runcard import RunCard

VERSION = "2"
SECONDS = pa.timestamp("s", tz="UTC")
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

# Who and what is inside; people are residents.
COUNTS = ("people", "households", "special_needs", "shops", "clinics", "schools")

CELLS = pa.schema(
    [
        ("cell_id", pa.string()),
        ("risk", pa.float64()),  # predicted, any unit; not below zero
        ("strictness", pa.float64()),  # weight of a person-day: 1 = may not leave the home
        ("days", pa.float64()),  # expected until release, from the model
        ("named", pa.string()),  # compound, road-bounded block, village or town; nullable
        ("largest", pa.string()),  # the unit of the largest kind allowed; null: no limit
        ("present", pa.bool_()),  # closed today
        *[(name, pa.int64()) for name in COUNTS],
    ]
)
ADJACENT = pa.schema([("a", pa.string()), ("b", pa.string()), ("length_m", pa.float64())])
TOGETHER = pa.schema([("cell_id", pa.string()), ("key", pa.string())])  # a building, a household
EVIDENCE = pa.schema(
    [
        ("cell_id", pa.string()),
        ("case_id", pa.int64()),
        ("place", pa.int32()),  # null: the home
        ("time_from", SECONDS),  # of the exposure; null for a home
        ("time_to", SECONDS),
        ("confirmed_on", pa.date32()),
        ("in_quarantine", pa.bool_()),
    ]
)


@dataclasses.dataclass(frozen=True)
class Aims:
    """What is asked for; none of these figures is a default of ours.

    share: of the total risk to be covered, 0..1.  zones: at most so many.
    zone_cost: person-days charged for each zone (posts, staff, supply line).
    inside_per_m, named_per_m: person-days per metre of border between a closed and an open cell,
    through the inside of a named block and along the border of one.
    opening: added share of its own cost for a cell not closed today; closing: share of its own
    cost charged for freeing a cell closed today.  Both keep zones from flickering.
    people_per_zone, people_total, person_days: maxima, None for none.
    """

    share: float
    zones: int
    zone_cost: float
    inside_per_m: float = 0.0
    named_per_m: float = 0.0
    opening: float = 0.0
    closing: float = 0.0
    people_per_zone: float | None = None
    people_total: float | None = None
    person_days: float | None = None


@dataclasses.dataclass(frozen=True)
class Effort:
    """How hard to search.  Work limits alone give the same answer again.

    restarts x moves: of the annealing.  steps: of the bound's prices, 0 for no bound.
    nodes: of the branching after it.  seconds: of `clock` (a monotonic clock given by the door),
    after which the best found so far is returned.
    """

    seed: int = 0
    restarts: int = 2
    moves: int = 400_000
    steps: int = 200
    nodes: int = 400
    seconds: float | None = None
    clock: Callable[[], float] | None = None


@dataclasses.dataclass(frozen=True)
class Cost:
    """Person-days, by what they are for; `total` is what is minimised."""

    person_days: float
    zones: float
    border: float
    change: float

    @property
    def total(self) -> float:
        return self.person_days + self.zones + self.border + self.change


@dataclasses.dataclass(frozen=True)
class Passed:
    """A maximum that is passed: its name, the figure and the limit, and in which zone."""

    name: str  # zones | people_per_zone | people_total | person_days | largest_unit | cut_apart
    have: float
    limit: float
    zone: int | None = None


@dataclasses.dataclass(frozen=True)
class Figures:
    """What a set of closed cells costs and covers, however it was found.

    zones: cell ids of each, the riskiest zone first; inside: counts per zone in the same order.
    """

    zones: tuple[tuple[str, ...], ...]
    inside: tuple[Mapping[str, int], ...]
    risk_share: tuple[float, ...]
    person_days: tuple[float, ...]
    share: float
    cost: Cost
    passed: tuple[Passed, ...]
    opened: int
    freed: int


@dataclasses.dataclass(frozen=True)
class Reach:
    """Where the share asked for cannot be had: what can, and which maxima stand in the way.

    found: largest share found within the maxima; at_most: no zoning covers more (proven); where it
    is not below the share asked for, a zoning may exist that the search has missed.
    binding: maxima without which more was found.
    """

    found: float
    at_most: float
    binding: tuple[str, ...]


@dataclasses.dataclass(frozen=True)
class Candidate:
    """One of the zonings to run through the outbreak model; key: best | other-2 ..."""

    key: str
    closed: tuple[str, ...]
    figures: Figures
    overlap: float  # with the best: people closed in both / people closed in either


@dataclasses.dataclass(frozen=True)
class Plan:
    """The zoning of least social cost found.

    bound: no zoning within the aims costs less (None: none was computed); gap = 1 - bound / cost.
    seconds: None unless a clock was given.  candidates: the best first, at most five.
    reach: set, and `best` the furthest-reaching zoning, when the share could not be covered.
    """

    best: Figures
    bound: float | None
    gap: float | None
    candidates: tuple[Candidate, ...]
    reach: Reach | None
    seconds: float | None
    seed: int
    trace: tuple[tuple[float, float], ...]  # (seconds, cost) of each better zoning
    card: RunCard

    @property
    def words(self) -> str:
        """The gap in one phrase."""
        return "no bound" if self.gap is None else f"at most {self.gap:.1%} above the least"


def parameters(aims: Aims, effort: Effort) -> dict[str, Any]:
    """For the run card."""
    found = {
        **dataclasses.asdict(aims),
        **dataclasses.asdict(dataclasses.replace(effort, clock=None)),
    }
    del found["clock"]
    return found
