"""The line every figure of the epidemic engine is told in."""

from __future__ import annotations

from typing import Any


def line(name: str, value: float, unit: str, **more: Any) -> dict[str, Any]:
    """name, value and unit, with peer, ratio, goal and met, null where there are none."""
    plain: dict[str, Any] = {"peer": None, "ratio": None, "goal": None, "met": None}
    return {"name": name, "value": float(f"{value:.5g}"), "unit": unit, **(plain | more)}
