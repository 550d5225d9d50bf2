"""What every dispatch plan says of itself, whichever planner made it.

A planner takes frozen tables and gives back its own tables and an `Answer`: the value it reached,
how far that is from what is provably possible, and what was left out and why.  A plan is never
infeasible: what cannot be served is listed.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable, Mapping
from typing import Any, Protocol

import pyarrow as pa

from zhongshu.kernel.runcard import RunCard

# One row per thing left out.  constraint: a stable code, e.g. `no_free_room`; the messages put it
# into words.  amount: in the unit of the things themselves (persons, tubes, kilograms).
UNSERVED = pa.schema(
    [
        ("what", pa.string()),  # kind of thing: person, stop, cell, tube, item ...
        ("id", pa.string()),
        ("amount", pa.float64()),
        ("constraint", pa.string()),
    ]
)


@dataclasses.dataclass(frozen=True)
class Answer:
    """value: of the objective, in `unit`, for what is served; smaller is better if `least`.

    bound: no plan that serves the same can do better; None when nothing is proven.
    seconds: of wall clock.  seed: None where chance plays no part.
    notes: facts a reader of the plan should know (codes).  card: what went in.
    """

    planner: str
    value: float
    unit: str
    bound: float | None
    seconds: float
    seed: int | None
    unserved: pa.Table  # schema UNSERVED
    card: RunCard
    notes: tuple[str, ...] = ()
    least: bool = True

    @property
    def gap(self) -> float | None:
        """How far from the bound, as a share of it: 0.03 is 3 %.  None without a bound; infinite
        when the bound is 0 and the value is not."""
        if self.bound is None:
            return None
        short = self.value - self.bound if self.least else self.bound - self.value
        if abs(short) <= 1e-9 * max(1.0, abs(self.bound)):
            return 0.0
        return short / abs(self.bound) if self.bound else math.inf

    @property
    def binding(self) -> Mapping[str, float]:
        """The amount kept out by each constraint, largest first."""
        sums: dict[str, float] = {}
        for row in self.unserved.select(["constraint", "amount"]).to_pylist():
            sums[row["constraint"]] = sums.get(row["constraint"], 0.0) + row["amount"]
        return dict(sorted(sums.items(), key=lambda item: (-item[1], item[0])))

    def as_json(self) -> dict[str, Any]:
        """For a door: numbers, codes and the card; an infinite gap is null."""
        gap = self.gap
        return {
            "planner": self.planner,
            "value": self.value,
            "unit": self.unit,
            "bound": self.bound,
            "gap": gap if gap is not None and math.isfinite(gap) else None,
            "seconds": self.seconds,
            "seed": self.seed,
            "unserved": self.unserved.num_rows,
            "binding": dict(self.binding),
            "notes": list(self.notes),
            "card": self.card.as_json(),
        }


class Plan(Protocol):
    """What the six planners' results have in common; their tables are their own."""

    @property
    def answer(self) -> Answer: ...


def unserved(what: str, rows: Iterable[tuple[object, float, str]]) -> pa.Table:
    """The UNSERVED table of one kind of thing from (id, amount, constraint)."""
    listed = [
        {"what": what, "id": str(one), "amount": float(amount), "constraint": constraint}
        for one, amount, constraint in rows
    ]
    return pa.Table.from_pylist(listed, schema=UNSERVED)
