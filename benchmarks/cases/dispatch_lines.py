"""A row of benchmarks/results/dispatch.json, and the check every plan passes first."""

from __future__ import annotations

from typing import Any

Line = dict[str, Any]


def line(
    name: str, value: float, unit: str, *, peer: float | None, goal: float, most: bool = True,
    note: str = "",
) -> Line:  # fmt: skip
    """most: the goal is a ceiling, else a floor, of value / peer or of the value alone."""
    measured = value if peer is None else value / peer
    met = measured <= goal if most else measured >= goal
    ratio = None if peer is None else round(measured, 4)
    base = {"name": name, "value": round(value, 3), "unit": unit}
    row = {**base, "peer": peer and round(peer, 3), "ratio": ratio, "goal": goal, "met": met}
    return {**row, "note": note} if note else row


def seen(name: str, value: float, unit: str, *, note: str) -> Line:
    """A peer's own figure: no goal."""
    base = {"name": name, "value": round(value, 3), "unit": unit, "peer": None, "ratio": None}
    return {**base, "goal": None, "met": None, "note": note}


def checked(faults: list[str]) -> None:
    if faults:
        raise SystemExit("The validator found: " + "; ".join(faults[:5]))
