"""Re-checks a plan from the tables alone.  Shares no code with the solver; plain loops.

One sentence per violation; an empty list is a valid plan.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from zhongshu.engines.zoning.planning.model import Aims, Figures

Row = dict[str, Any]
ROUNDING = 1e-6


def check(
    told: Figures,
    *,
    cells: pa.Table,
    adjacent: pa.Table,
    aims: Aims,
    together: pa.Table | None = None,
    asked: bool = True,
) -> list[str]:
    """asked: the share and the maxima must be kept (not so for what was drawn by hand)."""
    rows = {row["cell_id"]: row for row in cells.to_pylist()}
    borders = adjacent.to_pylist()
    keys = together.to_pylist() if together is not None else []
    zone_of = {cell: n for n, zone in enumerate(told.zones) for cell in zone}
    faults = _contiguous(told.zones, rows, borders, keys)
    faults += _apart(zone_of, rows, borders)
    faults += _uncut(zone_of, keys)
    faults += _inside(told, rows)
    cost = _cost(zone_of, len(told.zones), rows, borders, keys=keys, aims=aims)
    if abs(cost - told.cost.total) > ROUNDING * max(1.0, cost):
        faults.append(f"the cost is {cost:.3f} and is told as {told.cost.total:.3f}")
    return faults + (_kept(told, zone_of, rows, aims) if asked else [])


def _contiguous(
    zones: Sequence[Sequence[str]], rows: dict[str, Row], borders: list[Row], keys: list[Row]
) -> list[str]:
    near: dict[str, set[str]] = {}
    for border in borders:
        if rows[border["a"]]["largest"] == rows[border["b"]]["largest"]:
            near.setdefault(border["a"], set()).add(border["b"])
            near.setdefault(border["b"], set()).add(border["a"])
    for one in keys:  # a building that lies in two cells is one piece
        mates = {other["cell_id"] for other in keys if other["key"] == one["key"]}
        near.setdefault(one["cell_id"], set()).update(mates)
    faults = []
    for number, zone in enumerate(zones):
        left, edge = set(zone), [zone[0]]
        left.discard(zone[0])
        while edge:
            for cell in near.get(edge.pop(), set()) & left:
                left.discard(cell)
                edge.append(cell)
        if left:
            faults.append(f"zone {number} is not in one piece")
        if len({rows[cell]["largest"] for cell in zone}) > 1:
            faults.append(f"zone {number} is larger than the largest unit allowed")
    return faults


def _apart(zone_of: dict[str, int], rows: dict[str, Row], borders: list[Row]) -> list[str]:
    faults = []
    for border in borders:
        a, b = border["a"], border["b"]
        inside = a in zone_of and b in zone_of
        if inside and zone_of[a] != zone_of[b] and rows[a]["largest"] == rows[b]["largest"]:
            faults.append(f"{a} and {b} touch and lie in two zones")
    return faults


def _uncut(zone_of: dict[str, int], keys: list[Row]) -> list[str]:
    zones: dict[str, set[int]] = {}
    for row in keys:
        zones.setdefault(row["key"], set()).add(zone_of.get(row["cell_id"], -1))
    return [f"{key} is cut apart" for key, found in zones.items() if len(found) > 1]


def _inside(told: Figures, rows: dict[str, Row]) -> list[str]:
    faults = []
    for number, (zone, counts) in enumerate(zip(told.zones, told.inside, strict=True)):
        for name, count in counts.items():
            if count != sum(rows[cell][name] or 0 for cell in zone):
                faults.append(f"zone {number} holds another number of {name} than is told")
    return faults


def _days(row: Row) -> float:
    return float((row["people"] or 0) * row["strictness"] * row["days"])


def _cost(
    zone_of: dict[str, int],
    zones: int,
    rows: dict[str, Row],
    borders: list[Row],
    *,
    keys: list[Row],
    aims: Aims,
) -> float:
    cost = aims.zone_cost * zones
    # A building counts as closed today if any of its cells is.
    present = {cell for cell, row in rows.items() if row["present"]}
    grown = True
    while grown:
        held = {row["key"] for row in keys if row["cell_id"] in present}
        more = {row["cell_id"] for row in keys if row["key"] in held} - present
        present |= more
        grown = bool(more)
    for cell, row in rows.items():
        if cell in zone_of:
            cost += _days(row) * (1 if cell in present else 1 + aims.opening)
        elif cell in present:
            cost += _days(row) * aims.closing
    for border in borders:
        a, b = border["a"], border["b"]
        if (a in zone_of) != (b in zone_of):
            along = rows[a]["named"] != rows[b]["named"]
            cost += border["length_m"] * (aims.named_per_m if along else aims.inside_per_m)
    return cost


def _kept(told: Figures, zone_of: dict[str, int], rows: dict[str, Row], aims: Aims) -> list[str]:
    faults = []
    risk = sum(row["risk"] for row in rows.values())
    share = sum(rows[cell]["risk"] for cell in zone_of) / risk
    people = [sum(rows[cell]["people"] or 0 for cell in zone) for zone in told.zones]
    days = sum(_days(rows[cell]) for cell in zone_of)
    if share < aims.share - ROUNDING:
        faults.append(f"{share:.4f} of the risk is covered, {aims.share} was asked for")
    if len(told.zones) > aims.zones:
        faults.append(f"{len(told.zones)} zones, at most {aims.zones}")
    if aims.people_per_zone is not None and max(people, default=0) > aims.people_per_zone:
        faults.append("a zone holds more people than the maximum")
    if aims.people_total is not None and sum(people) > aims.people_total:
        faults.append("the zones hold more people than the maximum")
    if aims.person_days is not None and days > aims.person_days + ROUNDING:
        faults.append("the zones take more person-days than the maximum")
    return faults
